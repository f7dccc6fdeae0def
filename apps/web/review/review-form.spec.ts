import { describe, expect, it } from '@jest/globals';
import { type ClaimView } from '#claims';
import fc from 'fast-check';
import { Form, partOf } from '../page/index.js';
import { allAllowed, hiddenFields, placedAt, reviewOf, typedReview } from './review-form.js';

const claim = {
  trainerInvoices: [
    { id: 'i1', lines: [{ id: 'l1' }, { id: 'l2' }] },
    { id: 'i2', lines: [{ id: 'l3' }] },
  ],
} as unknown as ClaimView;
const read = (fields: Record<string, string>) => {
  const form = new Form(fields);
  const typed = typedReview(form, claim);
  return { form, typed, ...reviewOf(form, typed) };
};

describe('the form of a review', () => {
  it('names the lines to disallow, and leaves the allowed ones to be allowed', () => {
    const { input } = read({
      ...{ 'decision.l1': 'allow', 'reason.l1': ' ' },
      ...{ 'decision.l2': 'disallow', 'reason.l2': ' No ticket ' },
      ...{ 'decision.l9': 'disallow', 'reason.l9': 'of another claim' },
    });
    expect(input).toEqual({
      lines: [{ lineId: 'l2', decision: 'disallow', reason: 'No ticket' }],
      ...{ paymentProof: [], distinct: [] },
    });
  });

  it('does not pay a line for which a reason not to was typed: it asks which of the two is meant', () => {
    const { form, typed, fields } = read({
      ...{ 'decision.l1': 'allow', 'reason.l1': 'No ticket' },
      ...{ 'decision.l2': 'disallow', 'reason.l2': 'Nobody came', 'reason.l3': 'carried from another part' },
    });
    expect(placedAt(form.problems, fields)).toEqual(
      ['reason.l1', 'reason.l3'].map((path) => ({
        ...{ path, code: 'contradicted' },
        message: expect.stringMatching(/^You gave a reason for not allowing this line, but chose to allow it\. /),
      })),
    );
    expect(() => form.check()).toThrow();
    expect(typed.contradicted.get('l1')).toBe('No ticket');
  });

  it('forgets what was disallowed once all is allowed, and nothing else', () => {
    const { typed } = read({
      ...{ 'decision.l1': 'allow', 'reason.l1': 'No ticket', 'decision.l2': 'disallow', 'reason.l2': 'Nobody came' },
      ...{ 'proof.i1-day': '28', 'proofNote.i2': 'A letter', 'distinct.i2': 'A joint event' },
    });
    expect(allAllowed(typed)).toEqual({ ...typed, disallowed: new Map() });
    expect(hiddenFields(allAllowed(typed)).map(({ name }) => name)).toEqual([
      ...['reason.l1', 'proof.i1-day', 'proof.i1-month', 'proof.i1-year', 'proofNote.i1'],
      ...['proof.i2-day', 'proof.i2-month', 'proof.i2-year', 'proofNote.i2', 'distinct.i2'],
    ]);
  });

  it('puts each problem at its field, the keyboard at the day of a date', () => {
    const { fields } = read({ 'decision.l3': 'disallow', 'proofNote.i2': 'A letter', 'distinct.i1': 'A joint event' });
    const problem = (path: string, code = 'x') => ({ path, code, message: 'm' });
    const placed = placedAt(
      [
        ...[problem('lines[0].reason'), problem('paymentProof[0].paidOn', 'required'), problem('distinct[0].note')],
        ...[problem('proof.i1', 'wrong_form'), problem('elsewhere')],
      ],
      fields,
    );
    expect(placed.map(({ path }) => path)).toEqual(['reason.l3', 'proof.i2', 'distinct.i1', 'proof.i1', '']);
    expect(placed[1]).toMatchObject({
      href: '#proof-i2-day',
      message: 'Enter the day the authority paid the trainer.',
    });
  });

  it('carried on in hidden fields is the same review', () => {
    const text = fc.string().map((value) => value.replace(/[\r\n]/g, ''));
    const fields = fc.record({
      'decision.l1': fc.constantFrom('allow', 'disallow'),
      'reason.l1': text,
      'decision.l3': fc.constantFrom('allow', 'disallow'),
      'reason.l3': text,
      'proof.i2-day': text,
      'proof.i2-month': text,
      'proof.i2-year': text,
      'proofNote.i2': text,
      'distinct.i1': text,
    });
    fc.assert(
      fc.property(fields, (given) => {
        const first = read(given);
        const carried = Object.fromEntries(hiddenFields(first.typed).map(({ name, value }) => [name, value]));
        const second = read(carried);
        expect(second.typed).toEqual(first.typed);
        expect(second.input).toEqual(first.input);
      }),
    );
  });

  it('carries what a part of it does not show, and that only', () => {
    const { typed } = read({ 'decision.l1': 'disallow', 'decision.l3': 'disallow', 'distinct.i1': 'x' });
    expect(hiddenFields(typed, new Set(['l1', 'i1'])).map(({ name }) => name)).toEqual(['decision.l3', 'reason.l3']);
  });
});

describe('a part of a long claim', () => {
  it.each([
    ['', 5, 1],
    ['2', 81, 2],
    ['3', 81, 3],
    ['9', 81, 3],
    ['0', 81, 1],
    ['-1', 81, 1],
    ['2', 40, 1],
    ['1', 0, 1],
  ])('“%s” of %i lines is part %i', (asked, lines, part) => expect(partOf(asked, lines)).toBe(part));
});
