import { DomainError, type Problem } from '#kernel';
import { headingsOf, readCells, readTable, type ImportError } from '#platform/csv';
import { readEntry, type EntryInput } from '../entry.input.js';
import { ENTRY_COLUMNS, type EntryField } from './entry-columns.js';

/** A row that is an entry by its form, and where it stands. */
export interface ParsedEntry {
  entry: EntryInput;
  /** The fault as the file shows it: its row, and the heading of the column. */
  fault(problem: Problem): ImportError;
}

type EntryTable = ReturnType<typeof readEntryTable>;
const readEntryTable = (text: string) => readTable(text, ENTRY_COLUMNS);

/** Reads a file of spending. Every cell that cannot be read, and every row beyond the limits of an entry, is an error. */
export function parseEntries(text: string): { entries: ParsedEntry[]; errors: ImportError[] } {
  const table = readEntryTable(text);
  const headings = headingsOf(table);
  const entries = table.rows.flatMap(({ row, cells }) => readRow(table, headings, row, cells));
  return { entries, errors: table.errors };
}

/** The column that a field of the body comes from. */
const columnOf = (path: string): EntryField => (path === 'amountPence' ? 'amount' : (path as EntryField));

function readRow(
  table: EntryTable,
  headings: (field: EntryField) => string,
  row: number,
  cells: readonly string[],
): ParsedEntry[] {
  const { values, faulty } = readCells(table, row, cells);
  const { amount, ...rest } = values;
  const fault = ({ path, code, message }: Problem): ImportError => ({
    row,
    column: headings(columnOf(path)),
    code,
    message,
  });
  try {
    return [{ entry: readEntry(amount === undefined ? rest : { ...rest, amountPence: amount }), fault }];
  } catch (error) {
    if (!(error instanceof DomainError) || error.kind !== 'malformed') throw error;
    const told = error.problems.filter(({ path }) => !faulty.has(columnOf(path)));
    table.errors.push(...told.map(fault));
    return [];
  }
}
