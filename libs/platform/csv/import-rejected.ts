import { DomainError, type Problem } from '#kernel';
import type { ImportError } from './read-table.js';

/** At most this many errors are listed in an answer; the rest are counted. */
const MOST_LISTED = 1_000;

/** The refusal of a file: paths are like `row 12, net`, rows as the spreadsheet numbers them. */
export class ImportRejected extends DomainError {
  constructor(
    message: string,
    problems: readonly Problem[],
    /** Every error by row, those that an answer has no room for too. */
    readonly faults: readonly ImportError[],
  ) {
    super('refused', 'import_rejected', message, problems);
  }
}

/** Refuses a file for these errors, in whatever order they were found. */
export function importRejected(errors: readonly ImportError[]): ImportRejected {
  const sorted = [...errors].sort((a, b) => a.row - b.row);
  const problems = sorted.slice(0, MOST_LISTED).map(({ row, column, code, message }) => ({
    path: column === '' ? `row ${row}` : `row ${row}, ${column}`,
    code,
    message,
  }));
  const rows = new Set(errors.map(({ row }) => row)).size;
  const rest = sorted.length - problems.length;
  const detail =
    `Nothing was imported: ${counted(sorted.length, 'error')} in ${counted(rows, 'row')}. ` +
    `Correct the file and send it again.${rest > 0 ? ` The first ${counted(MOST_LISTED, 'error')} are listed, ${counted(rest, 'more', '')} not.` : ''}`;
  return new ImportRejected(detail, problems, sorted);
}

const counted = (count: number, noun: string, plural = 's'): string =>
  `${count.toLocaleString('en-GB')} ${noun}${count === 1 ? '' : plural}`;
