import { describe, expect, it } from '@jest/globals';
import { type EvidenceView, type WrittenForm } from '#claims';
import { longClaim } from '../../../test/builders/long-claim.js';
import { LINES_AT_ONCE } from '../page/index.js';
import { checkPage, errorsPlaced } from './check.presenter.js';

const form = {
  ...{ id: 'F', claimId: 'c', problems: [], invoices: [] },
  choices: {
    categories: [{ code: 'targeted', label: 'Targeted training' }],
    rates: [],
    vatRates: [],
    atCost: 'Travel',
  },
  categories: [{ code: 'targeted', label: 'Targeted training' }],
} as unknown as WrittenForm;

describe('the answers of a claim of many lines', () => {
  it('are presented by the part asked for, each step looked at once or twice', () => {
    const { claim, looks } = longClaim(50, 200);
    const page = checkPage(form, claim, { files: [], maySubmit: true, asked: '7' });
    expect(page.invoices.flatMap(({ lines }) => lines)).toHaveLength(LINES_AT_ONCE);
    expect(looks.lines).toBe(LINES_AT_ONCE);
    expect(looks.working).toBeLessThanOrEqual(2 * 20_000);
    expect([page.part, page.lineCount, page.invoiceCount]).toEqual([7, 10_000, 50]);
    expect(page.total.working).toBe('Total reimbursement.');
    expect(page.invoices[0]!.lines[0]).toMatchObject({
      number: 41,
      what: 'Targeted training',
      working: expect.arrayContaining(['How trainerInvoices[1].lines[40] comes to its eligiblePence.']),
    });
    expect(page.invoices[0]!.rows.at(-1)).toEqual({ key: 'Lines', value: '40 of its 200 lines in this part' });
  });

  it('count the files of each invoice, or those of the whole claim', () => {
    const { claim } = longClaim(2, 1);
    const file = (trainerInvoiceId: string | null) => ({ trainerInvoiceId, removedAt: null }) as EvidenceView;
    const files = [file('i0'), file('i0'), file(null)];
    const page = checkPage(form, claim, { files, maySubmit: true });
    expect(page.invoices.map(({ rows }) => rows.at(-1)!.value)).toEqual(['2 files', '1 file for the whole claim']);
    expect(page.parts).toEqual([]);
  });

  it('tell of the first problems, and how many more there are', () => {
    const problems = Array.from({ length: 1_000 }, (_, at) => ({ path: '', code: 'x', message: `No ${at}` }));
    const { claim } = longClaim(1, 1);
    const page = checkPage(
      form,
      { ...claim, calculation: { ...claim.calculation, problems } },
      { files: [], maySubmit: true },
    );
    expect([page.problems.length, page.moreProblems]).toEqual([20, 980]);
    expect(errorsPlaced(form, problems).at(-1)!.message).toBe('And 980 more, shown here once these are corrected.');
    expect(errorsPlaced(form, problems.slice(0, 20))).toHaveLength(20);
  });
});
