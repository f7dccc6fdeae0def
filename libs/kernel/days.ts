import { InvalidValue } from './domain-error.js';
import { pence } from './money.js';
import { divideRounded, type Rounding } from './rounding.js';

/** Days in whole thousandths: `1500` is a day and a half. Held as an integer so that sums are exact. */
export type MilliDays = number;

const PATTERN = /^-?(0|[1-9]\d{0,5})(\.\d{1,3})?$/;
const NUMERIC = /^-?\d+(\.\d{1,3})?$/;

/** `"1.5"` → 1500. Throws InvalidValue for anything else than a decimal with at most three places. */
export function parseDays(text: string): MilliDays {
  if (!PATTERN.test(text)) throw new InvalidValue(`"${text}" is not a number of days with at most three decimals`);
  return thousandths(text);
}

/**
 * A numeric as PostgreSQL writes it, in thousandths: `"9.500"` → 9500. A sum may be larger than what anybody may type. Throws
 * InvalidValue for what has more than three decimals or is beyond safe integers.
 */
export function daysOfNumeric(text: string): MilliDays {
  if (!NUMERIC.test(text)) throw new InvalidValue(`"${text}" is not a sum of days with at most three decimals`);
  return thousandths(text);
}

/** Of a text that is a decimal with at most three places: read for every line of every claim, so its pattern is not asked twice. */
function thousandths(text: string): MilliDays {
  const point = text.indexOf('.');
  const whole = Math.abs(Number(point < 0 ? text : text.slice(0, point)));
  const value = whole * 1000 + (point < 0 ? 0 : Number(text.slice(point + 1).padEnd(3, '0')));
  if (!Number.isSafeInteger(value)) throw new InvalidValue(`${text} days are too many to be counted`);
  return text.startsWith('-') && value !== 0 ? -value : value;
}

/** 1500 → `"1.5"`, 2000 → `"2"`: no trailing zeros. */
export function formatDays(value: MilliDays): string {
  if (!Number.isSafeInteger(value)) throw new InvalidValue(`${value} is not a whole number of thousandths of a day`);
  const digits = String(Math.abs(value)).padStart(4, '0');
  const fraction = digits.slice(-3).replace(/0+$/, '');
  return `${value < 0 ? '-' : ''}${digits.slice(0, -3)}${fraction ? `.${fraction}` : ''}`;
}

/** Days × a factor such as `"1.2"`, rounded to a thousandth. */
export function multiplyDays(days: MilliDays, factor: string, rounding: Rounding): MilliDays {
  return Number(divideRounded(BigInt(days) * BigInt(parseDays(factor)), 1000n, rounding));
}

/** A daily rate × days, in pence: `costOfDays(120000, 3333, 'half_up')` → 399960. Throws InvalidValue beyond safe integers. */
export function costOfDays(pencePerDay: number, days: MilliDays, rounding: Rounding): number {
  return pence(Number(divideRounded(BigInt(pence(pencePerDay)) * BigInt(days), 1000n, rounding)));
}
