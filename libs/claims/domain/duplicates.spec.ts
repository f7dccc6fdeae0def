import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { invoiceNumberKey, sameInvoice, sameTrainer, trainerNameKey, vatNumberKey } from './index.js';

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
    expect(sameTrainer(a, { name: 'Another name', vatNumber: '999999973' })).toBe(true);
    expect(sameTrainer(a, { name: 'a. trainer, LTD' })).toBe(true);
    expect(sameTrainer({ name: 'X' }, { name: 'Y' })).toBe(false);
    expect(sameInvoice({ trainer: a, number: '1/2' }, { trainer: a, number: '12' })).toBe(true);
    expect(sameInvoice({ trainer: a, number: '12' }, { trainer: { name: 'Y' }, number: '12' })).toBe(false);
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
