import { describe, expect, it } from '@jest/globals';
import { countText, daysText } from './text.js';

describe('texts', () => {
  it('count one and many', () => {
    expect([1000, 500, 1500, 0].map(daysText)).toEqual(['1 day', '0.5 days', '1.5 days', '0 days']);
    expect([countText(1, 'line'), countText(2, 'line')]).toEqual(['1 line', '2 lines']);
  });
});
