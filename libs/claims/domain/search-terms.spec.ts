import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { searchTerms } from './search-terms.js';

describe('what is searched for', () => {
  it('is an amount in whatever way it is typed', () => {
    for (const typed of ['£1,078.20', '1078.2', ' 1,078.20 ', '£ 1078.20'])
      expect(searchTerms(typed).amount).toBe(107_820);
    for (const typed of ['1.078,20', 'GBP 5', '1,07', '12.345', '-5', '']) expect(searchTerms(typed).amount).toBeNull();
  });

  it('is the beginning of a name or number, once it narrows anything', () => {
    expect(searchTerms('inv-00')).toMatchObject({ trainer: 'INV00', number: 'INV00' });
    expect(searchTerms('A b')).toMatchObject({ trainer: null, number: null });
  });

  it('finds every amount again that is written as money', () => {
    fc.assert(
      fc.property(fc.nat(99_999_999_999), (pence) => {
        expect(searchTerms((pence / 100).toFixed(2)).amount).toBe(pence);
      }),
    );
  });
});
