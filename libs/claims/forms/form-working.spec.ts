import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { sumPence } from '#kernel';
import { claimBody, eip2Terms, facts, training, trainerInvoice, travel } from '../../../test/builders/claim-body.js';
import { calculateClaim, type ClaimBody } from '../domain/index.js';
import { blankInvoice, withLines, type FormContent } from './form-content.js';
import { workingOf } from './form-working.js';
import { typedClaim } from './typed-from-body.js';

const terms = eip2Terms();
const formOf = (body: ClaimBody): FormContent => ({
  ...{ programme: body.programme, authority: body.authority, details: typedClaim(body).details },
  invoices: typedClaim(body).invoices.map((content, at) => ({ key: `k${at}`, content })),
});
const working = (form: FormContent) => workingOf(form, terms, facts());

describe('the working of a form', () => {
  it('is the calculation’s once everything is typed (worked example 1)', () => {
    const example = claimBody([
      trainerInvoice([
        training({ trainerDays: '2', netPence: 200_000 }),
        travel(15_640, { vatRate: '20', vatPence: 3_128 }),
      ]),
    ]);
    const found = working(formOf(example));
    expect(found.totals).toMatchObject({ totalPence: 107_820, vatPence: 43_128 });
    expect(found.texts['totalPence']).toContain('= £1,078.20');
    expect(found.lines[0]!.texts).toEqual([
      '2 trainer-days × £1,000.00 (Standard day) = £2,000.00 funded, drawing 2 days of the allocation.',
      'The trainer charged £2,000.00 net and £2,000.00 is funded; they are the same, so £2,000.00 is eligible.',
    ]);
    expect(found.uncounted).toEqual([]);
  });

  it('counts what can be read, each line under its own key and number, and names what does not count', () => {
    const invoice = withLines({ ...blankInvoice(), number: 'INV-7 $&' }, [
      { kind: 'training', fields: { net: '1000' } },
      { kind: 'travel', fields: { net: '£10.50' } },
      { kind: 'travel', fields: { net: 'ten' } },
      {
        kind: 'training',
        fields: { net: '1150', category: 'targeted', rate: 'standard', deliveredOn: '12 3 18', trainerDays: '1' },
      },
      {
        kind: 'training',
        fields: { net: '1', category: 'dancing', rate: 'standard', deliveredOn: '12 3 18', trainerDays: '1' },
      },
    ]);
    const found = working({ ...formOf(claimBody([])), invoices: [{ key: 'k0', content: invoice }] });
    expect(found.lines).toMatchObject([
      { line: 'l2', number: 2, eligiblePence: 1_050, texts: [expect.stringMatching(/^£10\.50 net/)] },
      { line: 'l4', number: 4, netPence: 115_000, eligiblePence: 100_000, aboveRatePence: 15_000 },
    ]);
    expect(found.uncounted.map(({ line, number }) => `${line} ${number}`)).toEqual(['l1 1', 'l3 3', 'l5 5']);
    expect(found.totals.totalPence).toBe(50_525);
  });

  it('is nothing, not a failure, before anything is typed', () => {
    const blank = { ...formOf(claimBody([])), invoices: [{ key: 'k0', content: blankInvoice() }] };
    expect(working(blank).totals.totalPence).toBe(0);
    expect(working(formOf(claimBody([]))).totals.totalPence).toBe(0);
  });

  it('comes to what the claim of its readable lines comes to, for every form', () => {
    const amount = fc.integer({ min: 1, max: 5_000_000 });
    const line = fc.oneof(
      amount.map((netPence) => training({ netPence })),
      amount.map((pence) => travel(pence)),
    );
    fc.assert(
      fc.property(fc.array(fc.tuple(line, fc.boolean()), { minLength: 1, maxLength: 8 }), (lines) => {
        const kept = lines.filter(([, readable]) => readable).map(([each]) => each);
        const form = formOf(claimBody([trainerInvoice(lines.map(([each]) => each))]));
        const { content } = form.invoices[0]!;
        content.lines.forEach((each, at) => {
          if (!lines[at]![1]) each.net = 'not yet';
        });
        const found = working(form);
        const whole = calculateClaim(claimBody([trainerInvoice(kept)]), terms, facts());
        expect(found.totals.totalPence).toBe(whole.totalPence);
        expect(sumPence(found.lines.map(({ netPence }) => netPence))).toBe(
          sumPence(kept.map(({ netPence }) => netPence)),
        );
        expect(found.uncounted).toHaveLength(lines.length - kept.length);
      }),
    );
  });
});
