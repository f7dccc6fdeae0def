import { describe, expect, it } from '@jest/globals';
import { DomainError } from '#kernel';
import { requirePrintable } from './printable.js';

describe('requirePrintable', () => {
  it('lets every letter pass that a font has', () => {
    expect(() =>
      requirePrintable({ reason: 'Ελληνικά, кириллица, £1', lines: [{ note: null, pence: 3 }] }),
    ).not.toThrow();
  });

  it('names each text that cannot be printed', () => {
    try {
      requirePrintable({ reason: 'fine', lines: [{ reason: 'no 😀' }, { reason: 'ok' }], place: '漢' });
      throw new Error('nothing was refused');
    } catch (error) {
      expect(error).toBeInstanceOf(DomainError);
      const { kind, code, problems } = error as DomainError;
      expect([kind, code, problems.map(({ path }) => path)]).toEqual([
        'refused',
        'unsupported_character',
        ['lines[0].reason', 'place'],
      ]);
    }
  });
});
