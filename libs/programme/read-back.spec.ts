import { describe, expect, it } from '@jest/globals';
import { requireWhole, sameAccount } from './read-back.js';

const uk = { sortCode: '089999', accountNumber: '66374958', iban: null, bic: null };
const abroad = { sortCode: null, accountNumber: null, iban: 'DE89370400440532013000', bic: 'COBADEFF' };

describe('an account as it was read out', () => {
  it('is the one entered, however its digits are grouped', () => {
    expect(sameAccount({ sortCode: '08-99-99', accountNumber: '6637 4958' }, uk)).toBe(true);
    expect(sameAccount({ sortCode: '089999', accountNumber: '66374958' }, uk)).toBe(true);
    expect(sameAccount({ iban: 'de89 3704-0044 0532 0130 00', bic: 'cobadeff' }, abroad)).toBe(true);
  });

  it('is that of the head office with XXX and without, and of no other office', () => {
    const iban = abroad.iban;
    expect(sameAccount({ iban, bic: 'COBADEFFXXX' }, abroad)).toBe(true);
    expect(sameAccount({ iban, bic: 'COBADEFF' }, { ...abroad, bic: 'COBADEFFXXX' })).toBe(true);
    expect(sameAccount({ iban, bic: 'COBADEFF100' }, abroad)).toBe(false);
  });

  it('is another with any other digit, an order of its own, or of the other kind', () => {
    for (const other of [
      { sortCode: '089998', accountNumber: '66374958' },
      { sortCode: '189999', accountNumber: '66374958' },
      { sortCode: '089999', accountNumber: '56374958' },
      { sortCode: '089999', accountNumber: '66374959' },
      { iban: 'GB94BARC10201530093459', bic: 'BARCGB22' },
    ]) {
      expect([other, sameAccount(other, uk)]).toEqual([other, false]);
    }
    expect(sameAccount({ iban: 'DE89370400440532013001', bic: 'COBADEFF' }, abroad)).toBe(false);
    expect(sameAccount({ iban: abroad.iban, bic: 'COBADEFE' }, abroad)).toBe(false);
  });

  it('is all of one kind of account', () => {
    const [sortCode, accountNumber, iban, bic] = ['089999', '66374958', abroad.iban, abroad.bic];
    expect(() => requireWhole({ sortCode, accountNumber })).not.toThrow();
    expect(() => requireWhole({ iban, bic })).not.toThrow();
    for (const part of [
      {},
      { sortCode },
      { accountNumber },
      { iban },
      { bic },
      { sortCode, iban },
      { sortCode, bic },
    ]) {
      expect(() => requireWhole(part)).toThrow('not in the form');
    }
    expect(() => requireWhole({ sortCode, accountNumber, iban, bic })).toThrow('not in the form');
  });
});
