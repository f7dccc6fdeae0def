import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { InvalidValue, costOfDays, daysOfNumeric, formatDays, multiplyDays, parseDays } from './index.js';

const days = fc.integer({ min: -999_999_999, max: 999_999_999 });

describe('days', () => {
  it('reads at most three decimals', () => {
    expect(parseDays('1.5')).toBe(1500);
    expect(parseDays('0.001')).toBe(1);
    expect(parseDays('-2.25')).toBe(-2250);
    expect(Object.is(parseDays('-0'), 0)).toBe(true);
    for (const wrong of ['', '1.2345', '01', '1.', '.5', '1e3', ' 1', '+1', '١', 'NaN']) {
      expect(() => parseDays(wrong)).toThrow(InvalidValue);
    }
  });

  it.each([
    ['0.000', 0],
    ['0', 0],
    ['100.000', 100_000],
    ['9.500', 9_500],
    ['0.001', 1],
    ['-0.500', -500],
    ['-0.000', 0],
    ['1900000.250', 1_900_000_250],
  ])('%s of PostgreSQL is %d thousandths', (text, thousandths) => expect(daysOfNumeric(text)).toBe(thousandths));

  it.each(['', 'NaN', '1.2345', '1e3', ' 1', '9007199254741'])('of PostgreSQL is never "%s"', (text) => {
    expect(() => daysOfNumeric(text)).toThrow(InvalidValue);
  });

  it('writes no trailing zeros', () => {
    expect([2000, 500, 1250, -500, 0, 12_345].map(formatDays)).toEqual(['2', '0.5', '1.25', '-0.5', '0', '12.345']);
    expect(() => formatDays(0.5)).toThrow(InvalidValue);
  });

  it('reads back what it writes', () => {
    fc.assert(fc.property(days, (value) => expect(parseDays(formatDays(value))).toBe(value)));
  });

  it('converts advanced trainer-days to funded days (worked example 10)', () => {
    expect(multiplyDays(3333, '1.2', 'half_up')).toBe(4000);
    expect(costOfDays(120_000, 3333, 'half_up')).toBe(399_960);
  });

  it('is never more than half a thousandth, or half a penny, from the exact product', () => {
    const positive = fc.integer({ min: 0, max: 100_000 });
    fc.assert(
      fc.property(positive, positive, fc.constantFrom('half_up' as const, 'half_even' as const), (a, b, rounding) => {
        const distance = Math.abs(multiplyDays(a, formatDays(b), rounding) * 1000 - a * b);
        expect(distance).toBeLessThanOrEqual(500);
        expect(Math.abs(costOfDays(a, b, rounding) * 1000 - a * b)).toBeLessThanOrEqual(500);
      }),
    );
  });
});
