import { isCalendarDate } from '#kernel';

/** What a cell says: a value for the claim body, nothing (blank), or what is wrong with it. */
export type Cell = { value?: unknown } | { code: string; message: string };

export type Reader = (cell: string) => Cell;

/** Spaces of every kind at the ends go, inside they become one: a line break in a cell is no part of a text. */
const tidy = (cell: string): string => cell.replace(/[\s\u00a0]+/g, ' ').trim();

const unlessBlank =
  (read: Reader): Reader =>
  (cell) => {
    const tidied = tidy(cell);
    return tidied === '' ? {} : read(tidied);
  };

export const text: Reader = unlessBlank((value) => ({ value }));

/** `Practice leader` → `practice_leader`. */
export const code: Reader = unlessBlank((value) => ({
  value: value
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '_')
    .replace(/^_|_$/g, ''),
}));

export const upperCode: Reader = unlessBlank((value) => ({ value: value.toUpperCase() }));

/** Groups of three are the only place for a comma or space: `2400,00` must not become £240,000. */
const POUNDS = /^£? ?(\d{1,12}|\d{1,3}(?:[, ]\d{3}){1,3})(?:\.(\d{1,2}))?$/;

/** `£1,560.40` → 156040. Exact: from digits, never by multiplying a fraction. */
export const pounds: Reader = unlessBlank((cell) => {
  const found = POUNDS.exec(cell);
  if (!found) return { code: 'not_an_amount', message: 'Give pounds and pence, such as 1,560.40, without a minus.' };
  return { value: Number(found[1]!.replace(/[, ]/g, '')) * 100 + Number((found[2] ?? '').padEnd(2, '0')) };
});

export const wholePence: Reader = unlessBlank((cell) =>
  /^\d{1,12}$/.test(cell)
    ? { value: Number(cell) }
    : { code: 'not_pence', message: 'Give whole pence, digits only: £10.50 is 1050.' },
);

const BRITISH_DATE = /^(\d{1,2})\/(\d{1,2})\/(\d{4})$/;

function isoDate(cell: string): string | null {
  const british = BRITISH_DATE.exec(cell);
  const iso = british ? `${british[3]}-${british[2]!.padStart(2, '0')}-${british[1]!.padStart(2, '0')}` : cell;
  return isCalendarDate(iso) ? iso : null;
}

export const date: Reader = unlessBlank((cell) => {
  const value = isoDate(cell);
  return value === null
    ? { code: 'not_a_date', message: 'Give a date that exists, as YYYY-MM-DD or DD/MM/YYYY.' }
    : { value };
});

/** Dates separated by semicolons. */
export const dates: Reader = unlessBlank((cell) => {
  const found = cell
    .split(';')
    .map((part) => part.trim())
    .filter((part) => part !== '')
    .map(isoDate);
  if (found.includes(null)) {
    return {
      code: 'not_a_date',
      message: 'Give dates that exist, as YYYY-MM-DD or DD/MM/YYYY, with a semicolon between them.',
    };
  }
  return { value: found };
});

const DECIMAL = /^(\d{0,6})(?:\.(\d{1,6}))?$/;

/** `2.0` → `2`, `.5` → `0.5`: as decimals are written here, without trailing zeros. Anything else is left as it is. */
function plainDecimal(cell: string): string {
  const found = DECIMAL.exec(cell);
  if (!found || cell === '') return cell;
  const fraction = (found[2] ?? '').replace(/0+$/, '');
  return `${(found[1] || '0').replace(/^0+(?=\d)/, '')}${fraction && `.${fraction}`}`;
}

export const days: Reader = unlessBlank((cell) => ({ value: plainDecimal(cell) }));

/** `20 %` → `20`. */
export const percent: Reader = unlessBlank((cell) => ({ value: plainDecimal(cell.replace(/ ?%$/, '')) }));
