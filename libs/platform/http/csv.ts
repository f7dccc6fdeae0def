import { stringify } from 'csv-stringify/sync';

const FORMULA = /^[=+\-@\t\r\n＝＋－＠]/;
const NUMBER = /^-?\d+(\.\d+)?$/;

/**
 * A spreadsheet runs a cell that starts like a formula; an apostrophe before it makes it text (OWASP, CSV injection).
 * Numbers stay numbers.
 */
export const safeCell = (text: string): string => (FORMULA.test(text) && !NUMBER.test(text) ? `'${text}` : text);

function cell(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (Array.isArray(value)) return safeCell(value.map((item) => cell(item)).join(' '));
  if (typeof value === 'object') return safeCell(JSON.stringify(value));
  return safeCell(String(value as string | number | boolean));
}

function valueAt(item: unknown, path: readonly string[]): unknown {
  let value = item;
  for (const name of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return null;
    value = (value as Record<string, unknown>)[name];
  }
  return value;
}

/**
 * Items as CSV (RFC 4180): UTF-8 without a byte-order mark, CRLF, one header row of the columns' names. A column is a
 * path such as `hold.reason`; what an item does not have is an empty cell.
 */
export function toCsv(items: readonly unknown[], columns: readonly string[]): string {
  const paths = columns.map((column) => column.split('.'));
  const rows = items.map((item) => paths.map((path) => cell(valueAt(item, path))));
  return stringify([[...columns], ...rows], { record_delimiter: 'windows' });
}

/** The quality an Accept header gives a media type (RFC 9110, 12.5.1): the most specific range decides; 0 is refused. */
export function acceptQuality(accept: string | undefined, type: string): number {
  if (!accept?.trim()) return 1;
  let best = { precision: -1, quality: 0 };
  for (const range of accept.split(',')) {
    const [media = '', ...parameters] = range.trim().toLowerCase().split(';');
    const name = media.trim();
    const precision = name === type ? 2 : name === `${type.split('/')[0]}/*` ? 1 : name === '*/*' ? 0 : -1;
    const weight = parameters.map((text) => /^\s*q=([\d.]+)/.exec(text)?.[1]).find((found) => found !== undefined);
    if (precision > best.precision) best = { precision, quality: weight === undefined ? 1 : Number(weight) || 0 };
  }
  return best.quality;
}

/** Whether the caller would rather have CSV than JSON. */
export const prefersCsv = (accept: string | undefined): boolean =>
  accept !== undefined && acceptQuality(accept, 'text/csv') > acceptQuality(accept, 'application/json');
