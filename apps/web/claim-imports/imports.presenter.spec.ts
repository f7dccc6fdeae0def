import { describe, expect, it } from '@jest/globals';
import { type ImportedDraft, type PastImport } from '#claims';
import { draftsTable, importsTable, MOST_SHOWN, refusedImport } from './imports.presenter.js';

const fault = (row: number, column = 'net') => ({ row, column, code: 'not_an_amount', message: 'Give pounds.' });
const rejected = {
  code: 'import_rejected',
  errors: [{ path: 'row 2, net', code: 'not_an_amount', message: 'Give pounds.' }],
};

describe('a file of claims that is not taken', () => {
  it('is told row by row, as the spreadsheet numbers them, and counted in the summary', () => {
    const shown = refusedImport(rejected, [fault(2), fault(2, 'vat'), fault(7, '')]);
    expect(shown.errors).toEqual([
      {
        path: 'file',
        code: 'import_rejected',
        message: 'Nothing was imported: 3 faults in 2 rows. Correct the file in your spreadsheet and import it again.',
      },
    ]);
    expect(shown.faults!.rows.map((row) => row.map(({ text }) => text))).toEqual([
      ['2', 'net', 'Give pounds.'],
      ['2', 'vat', 'Give pounds.'],
      ['7', 'The whole row', 'Give pounds.'],
    ]);
    expect(shown.faults).toMatchObject({ more: 0, total: 3 });
  });

  it('is told in part when very much is wrong in it; how much more is said', () => {
    const shown = refusedImport(
      rejected,
      Array.from({ length: 2_345 }, (_, at) => fault(at + 2)),
    );
    expect(shown.faults!.rows).toHaveLength(MOST_SHOWN);
    expect(shown.faults).toMatchObject({ more: 2_345 - MOST_SHOWN, total: 2_345 });
    expect(shown.errors[0]!.message).toContain('2,345 faults in 2,345 rows');
  });

  it('can be imported once more on purpose when it was imported before', () => {
    const repeated = {
      code: 'import_repeated',
      errors: [{ path: '', code: 'import_repeated', message: 'again=true' }],
    };
    const shown = refusedImport(repeated, []);
    expect(shown).toMatchObject({ repeated: true, errors: [{ path: 'again' }] });
    expect(shown.errors[0]!.message).not.toContain('again=true');
  });

  it('has its fault beside the field of the file for everything else', () => {
    const large = { code: 'file_too_large', errors: [{ path: '', code: 'file_too_large', message: 'Too large.' }] };
    expect(refusedImport(large, []).errors).toEqual([{ path: 'file', code: 'file_too_large', message: 'Too large.' }]);
  });
});

describe('an import', () => {
  const past = {
    id: 'I',
    fileName: 'may.csv',
    rowCount: 4,
    claimCount: 2,
    importedBy: 'u',
    at: new Date('2018-04-03T09:00:00Z'),
  };
  const draft = (over: object) =>
    ({
      id: 'C',
      state: 'draft',
      hold: null,
      invoiceNumber: null,
      authorityReference: null,
      trainers: ['One Ltd', 'Two Ltd'],
      waitingFor: 'You to submit this',
      totalPence: 5,
      ...over,
    }) as ImportedDraft;

  it('is listed with who imported it and leads to its drafts', () => {
    const { rows } = importsTable([past as PastImport, { ...past, fileName: null } as PastImport], () => 'Ada');
    expect(rows[0]).toEqual([
      { text: 'may.csv', href: '/claim-imports/I' },
      { text: '3 April 2018 at 10:00am', hint: 'by Ada' },
      { text: '4', numeric: true },
      { text: '2', numeric: true },
    ]);
    expect(rows[1]![0]!.text).toBe('A file without a name');
  });

  it('names each draft by what the authority calls it, or by its place in the file', () => {
    const { rows } = draftsTable(
      [draft({ authorityReference: 'CS-1' }), draft({}), draft({ invoiceNumber: 'EIP2-1' })],
      26,
    );
    expect(rows.map(([name]) => name)).toEqual([
      { text: 'CS-1', href: '/claims/C' },
      { text: 'Draft 27', href: '/claims/C' },
      { text: 'EIP2-1', href: '/claims/C' },
    ]);
    expect(rows[0]!.slice(1)).toEqual([
      { text: 'One Ltd, Two Ltd' },
      { text: 'Draft', tag: 'grey' },
      { text: 'You to submit this' },
      { text: '£0.05', numeric: true },
    ]);
  });
});
