import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { sumPence } from '#kernel';
import { claimBody, eip2Terms, facts, training, trainerInvoice, travel } from '../../../test/builders/claim-body.js';
import { calculateClaim, reckon, type ClaimBody } from '../domain/index.js';
import { blankInvoice, withLines, type FormContent } from './form-content.js';
import { workingOf, workingOfWhole } from './form-working.js';
import { judgeable } from './judge-form.js';
import { readForm } from './read-form.js';
import { typedClaim } from './typed-from-body.js';

const terms = eip2Terms();
const formOf = (body: ClaimBody): FormContent => ({
  ...{ programme: body.programme, authority: body.authority, details: typedClaim(body).details },
  invoices: typedClaim(body).invoices.map((content, at) => ({ key: `k${at}`, content })),
});
const working = (form: FormContent) => workingOf(form, terms);

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

  it('of a whole form is that of its claim, and reads nothing of what was typed again', () => {
    const amount = fc.integer({ min: 1, max: 5_000_000 });
    const line = fc.oneof(
      amount.map((netPence) => training({ netPence })),
      amount.map((pence) => travel(pence)),
    );
    const invoices = fc.array(fc.array(line, { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 3 });
    fc.assert(
      fc.property(invoices, (lists) => {
        const form = formOf(claimBody(lists.map((lines, at) => trainerInvoice(lines, { number: `INV ${at}` }))));
        const { body, whole } = judgeable(form, readForm(form), terms);
        expect(whole).toBe(true);
        const expected = working(form);
        const reckoning = reckon(body, terms);
        for (const { content } of form.invoices) {
          for (const typed of content.lines) {
            const key = typed.key;
            for (const field of Object.keys(typed))
              if (field !== 'key')
                Object.defineProperty(typed, field, { get: () => expect(`${key} ${field}`).toBe('') });
          }
        }
        expect(workingOfWhole(form, terms, body, reckoning)).toEqual(expected);
      }),
    );
  });

  it('is not that of its claim while something is missing, or left out', () => {
    const half = formOf(claimBody([trainerInvoice([training()]), trainerInvoice([travel(1)], { number: 'INV 2' })]));
    half.invoices[1]!.content.lines[0]!.net = '';
    expect(judgeable(half, readForm(half), terms).whole).toBe(false);
    const unknown = formOf(
      claimBody([trainerInvoice([training()]), trainerInvoice([training({ category: 'dancing' })])]),
    );
    expect(judgeable(unknown, readForm(unknown), terms).whole).toBe(false);
  });
});
