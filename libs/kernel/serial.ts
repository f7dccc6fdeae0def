import { InvalidValue } from './domain-error.js';

/** The n-th of a numbered series as documents print it: at least four digits, more when needed. Throws InvalidValue. */
export function formatSerial(n: number): string {
  if (!Number.isSafeInteger(n) || n < 1) throw new InvalidValue(`${n} is not the number of a document`);
  return String(n).padStart(4, '0');
}
