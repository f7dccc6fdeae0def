import { describe, expect, it } from '@jest/globals';
import { type ClaimView, type EvidenceView, type WouldBeApproved } from '#claims';
import { evidenceOf } from './desk.presenter.js';
import { noticesOf } from './notices.js';
import { totalsOf } from './review.presenter.js';

const claim = {
  id: 'c1',
  trainerInvoices: [
    { id: 'i1', number: 'INV-1', trainer: { name: 'A Trainer' }, lines: [{ id: 'l1' }, { id: 'l2' }] },
    { id: 'i2', number: 'INV-2', trainer: { name: 'B Trainer' }, lines: [{ id: 'l3' }] },
  ],
} as unknown as ClaimView;

const file = (id: string, over: Partial<EvidenceView> = {}): EvidenceView =>
  ({
    ...{ id, fileName: `${id}.pdf`, mediaType: 'application/pdf', size: 2_500_000, description: null },
    ...{ trainerInvoiceId: null, removedAt: null, declaredOtherwise: false },
    ...over,
  }) as EvidenceView;

describe('evidence beside the lines', () => {
  it('is that of the trainer invoice, with the first that a browser shows in a frame open', () => {
    const files = [
      file('whole'),
      file('sheet', { trainerInvoiceId: 'i1', mediaType: 'text/csv' }),
      file('first', { trainerInvoiceId: 'i1' }),
      file('second', { trainerInvoiceId: 'i1' }),
      file('picture', { trainerInvoiceId: 'i1', mediaType: 'image/png' }),
      file('other', { trainerInvoiceId: 'i2' }),
      file('gone', { trainerInvoiceId: 'i1', removedAt: '2018-04-01T00:00:00.000Z' }),
    ];
    const shown = evidenceOf(claim, files, 'i1', 'x');
    expect(shown.files.map(({ id }) => id)).toEqual(['sheet', 'first', 'second', 'picture']);
    expect([shown.open?.id, shown.images.map(({ id }) => id)]).toEqual(['first', ['picture']]);
    expect(shown.open?.href).toBe('/claims/c1/review/evidence/first');
    expect(evidenceOf(claim, files, null, 'x').files.map(({ id }) => id)).toEqual(['whole']);
  });

  it('says what a file is, and when it is not what its name says', () => {
    const [shown] = evidenceOf(
      claim,
      [file('x', { description: 'Statement', size: 900, declaredOtherwise: true })],
      null,
      '',
    ).files;
    expect(shown?.note).toBe('Statement, 1 KB, its content is not what its name says');
  });
});

describe('what is to be looked at', () => {
  it('is told with its place', () => {
    const of = (path: string) => noticesOf(claim, [{ path, message: 'm' }]).items[0];
    expect(of('trainerInvoices[0].lines[1]')).toEqual({
      ...{ text: 'm', where: 'A Trainer, invoice INV-1, line 2', href: '#line-l2' },
    });
    expect(of('trainerInvoices[1].paidOn')).toMatchObject({ where: 'B Trainer, invoice INV-2', href: '#invoice-i2' });
    expect(of('')).toMatchObject({ where: 'The whole claim', href: null });
    expect(of('trainerInvoices[7]')).toMatchObject({ where: 'The whole claim' });
  });
});

describe('what a review comes to', () => {
  const wouldBe = (over: Partial<WouldBeApproved>): WouldBeApproved => ({
    ...{ claimedPence: 57_820, approvedPence: 57_820, creditPence: 0, categories: [], releasedDays: [] },
    ...{ consequential: [], allDisallowed: false },
    ...over,
  });

  it.each([
    [{}, 'All of £578.20 would be approved.'],
    [
      { approvedPence: 50_000, creditPence: 7_820 },
      '£500.00 of £578.20 would be approved; a credit note of £78.20 covers the rest.',
    ],
    [
      { approvedPence: 0, creditPence: 57_820, allDisallowed: true },
      'Every line is disallowed: approving this review rejects the claim.',
    ],
  ])('is said in a sentence', (over, sentence) => expect(totalsOf(wouldBe(over))?.sentence).toBe(sentence));

  it('names the days that go back, and the travel that goes too', () => {
    const totals = totalsOf(wouldBe({ releasedDays: [{ label: 'Targeted', days: '1' }], consequential: ['l2'] }));
    expect(totals).toMatchObject({ days: ['1 day of Targeted'], consequence: expect.stringMatching(/^1 travel line/) });
  });
});
