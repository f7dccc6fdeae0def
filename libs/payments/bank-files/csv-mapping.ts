import { parseAmount, requireDate, signed } from './amounts.js';
import { BankFileError } from './bank-file-error.js';

export const CSV_DATE_FORMATS = [
  'YYYY-MM-DD',
  'YYYYMMDD',
  'DD/MM/YYYY',
  'DD.MM.YYYY',
  'DD-MM-YYYY',
  'MM/DD/YYYY',
  'DD MMM YYYY',
] as const;
export type CsvDateFormat = (typeof CSV_DATE_FORMATS)[number];

/** What stands under a heading of the file, or the same for the whole file. */
export type CsvSource = { column: string } | { value: string };

/** How one bank writes its CSV. Columns are named by their headings; spaces and capitals make no difference. */
export interface CsvMapping {
  delimiter: ',' | ';' | '\t' | '|';
  decimal: '.' | ',';
  dateFormat: CsvDateFormat;
  /** Which end of the statement the first row is. */
  order: 'oldest_first' | 'newest_first';
  account: CsvSource;
  /** For banks with a column of their own for it. */
  sortCode?: CsvSource;
  currency: CsvSource;
  columns: {
    bookedOn: string;
    valueOn?: string;
    /** The balance after each entry: without it nothing proves that the file is whole. */
    balance?: string;
    reference?: string;
    bankReference?: string;
    endToEndId?: string;
    counterparty?: string;
    remittance?: string;
    transactionCode?: string;
  } & CsvAmounts;
}

/** One column with a sign (debits negative), or one each for money out and money in. */
export type CsvAmounts = { amount: string } | { debit: string; credit: string };

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];

const DATES: Record<
  CsvDateFormat,
  { pattern: RegExp; order: readonly ['y' | 'm' | 'd', 'y' | 'm' | 'd', 'y' | 'm' | 'd'] }
> = {
  'YYYY-MM-DD': { pattern: /^(\d{4})-(\d{2})-(\d{2})$/, order: ['y', 'm', 'd'] },
  YYYYMMDD: { pattern: /^(\d{4})(\d{2})(\d{2})$/, order: ['y', 'm', 'd'] },
  'DD/MM/YYYY': { pattern: /^(\d{1,2})\/(\d{1,2})\/(\d{4})$/, order: ['d', 'm', 'y'] },
  'DD.MM.YYYY': { pattern: /^(\d{1,2})\.(\d{1,2})\.(\d{4})$/, order: ['d', 'm', 'y'] },
  'DD-MM-YYYY': { pattern: /^(\d{1,2})-(\d{1,2})-(\d{4})$/, order: ['d', 'm', 'y'] },
  'MM/DD/YYYY': { pattern: /^(\d{1,2})\/(\d{1,2})\/(\d{4})$/, order: ['m', 'd', 'y'] },
  'DD MMM YYYY': { pattern: /^(\d{1,2}) ([A-Za-z]{3})[a-z]* (\d{4})$/, order: ['d', 'm', 'y'] },
};

/** A cell as `YYYY-MM-DD`. Only the format of the mapping: 03/04 must not be guessed. */
export function parseCsvDate(cell: string, format: CsvDateFormat, where: string): string {
  const { pattern, order } = DATES[format];
  const found = pattern.exec(cell.trim());
  if (!found) throw new BankFileError('not_a_date', where, `A date as ${format} is expected here.`);
  const part = (name: 'y' | 'm' | 'd'): string => found[order.indexOf(name) + 1]!;
  const named = MONTHS.indexOf(part('m').toLowerCase());
  const month = named < 0 ? part('m') : String(named + 1);
  return requireDate(`${part('y')}-${month.padStart(2, '0')}-${part('d').padStart(2, '0')}`, where);
}

const GROUPED = { '.': /^\d{1,3}(,\d{3})+(\.\d*)?$/, ',': /^\d{1,3}(\.\d{3})+(,\d*)?$/ };

/**
 * `-1,234.56`, `(1.234,56)`, `£12.00-` → minor units with their sign. Thousands are told from decimals by the mapping alone, and
 * only where they stand in groups of three.
 */
export function parseCsvAmount(cell: string, currency: string, decimal: '.' | ',', where: string): number {
  const text = cell.replace(/[\s\u00a0\u202f£€$]/g, '').replace(/^[A-Z]{3}|[A-Z]{3}$/g, '');
  const negative = /^-|-$|^\(.*\)$/.test(text);
  const bare = text.replace(/^[-+(]|[-+)]$/g, '');
  const digits = GROUPED[decimal].test(bare) ? bare.replaceAll(decimal === '.' ? ',' : '.', '') : bare;
  return signed(negative ? -1 : 1, parseAmount(digits, currency, where, decimal));
}
