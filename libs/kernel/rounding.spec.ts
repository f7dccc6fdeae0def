import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { InvalidValue, divideRounded, share, type Rounding } from './index.js';

const half = { numerator: 1, denominator: 2 };

describe('rounding', () => {
  it('rounds a half as it is told', () => {
    const halves = (rounding: Rounding) => [1n, 3n, 5n].map((value) => divideRounded(value, 2n, rounding));
    expect(halves('half_up')).toEqual([1n, 2n, 3n]);
    expect(halves('half_even')).toEqual([0n, 2n, 2n]);
    expect(halves('down')).toEqual([0n, 1n, 2n]);
  });

  it('takes half of 4335 pence as 2168 (worked example 7)', () => {
    expect(share(4335, half, 'half_up')).toBe(2168);
    expect(share(4335, half, 'down')).toBe(2167);
  });

  it('refuses what has no answer', () => {
    expect(() => divideRounded(1n, 0n, 'half_up')).toThrow(InvalidValue);
    expect(() => divideRounded(-1n, 2n, 'half_up')).toThrow(InvalidValue);
    expect(() => share(1.5, half, 'half_up')).toThrow(InvalidValue);
    expect(() => share(Number.MAX_SAFE_INTEGER, { numerator: 3, denominator: 2 }, 'half_up')).toThrow(InvalidValue);
  });

  it('stays within half a unit of the exact quotient, below it when rounding down, and never shrinks as the amount grows', () => {
    const whole = fc.bigInt({ min: 0n, max: 10n ** 20n });
    fc.assert(
      fc.property(
        whole,
        fc.bigInt({ min: 1n, max: 10n ** 9n }),
        fc.constantFrom<Rounding>('half_up', 'half_even', 'down'),
        (numerator, denominator, rounding) => {
          const error = divideRounded(numerator, denominator, rounding) * denominator - numerator;
          const twice = 2n * (error < 0n ? -error : error);
          if (rounding === 'down') expect(error <= 0n && -error < denominator).toBe(true);
          else expect(twice <= denominator).toBe(true);
          const next = divideRounded(numerator + 1n, denominator, rounding);
          expect(next >= divideRounded(numerator, denominator, rounding)).toBe(true);
        },
      ),
    );
  });
});
