import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { claimBody, eip2Terms, training, trainerInvoice, travel } from '../../../test/builders/claim-body.js';
import { deliveredBy, reimbursementByCategory, type ClaimBody } from './index.js';

const terms = eip2Terms();
const other = { trainer: { name: 'Another Ltd' } };

describe('what of a claim was delivered by a day', () => {
  const march = training({ deliveredOn: ['2018-03-12', '2018-03-13'], trainerDays: '2', netPence: 200_000 });
  const april = training({ deliveredOn: ['2018-04-12'] });
  const claim = claimBody([
    trainerInvoice([march, april, travel(1_000)]),
    trainerInvoice([training({ deliveredOn: ['2018-05-01'], vatRate: '0', vatPence: 0 }), travel(50)], other),
  ]);
  const by = (day: string) => deliveredBy(claim, day)?.trainerInvoices.map(({ lines }) => lines.length) ?? null;

  it('is training that is over, and the travel of a trainer who delivered some', () => {
    expect(by('2018-03-12')).toBeNull();
    expect(by('2018-03-13')).toEqual([2]);
    expect(by('2018-04-12')).toEqual([3]);
    expect(by('2018-05-01')).toEqual([3, 2]);
  });

  it('comes to the reimbursement of just that', () => {
    const delivered = deliveredBy(claim, '2018-03-13')!;
    expect(reimbursementByCategory(delivered, terms)).toMatchObject({ targeted: 100_000, travel: 500, coaching_qa: 0 });
  });

  it('counts travel on another invoice of the same trainer', () => {
    const apart = claimBody([trainerInvoice([march]), trainerInvoice([travel(70)], { number: 'INV-0043' })]);
    expect(deliveredBy(apart, '2018-03-13')).toEqual(apart);
  });

  it('only grows from day to day, and is all of it in the end', () => {
    const day = fc.integer({ min: 1, max: 28 }).map((at) => `2018-03-${String(at).padStart(2, '0')}`);
    const line = fc.oneof(
      fc.array(day, { minLength: 1, maxLength: 3 }).map((deliveredOn) => training({ deliveredOn })),
      fc.integer({ min: 1, max: 10_000 }).map((pence) => travel(pence)),
    );
    const body: fc.Arbitrary<ClaimBody> = fc
      .array(fc.array(line, { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 3 })
      .map((invoices) => claimBody(invoices.map((lines) => trainerInvoice([training(), ...lines]))));
    const total = (given: ClaimBody | null) =>
      given === null ? 0 : Object.values(reimbursementByCategory(given, terms)).reduce((sum, pence) => sum + pence, 0);
    fc.assert(
      fc.property(body, day, day, (claimed, one, another) => {
        const [first, second] = [one, another].sort() as [string, string];
        expect(total(deliveredBy(claimed, first))).toBeLessThanOrEqual(total(deliveredBy(claimed, second)));
        expect(deliveredBy(claimed, '2018-03-28')).toEqual(claimed);
      }),
    );
  });
});
