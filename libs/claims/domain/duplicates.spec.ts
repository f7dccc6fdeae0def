import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { firstOfSame, invoiceNumberKey, trainerKeys, trainerNameKey, Trainers, vatNumberKey } from './index.js';

describe('duplicates', () => {
  it('sees through case, spaces, punctuation, width and invisible letters', () => {
    for (const spelling of [
      'INV-0042',
      'inv 0042',
      'Inv/00.42',
      'ＩＮＶ－００４２',
      'IN\u200bV-00\u00ad42',
      ' #inv_0042 ',
    ]) {
      expect(invoiceNumberKey(spelling)).toBe('INV0042');
    }
    expect(trainerNameKey('Müller & Söhne GmbH')).toBe(trainerNameKey('MU\u0308LLER SO\u0308HNE, GMBH'));
    expect(trainerNameKey('Σοφίας')).toBe(trainerNameKey('ΣΟΦΊΑΣ'));
    expect(trainerNameKey('Straße Ltd')).toBe(trainerNameKey('STRASSE LTD'));
  });

  it('keeps different ones apart', () => {
    expect(invoiceNumberKey('42')).not.toBe(invoiceNumberKey('0042'));
    expect(trainerNameKey('Σοφία')).not.toBe(trainerNameKey('София'));
    expect(invoiceNumberKey('---')).not.toBe(invoiceNumberKey('///'));
  });

  it('knows a VAT registration however it is written, its branches included', () => {
    const key = (vatNumber: string | null, country?: string) =>
      vatNumberKey({ name: 'x', vatNumber, ...(country ? { country } : {}) });
    expect(new Set([key('GB999999973'), key('999 9999 73'), key('gb-999999973'), key('GB999999973001')]).size).toBe(1);
    expect(key('123456789', 'DE')).toBe(key('DE123456789', 'DE'));
    expect(key('123456789', 'DE')).not.toBe(key('123456789'));
    expect([key(null), key(' '), vatNumberKey({ name: 'x' })]).toEqual([null, null, null]);
  });

  it('takes the same VAT number or the same name for the same trainer, and no number for nothing', () => {
    const a = { name: 'A Trainer Ltd', vatNumber: 'GB999999973' };
    const known = new Trainers([trainerKeys(a), trainerKeys({ name: 'X' })]);
    expect(known.has(trainerKeys({ name: 'Another name', vatNumber: '999999973' }))).toBe(true);
    expect(known.has(trainerKeys({ name: 'a. trainer, LTD' }))).toBe(true);
    expect(known.has(trainerKeys({ name: 'x', vatNumber: 'GB123456727' }))).toBe(true);
    expect(known.has(trainerKeys({ name: 'Y' }))).toBe(false);
    expect(new Trainers([]).has(trainerKeys(a))).toBe(false);
  });

  it('finds the first invoice of the same trainer and number, by name or by VAT number', () => {
    const a = { name: 'A Trainer Ltd', vatNumber: 'GB999999973' };
    const invoices = [
      { trainer: a, number: '1/2' },
      { trainer: { name: 'Y' }, number: '12' },
      { trainer: { name: 'Z', vatNumber: '999999973' }, number: '12' },
      { trainer: { name: 'z' }, number: '1 2' },
      { trainer: a, number: '13' },
      { trainer: { name: 'y', vatNumber: 'GB999999973' }, number: '12' },
    ];
    expect(firstOfSame(invoices)).toEqual([0, 1, 0, 2, 4, 0]);
  });

  it('fits an index however long the letters grow, and still tells apart', () => {
    const long = (letter: string) => invoiceNumberKey(letter.repeat(500)); // one letter that NFKC makes eighteen
    expect(long('\ufdfa').length).toBeLessThan(100);
    expect(long('\ufdfa')).toBe(long('\ufdfa'));
    expect(long('\ufdfa')).not.toBe(long('\ufdfb'));
    expect(invoiceNumberKey(long('\ufdfa'))).toBe(long('\ufdfa'));
  });

  it('is never empty, and a key is its own key', () => {
    const text = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 30 }).filter((value) => value.trim() !== '');
    fc.assert(
      fc.property(text, (value) => {
        const key = invoiceNumberKey(value);
        expect(key.length).toBeGreaterThan(0);
        expect(invoiceNumberKey(key)).toBe(key);
        expect(invoiceNumberKey(` ${value.normalize('NFD')}\t`)).toBe(key);
      }),
      { numRuns: 500 },
    );
  });
});
