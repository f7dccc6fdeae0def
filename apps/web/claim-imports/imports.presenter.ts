import { type ImportedDraft, type PastImport } from '#claims';
import { type NameOf } from '#identity';
import { type Problem } from '#kernel';
import { type ImportError } from '#platform/csv';
import { claimStatus, dateTime, money, plural, TableFile } from '../page/index.js';

/** Faults shown at once: enough to see what is wrong, few enough to read. The file of faults has them all. */
export const MOST_SHOWN = 100;
export const FAULT_COLUMNS = ['row', 'column', 'code', 'message'] as const;
export const DRAFT_COLUMNS = [
  ...['authorityReference', 'purchaseOrder', 'trainers', 'state', 'invoiceNumber', 'totalPence', 'programme', 'id'],
] as const;

const AGAIN =
  'This very file was imported before, so its drafts are there already. To make them once more all the same, tick the box.';

/** Why a file was not taken. One that can be imported once more on purpose is kept, and need not be chosen again. */
export function refusedImport(
  { errors, code }: { errors: readonly Problem[]; code: string },
  faults: readonly ImportError[],
) {
  if (code === 'import_repeated') return { errors: [{ path: 'again', code, message: AGAIN }], repeated: true };
  if (code !== 'import_rejected') {
    return { errors: errors.map((error) => ({ ...error, path: error.path === 'again' ? 'again' : 'file' })) };
  }
  const rows = new Set(faults.map(({ row }) => row)).size;
  const message = `Nothing was imported: ${plural(faults.length, 'fault')} in ${plural(rows, 'row')}. Correct the file in your spreadsheet and import it again.`;
  return { errors: [{ path: 'file', code, message }], faults: faultsTable(faults) };
}

/** Rows as a spreadsheet numbers them: the heading is row 1. */
function faultsTable(faults: readonly ImportError[]) {
  return {
    caption: 'What is wrong in the file',
    head: [{ text: 'Row', numeric: true }, { text: 'Column' }, { text: 'What is wrong' }],
    rows: faults
      .slice(0, MOST_SHOWN)
      .map(({ row, column, message }) => [
        { text: String(row), numeric: true },
        { text: column === '' ? 'The whole row' : column },
        { text: message },
      ]),
    more: Math.max(0, faults.length - MOST_SHOWN),
    total: faults.length,
  };
}

/** Files that were imported lately, each leading to its drafts. */
export const importsTable = (imports: readonly PastImport[], names: NameOf) => ({
  caption: 'Files imported lately',
  head: [
    { text: 'File' },
    { text: 'Imported' },
    { text: 'Rows', numeric: true },
    { text: 'Drafts made', numeric: true },
  ],
  rows: imports.map((one) => [
    { text: nameOf(one), href: `/claim-imports/${one.id}` },
    { text: dateTime(one.at), hint: `by ${names(one.importedBy)}` },
    { text: String(one.rowCount), numeric: true },
    { text: String(one.claimCount), numeric: true },
  ]),
  file: new TableFile(
    'imports',
    ['fileName', 'at', 'importedBy', 'rowCount', 'claimCount', 'programme', 'id'],
    imports,
  ),
  empty: '',
});

export const nameOf = ({ fileName }: PastImport): string => fileName ?? 'A file without a name';

/** The drafts of an import, in the order of the file, as they stand by now; `from` is the number of the first. */
export const draftsTable = (drafts: readonly ImportedDraft[], from: number) => ({
  caption: 'Claims made from the file',
  captionHidden: true,
  head: [
    { text: 'Claim' },
    { text: 'Trainers' },
    { text: 'Status' },
    { text: 'Who acts next' },
    { text: 'Amount', numeric: true },
  ],
  rows: drafts.map((draft, at) => [
    {
      text: draft.invoiceNumber ?? draft.authorityReference ?? `Draft ${from + at}`,
      href: `/claims/${draft.id}`,
    },
    { text: draft.trainers.join(', ') },
    claimStatus(draft),
    { text: draft.waitingFor ?? 'Nobody: this is finished' },
    { text: money(draft.totalPence), numeric: true },
  ]),
  empty: 'There are no more claims of this file.',
});
