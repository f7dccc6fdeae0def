import { formatPence, londonDate, longDate } from '#kernel';
import { carriedFilters, chosenFilters } from './chosen-filters.js';
import { claimStatus } from './claim-status.js';
import { fieldId } from './attempt.js';

const TIME = new Intl.DateTimeFormat('en-GB', {
  hour: 'numeric',
  minute: '2-digit',
  hourCycle: 'h12',
  timeZone: 'Europe/London',
});
const NOTHING = '';

/** Pence as £1,234.50; nothing stays nothing. */
export const money = (pence: number | null | undefined): string => (pence == null ? NOTHING : formatPence(pence));

/** `2018-03-19` as 19 March 2018; an instant as its day in London. */
export function date(value: string | Date | null | undefined): string {
  if (value == null || value === '') return NOTHING;
  const text = value instanceof Date ? londonDate(value) : value.length > 10 ? londonDate(new Date(value)) : value;
  return longDate(text);
}

/** An instant as 2:05pm, in London. */
export function time(value: string | Date): string {
  return TIME.format(new Date(value)).replace(/\s/g, '').toLowerCase();
}

/** An instant as 19 March 2018 at 2:05pm, in London. */
export function dateTime(value: string | Date | null | undefined): string {
  return value == null || value === '' ? NOTHING : `${date(value)} at ${time(value)}`;
}

/** `1 claim`, `2 claims`; the plural is given when an s is not enough. */
export function plural(count: number, one: string, many = `${one}s`): string {
  return `${count.toLocaleString('en-GB')} ${count === 1 ? one : many}`;
}

/** Days as `1 day`, `0.5 days`. */
export const days = (value: string | number | null | undefined): string =>
  value == null ? NOTHING : `${value} ${String(value) === '1' ? 'day' : 'days'}`;

/** A share of 0 to 1 as `12.5%`. */
export const percent = (share: number | null | undefined): string =>
  share == null ? NOTHING : `${(share * 100).toFixed(1).replace(/\.0$/, '')}%`;

/** `la_finance` as `la finance`, where no better word is at hand. */
export const words = (code: string): string => code.replace(/[_.]/g, ' ');

/** What every template may use on its values. `mojDate` is what MOJ's timeline asks for. */
export const FILTERS = {
  money,
  date,
  time,
  dateTime,
  plural,
  days,
  percent,
  words,
  fieldId,
  carriedFilters,
  chosenFilters,
  claimStatus,
  mojDate,
} as const;

/** The formats of MOJ's components, in London and in GOV.UK's style. */
function mojDate(
  value: string,
  type: 'datetime' | 'shortdatetime' | 'date' | 'shortdate' | 'time' | undefined,
): string {
  if (type === 'time') return time(value);
  return type === 'date' || type === 'shortdate' ? date(value) : dateTime(value);
}
