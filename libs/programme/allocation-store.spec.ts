import { describe, expect, it } from '@jest/globals';
import { days } from './allocation-store.js';

describe('days as PostgreSQL writes numeric(9,3)', () => {
  it.each([
    ['0.000', 0],
    ['0', 0],
    ['10', 10_000],
    ['100.000', 100_000],
    ['9.500', 9_500],
    ['0.001', 1],
    ['3.996', 3_996],
    ['999999.999', 999_999_999],
    ['-0.500', -500],
  ])('%s is %d thousandths', (text, thousandths) => expect(days(text)).toBe(thousandths));

  it.each(['', 'NaN', '1.2345', '1e3', ' 1'])('refuses "%s"', (text) => expect(() => days(text)).toThrow());
});
