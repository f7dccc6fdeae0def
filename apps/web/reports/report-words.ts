import { date, dateTime, plural } from '../page/index.js';

const MONTH = new Intl.DateTimeFormat('en-GB', { month: 'long', year: 'numeric', timeZone: 'UTC' });

/** `2018-05` as May 2018. */
export const monthName = (month: string): string => MONTH.format(new Date(`${month}-01T00:00:00Z`));

/** As of when a report's figures are. */
export const asOfText = ({ asOf, daily }: { asOf: string; daily: boolean }): string =>
  daily ? `As of ${dateTime(asOf)}: these figures are added up once a day.` : `As of now, ${dateTime(asOf)}.`;

export const count = (value: number): string => value.toLocaleString('en-GB');
export const claims = (value: number): string => plural(value, 'claim');
export const endOf = (day: string): string => `the end of ${date(day)}`;

export const sentenceCase = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** Adds up numbers under keys, in the order the keys came. */
export function sumBy<T>(rows: readonly T[], keyOf: (row: T) => string, valueOf: (row: T) => number) {
  const sums = new Map<string, number>();
  for (const row of rows) sums.set(keyOf(row), (sums.get(keyOf(row)) ?? 0) + valueOf(row));
  return sums;
}
