import { InvalidValue } from './domain-error.js';

/** Whole pence. Always a safe integer: money is never a float, in memory, JSON or SQL. */
export type Pence = number;

/** Refuses anything but a safe integer. Unit: pence. Throws InvalidValue. */
export function pence(value: unknown): Pence {
  if (typeof value !== 'number' || !Number.isSafeInteger(value)) {
    throw new InvalidValue(`${String(value)} is not a whole number of pence`);
  }
  return value;
}

/** Sum of pence; throws rather than lose precision. */
export function sumPence(values: Iterable<Pence>): Pence {
  let total = 0;
  for (const value of values) total = pence(total + pence(value));
  return total;
}

/** `107820` → `£1,078.20`; a negative amount carries the sign before the pound. */
export function formatPence(value: Pence, currency = 'GBP'): string {
  // The decimal text, not a division by 100: Intl reads it exactly, whatever its size.
  return formatterOf(currency).format(decimalPence(value) as Intl.StringNumericLiteral);
}

/** Making an Intl formatter costs a hundred times what using one does: one is kept for each currency. */
const FORMATTERS = new Map<string, Intl.NumberFormat>();
function formatterOf(currency: string): Intl.NumberFormat {
  const known = FORMATTERS.get(currency);
  if (known) return known;
  const made = new Intl.NumberFormat('en-GB', { style: 'currency', currency });
  FORMATTERS.set(currency, made);
  return made;
}

/** `107820` → `1078.20`: the decimal text that files for machines want, made from digits and not by division. */
export function decimalPence(value: Pence): string {
  const digits = String(Math.abs(pence(value))).padStart(3, '0');
  return `${value < 0 ? '-' : ''}${digits.slice(0, -2)}.${digits.slice(-2)}`;
}
