import { describe, expect, it } from '@jest/globals';
import { type ClaimView } from '#claims';
import { claimCategories, claimLines } from './claim.presenter.js';

const LABELS = new Map([
  ['targeted', 'Targeted training'],
  ['travel', 'Travel'],
]);
const figures = (netPence: number) => ({ days: '2', netPence, eligiblePence: netPence, reimbursementPence: netPence });
const line = (over: object) => ({
  ...{ id: 'l', kind: 'training', category: 'targeted', description: 'Planning', deliveredOn: ['2018-03-12'] },
  ...{ trainerDays: '2', netPence: 200_000, vatPence: 40_000, decision: null },
  ...over,
});
const claim = {
  flags: [],
  returnNotes: [],
  calculation: {
    categories: { targeted: figures(200_000), coaching: figures(0), gone: figures(5_000), travel: figures(1) },
  },
  trainerInvoices: [
    {
      ...{ trainer: { name: 'A Trainer Ltd' }, number: '1', issuedOn: '2018-03-14', paidOn: null, paymentProof: null },
      lines: [line({}), line({ category: 'gone' }), line({ kind: 'travel', category: undefined })],
    },
  ],
} as unknown as ClaimView;

describe('the categories of a claim', () => {
  it('have the programme’s names, and their codes only where no terms name them', () => {
    expect(claimCategories(claim, LABELS).rows.map(([name]) => name!.text)).toEqual([
      'Targeted training',
      'gone',
      'Travel',
    ]);
    const [invoice] = claimLines(claim, LABELS);
    expect(invoice!.table.rows.map(([what]) => what)).toEqual([
      { text: 'Planning', hint: 'Targeted training' },
      { text: 'Planning', hint: 'Training: gone' },
      { text: 'Planning', hint: 'Travel' },
    ]);
  });
});
