import { InvalidValue } from './domain-error.js';
import { pence } from './money.js';

/** How a fraction becomes a whole number. Programme data, so that another programme can choose. */
export type Rounding = 'half_up' | 'half_even' | 'down';

/**
 * numerator ÷ denominator as a whole number. Exact: integer arithmetic only.
 * `numerator` ≥ 0 and `denominator` > 0; amounts here are never negative, so half up means away from zero.
 */
export function divideRounded(numerator: bigint, denominator: bigint, rounding: Rounding): bigint {
  if (numerator < 0n || denominator <= 0n) throw new InvalidValue('divideRounded needs numerator ≥ 0, denominator > 0');
  const quotient = numerator / denominator;
  const twice = (numerator % denominator) * 2n;
  if (rounding === 'down' || twice < denominator) return quotient;
  if (twice > denominator || rounding === 'half_up') return quotient + 1n;
  return quotient + (quotient % 2n);
}

/** A share of an amount: `share(4335, {numerator: 1, denominator: 2}, 'half_up')` → 2168. Pence in, pence out; throws InvalidValue. */
export function share(amount: number, part: { numerator: number; denominator: number }, rounding: Rounding): number {
  const exact = BigInt(pence(amount)) * BigInt(part.numerator);
  return pence(Number(divideRounded(exact, BigInt(part.denominator), rounding)));
}
