import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { endToEndId, paymentReference, runNumber, serialOfReference } from './payment-names.js';

const serials = fc.integer({ min: 1, max: 2 ** 40 });

describe('the reference of a payment', () => {
  it('is a serial number with check digits', () => {
    expect([paymentReference(1), paymentReference(42), paymentReference(123456789)]).toEqual([
      'P0000000195',
      'P0000004269',
      'P12345678978',
    ]);
    expect(() => paymentReference(0)).toThrow('above 0');
  });

  it('is read back, short enough for a bank, and divisible as ISO 7064 has it', () => {
    fc.assert(
      fc.property(serials, (serial) => {
        const reference = paymentReference(serial);
        expect(serialOfReference(reference)).toBe(serial);
        expect(reference.length).toBeLessThanOrEqual(18);
        expect(BigInt(reference.slice(1)) % 97n).toBe(1n);
      }),
    );
  });

  it('is nobody’s when one digit is wrong or two that stand together are swapped', () => {
    fc.assert(
      fc.property(serials, fc.nat(), fc.integer({ min: 1, max: 9 }), (serial, where, by) => {
        const digits = paymentReference(serial).slice(1).split('');
        const at = where % digits.length;
        const wrong = digits.with(at, String((Number(digits[at]) + by) % 10));
        expect(serialOfReference(`P${wrong.join('')}`)).toBeNull();
        const next = (at + 1) % digits.length;
        if (next === 0 || digits[at] === digits[next]) return;
        const swapped = digits.with(at, digits[next]!).with(next, digits[at]!);
        expect(serialOfReference(`P${swapped.join('')}`)).toBeNull();
      }),
    );
  });

  it.each(['', 'P', 'P00000000', 'P0000000098', 'Q0000000195', 'P000000195', 'P0000000195 ', 'p0000000195'])(
    'is not %j',
    (text) => {
      expect(serialOfReference(text)).toBeNull();
    },
  );
});

describe('the names of a run and of its payments', () => {
  it('fit into a bank file for the longest codes there can be', () => {
    expect(runNumber('EIP2', 7)).toBe('EIP2-PR-0007');
    expect(endToEndId(runNumber('ABCDEFGHIJKL', 999_999), 'MNOPQRSTUVWX').length).toBeLessThanOrEqual(35);
  });
});
