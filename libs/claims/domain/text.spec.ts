import { describe, expect, it } from '@jest/globals';
import { countText, daysText, longDate } from './text.js';

describe('texts', () => {
  it('write dates as people do, whatever the time zone', () => {
    expect(longDate('2018-03-04')).toBe('4 March 2018');
    expect(longDate('2018-12-31')).toBe('31 December 2018');
  });

  it('count one and many', () => {
    expect([1000, 500, 1500, 0].map(daysText)).toEqual(['1 day', '0.5 days', '1.5 days', '0 days']);
    expect([countText(1, 'line'), countText(2, 'line')]).toEqual(['1 line', '2 lines']);
  });
});
