import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { barRows, shareBar } from './chart.js';

const items = fc.array(fc.record({ label: fc.string(), value: fc.nat(1_000_000_000), text: fc.string() }), {
  maxLength: 12,
});

describe('a chart', () => {
  it('draws the longest bar as long as there is room, and the others in proportion', () => {
    const { bars } = barRows('Days used', [
      { label: 'A', value: 10, text: '10' },
      { label: 'B', value: 5, text: '5' },
      { label: 'C', value: 0, text: '0' },
    ]);
    expect(bars.map(({ width }) => width)).toEqual([360, 180, 0]);
  });

  it('keeps every bar inside its box, and one below the other', () => {
    fc.assert(
      fc.property(items, (given) => {
        const { bars, width, height } = barRows('x', given);
        expect(bars).toHaveLength(given.length);
        bars.forEach((bar, index) => {
          expect(bar.x + bar.width).toBeLessThanOrEqual(width);
          expect(bar.y + bar.height).toBeLessThanOrEqual(height);
          if (index > 0) expect(bar.y).toBeGreaterThan(bars[index - 1]?.y ?? 0);
        });
      }),
    );
  });

  it('names every part of a bar of many, inside its box and none over another', () => {
    const parts = fc.array(
      fc.record({ label: fc.constant('Reserved'), value: fc.nat(999_999), text: fc.string({ maxLength: 8 }) }),
      {
        minLength: 3,
        maxLength: 6,
      },
    );
    fc.assert(
      fc.property(parts, (given) => {
        const { labels, keys = [], width, height } = shareBar('x', given);
        expect([labels.length, keys.length]).toEqual([given.length, given.length]);
        keys.forEach(({ x, y, size }, index) => {
          expect(x + size).toBeLessThanOrEqual(width);
          expect(y + size).toBeLessThanOrEqual(height);
          const before = keys[index - 1];
          if (before) expect(y > before.y || x > before.x + size).toBe(true);
        });
      }),
    );
  });

  it('fills a bar of parts to its end, whatever the parts', () => {
    fc.assert(
      fc.property(items, (given) => {
        const total = given.reduce((sum, { value }) => sum + value, 0);
        const { bars, width } = shareBar('x', given);
        const end = Math.max(0, ...bars.map((bar) => bar.x + bar.width));
        if (total > 0) expect(Math.abs(end - width)).toBeLessThan(1);
      }),
    );
  });
});
