import { describe, expect, it } from '@jest/globals';
import { blankDetails, blankInvoice, withLines, type FormContent } from './form-content.js';
import { placeNotes } from './return-notes.js';

/** A form with these lines, trainer invoice by trainer invoice. */
const form = (...invoices: string[][]): FormContent => ({
  ...{ programme: 'EIP2', authority: 'BRENT', details: blankDetails() },
  invoices: invoices.map((lines, at) => ({
    key: `k${at}`,
    content: withLines(
      blankInvoice(),
      lines.map((description) => ({ kind: 'travel', fields: { description } })),
    ),
  })),
});
const note = (invoice: number, line: number, description: string) => ({
  ...{ lineId: `${invoice}-${line}`, path: `trainerInvoices[${invoice}].lines[${line}]` },
  ...{ description, reason: `About ${description}` },
});
const placed = (notes: ReturnType<typeof note>[], content: FormContent) =>
  placeNotes(notes, content).map(({ page, line }) => [page, line]);

describe('what a return said of single lines', () => {
  it('stands at the lines it was said of', () => {
    const content = form(['Rail', 'Taxi'], ['Rail']);
    expect(placed([note(0, 1, 'Taxi'), note(1, 0, 'Rail')], content)).toEqual([
      ['k0', 'l2'],
      ['k1', 'l1'],
    ]);
    expect(placeNotes([note(0, 1, 'Taxi')], content)).toEqual([
      { page: 'k0', line: 'l2', description: 'Taxi', reason: 'About Taxi' },
    ]);
  });

  it('follows a line that has moved, and is said once where two are alike', () => {
    expect(placed([note(0, 1, 'Taxi')], form(['Bus'], ['Taxi', 'Rail']))).toEqual([['k1', 'l1']]);
    expect(placed([note(0, 1, 'Rail'), note(0, 0, 'Rail')], form(['Rail', 'Rail']))).toEqual([
      ['k0', 'l2'],
      ['k0', 'l1'],
    ]);
    // The place that fits a note exactly is not taken by another that has the same words.
    expect(placed([note(1, 0, 'Rail'), note(0, 0, 'Rail')], form(['Rail']))).toEqual([
      [null, null],
      ['k0', 'l1'],
    ]);
  });

  it('is told of the trainer invoice once the line is rewritten or gone, and of nothing once that is gone too', () => {
    expect(placed([note(0, 1, 'Taxi')], form(['Rail', 'Taxi to the station']))).toEqual([['k0', null]]);
    expect(placed([note(0, 1, 'Taxi')], form([]))).toEqual([['k0', null]]);
    expect(placed([note(2, 0, 'Taxi')], form(['Rail']))).toEqual([[null, null]]);
  });
});
