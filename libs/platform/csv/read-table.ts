import { parse, type CsvError } from 'csv-parse/sync';
import type { Column, Columns } from './columns.js';

/** Something wrong in a file: the row as a spreadsheet numbers it (the heading is 1), the column as the file names it. */
export interface ImportError {
  row: number;
  column: string;
  code: string;
  message: string;
}

export interface Table<Field extends string> {
  /** By position; null where the heading is blank. */
  columns: (Column<Field> | null)[];
  /** Headings as the file writes them, by position. */
  headings: string[];
  rows: { row: number; cells: string[] }[];
  errors: ImportError[];
}

/** Most rows of one import, the heading not counted. */
const MOST_ROWS = 10_000;
/** Blank rows do not count as rows, but they are not read for ever. */
const MOST_RECORDS = 2 * MOST_ROWS;
const SHOWN_HEADING = 60;

/** Bytes as text: UTF-8, UTF-16 when it says so, else Windows-1252 as British spreadsheets save CSV. */
export function decode(bytes: Uint8Array): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return new TextDecoder('utf-16le').decode(bytes);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return windows1252(bytes);
  }
}

/** Characters 0x80 to 0x9F, where Windows-1252 is not Latin-1. Node 20's own decoder takes it for Latin-1. */
const FROM_0X80 = '€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ';

const windows1252 = (bytes: Uint8Array): string =>
  Buffer.from(bytes)
    .toString('latin1')
    .replace(/[\u0080-\u009f]/g, (letter) => FROM_0X80[letter.charCodeAt(0) - 0x80]!);

/** The delimiter that splits the heading into the most columns known here. */
function delimiterOf(text: string, columns: Columns): string {
  const heading = text.slice(0, text.search(/[\r\n]|$/));
  const known = (delimiter: string): number =>
    heading.split(delimiter).filter((cell) => columns.of(cell.replaceAll('"', ''))).length;
  return [',', ';', '\t'].reduce((best, next) => (known(next) > known(best) ? next : best));
}

/** Reads CSV into rows under known columns. With errors in the heading no row is read. */
export function readTable<Field extends string>(text: string, known: Columns<Field>): Table<Field> {
  const content = text.replace(/^\uFEFF/, '');
  const [heading = [], records, errors] = recordsOf(content, delimiterOf(content, known));
  const table: Table<Field> = { headings: heading.map((cell) => cell.trim()), columns: [], rows: [], errors };
  table.columns = table.headings.map((cell) => known.of(cell) ?? null);
  table.errors.push(...headingErrors(table, known));
  if (table.errors.length > 0) return table;
  for (const [index, cells] of records.entries()) {
    if (cells.every((cell) => cell.trim() === '')) continue;
    if (table.rows.length === MOST_ROWS) {
      table.errors.push(fileError(index + 2, 'too_many_rows', 'A file has at most 10,000 rows. Split it.'));
      break;
    }
    table.rows.push({ row: index + 2, cells });
  }
  if (table.rows.length === 0) {
    table.errors.push(fileError(2, 'no_rows', 'There is no row below the heading. Fill in at least one.'));
  }
  return table;
}

function recordsOf(content: string, delimiter: string): [string[] | undefined, string[][], ImportError[]] {
  try {
    const records = parse(content, { delimiter, relax_column_count: true, to: MOST_RECORDS });
    return [records[0], records.slice(1), []];
  } catch (error) {
    const row = (((error as CsvError)['records'] as number | undefined) ?? 0) + 1;
    const message = 'The quotation marks of this row do not match. Save the file as CSV from the spreadsheet again.';
    return [undefined, [], [fileError(row, 'not_csv', message)]];
  }
}

const fileError = (row: number, code: string, message: string): ImportError => ({ row, column: '', code, message });

function headingErrors<Field extends string>(
  { headings, columns, errors }: Table<Field>,
  known: Columns<Field>,
): ImportError[] {
  if (errors.length > 0) return [];
  const found: ImportError[] = [];
  const seen = new Set<string>();
  for (const [at, heading] of headings.entries()) {
    const column = columns[at];
    const shown = heading.slice(0, SHOWN_HEADING);
    if (!column && heading !== '') {
      found.push({
        row: 1,
        column: shown,
        code: 'unknown_column',
        message: `There is no column "${shown}". Remove it.`,
      });
    }
    if (column && seen.has(column.field)) {
      found.push({
        row: 1,
        column: shown,
        code: 'repeated_column',
        message: 'This column is there twice. Remove one.',
      });
    }
    if (column) seen.add(column.field);
  }
  for (const { name, field, required } of known.list) {
    if (!required || seen.has(field)) continue;
    found.push({ row: 1, column: name, code: 'column_missing', message: `The column "${name}" is missing. Add it.` });
  }
  return found;
}

/** One row, read: what each column says, and the fields whose cells cannot be read. */
export interface ReadCells<Field extends string> {
  values: Partial<Record<Field, unknown>>;
  faulty: Set<Field>;
}

/** Reads the cells of a row by their columns. What cannot be read goes to the table's errors. */
export function readCells<Field extends string>(
  table: Table<Field>,
  row: number,
  cells: readonly string[],
): ReadCells<Field> {
  const result: ReadCells<Field> = { values: {}, faulty: new Set() };
  for (const [at, cell] of cells.entries()) {
    const column = table.columns[at];
    if (!column) {
      if (cell.trim() === '') continue;
      const message =
        'This row has a cell in a column without a heading. Remove it, or quote text that holds the separator.';
      table.errors.push({ row, column: '', code: 'cell_without_column', message });
      break;
    }
    const read = column.read(cell);
    if ('code' in read) {
      result.faulty.add(column.field);
      table.errors.push({ row, column: table.headings[at]!, code: read.code, message: read.message });
    } else if (read.value !== undefined) {
      result.values[column.field] = read.value;
    }
  }
  return result;
}

/** Fields by the heading of this file; one it does not have by its own name. */
export function headingsOf<Field extends string>(table: Table<Field>): (field: Field) => string {
  const names = new Map(table.columns.map((column, at) => [column?.field, table.headings[at]!]));
  return (field) => names.get(field) ?? field;
}
