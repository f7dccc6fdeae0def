import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { InvalidValue, decimalPence, formatPence, pence, sumPence } from './index.js';

const amount = fc.integer({ min: -1_000_000_000_000, max: 1_000_000_000_000 });

describe('money', () => {
  it('refuses whatever is not a whole number of pence', () => {
    for (const wrong of [0.1, NaN, Infinity, 2 ** 53, '100', null, undefined, 5n]) {
      expect(() => pence(wrong)).toThrow(InvalidValue);
    }
    expect(pence(107820)).toBe(107820);
  });

  it('refuses a sum that would lose precision', () => {
    expect(() => sumPence([Number.MAX_SAFE_INTEGER, 1])).toThrow(InvalidValue);
    expect(sumPence([])).toBe(0);
  });

  it('writes pounds for people and decimals for machines', () => {
    expect(formatPence(107820)).toBe('£1,078.20');
    expect(formatPence(-5)).toBe('-£0.05');
    expect(formatPence(Number.MAX_SAFE_INTEGER)).toBe('£90,071,992,547,409.91');
    expect(formatPence(100, 'EUR')).toBe('€1.00');
    expect(decimalPence(7)).toBe('0.07');
    expect(decimalPence(-12345)).toBe('-123.45');
  });

  it('loses no penny in decimal text', () => {
    fc.assert(fc.property(amount, (value) => expect(BigInt(decimalPence(value).replace('.', ''))).toBe(BigInt(value))));
  });

  it('adds in any order to the same sum', () => {
    fc.assert(
      fc.property(fc.array(amount, { maxLength: 50 }), (values) => {
        const exact = values.reduce((total, value) => total + BigInt(value), 0n);
        expect(BigInt(sumPence(values))).toBe(exact);
        expect(sumPence([...values].reverse())).toBe(sumPence(values));
      }),
    );
  });
});
