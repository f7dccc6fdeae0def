import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { paymentReference, serialOfReference } from './payment-names.js';
import { holdsReference, isOneSlipAway, nearReference, referenceKey, wordsOf } from './references.js';

const references = fc.integer({ min: 1, max: 10 ** 8 - 1 }).map(paymentReference);

describe('a reference in a text', () => {
  it.each([
    ['/ROC/P0000000195/URI/x', 'P0000000195'],
    ['p 0000 0001 95', 'P0000000195'],
    ['eip2 pr 0001 brent', 'EIP2-PR-0001-BRENT'],
    ['DFE/EIP2/0001', 'DFE EIP2 0001'],
    ['payment 17 of may', '17'],
  ])('is found in %j: %s', (text, reference) => expect(holdsReference(text, reference)).toBe(true));

  it.each([
    ['P0000000196', 'P0000000195'],
    ['order 4217', '17'],
    ['anything', ' -/ '],
    ['', 'P0000000195'],
  ])('is not found in %j: %s', (text, reference) => expect(holdsReference(text, reference)).toBe(false));

  it('is found whatever stands around it and however the bank writes it', () => {
    fc.assert(
      fc.property(
        references,
        fc.string(),
        fc.string(),
        fc.array(fc.nat(10), { maxLength: 4 }),
        (one, before, after, gaps) => {
          const spaced = gaps.reduce((text, at) => `${text.slice(0, at)} ${text.slice(at)}`, one.toLowerCase());
          expect(holdsReference(`${before}/${spaced}.${after}`, one)).toBe(true);
        },
      ),
    );
  });
});

/** Every text one slip away from another, as people and scanners make them. */
const slips = fc
  .record({ reference: references, at: fc.nat(9), digit: fc.integer({ min: 0, max: 9 }), kind: fc.nat(3) })
  .map(({ reference, at, digit, kind }) => {
    const place = 1 + (at % (reference.length - 1));
    const [head, tail] = [reference.slice(0, place), reference.slice(place + 1)];
    const wrong = [
      `${head}${digit}${tail}`,
      `${head}${tail}`,
      `${head}${digit}${reference.slice(place)}`,
      tail === '' ? reference : `${head}${tail[0]}${reference[place]}${tail.slice(1)}`,
    ][kind]!;
    return { reference, wrong };
  })
  .filter(({ reference, wrong }) => wrong !== reference);

describe('a reference with a slip', () => {
  it('is seen by its check digits, and never taken for another payment’s', () => {
    fc.assert(
      fc.property(slips, ({ reference, wrong }) => {
        // A digit more or less can make another reference that is right: then it is that payment's.
        const near = serialOfReference(wrong) === null ? wrong : null;
        expect(nearReference(`FPS ${wrong} REF`, reference)).toBe(near);
      }),
      { numRuns: 500 },
    );
  });

  it('is seen with letters for digits and with a space inside', () => {
    expect(nearReference('POOOOO0OI95', 'P0000000195')).toBe('POOOOO0OI95');
    expect(nearReference('REF P00000 00915', 'P0000000195')).toBe('P0000000915');
  });

  it('is not seen two slips away, nor in what has no check digits', () => {
    expect(nearReference('P0000000234', 'P0000000195')).toBeNull();
    expect(nearReference('EIP2-PR-0002-BRENT', 'EIP2-PR-0001-BRENT')).toBeNull();
    expect(nearReference('P0000000195', 'P0000000195')).toBeNull();
  });
});

describe('one slip', () => {
  it('is the same from both sides, and nothing changed is none', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 6 }), fc.string({ maxLength: 6 }), (a, b) => {
        expect(isOneSlipAway(a, b)).toBe(isOneSlipAway(b, a));
        expect(isOneSlipAway(a, a)).toBe(true);
      }),
    );
  });
});

describe('keys and words', () => {
  it('are without case, spaces, punctuation and letter width', () => {
    expect(referenceKey('Dfe / eip2-００01')).toBe('DFEEIP20001');
    expect(wordsOf('Dfe / eip2-0001')).toEqual(['DFE', 'EIP2', '0001']);
  });
});
