import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { singleLine, wrapText, type TextStyle } from './text-layout.js';

const style: TextStyle = { weight: 'regular', size: 9, leading: 12, colour: '#000000' };
const textOf = (line: { runs: { text: string }[] }): string => line.runs.map((run) => run.text).join('');

describe('wrapText', () => {
  it('keeps every letter and space in order and no line wider than asked', () => {
    const word = fc.string({ unit: fc.constantFrom(...'abcWi.ΩжŁé0'), minLength: 1, maxLength: 60 });
    fc.assert(
      fc.property(
        fc.array(word, { minLength: 1, maxLength: 20 }),
        fc.integer({ min: 40, max: 300 }),
        (words, width) => {
          const lines = wrapText(words.join(' '), style, width);
          expect(lines.map(textOf).join('')).toBe(words.join(' '));
          for (const line of lines) expect(line.width).toBeLessThanOrEqual(width + 0.01);
        },
      ),
      { numRuns: 100 },
    );
  });

  it('breaks at spaces when words fit', () => {
    expect(wrapText('safety planning', style, 45).map(textOf)).toEqual(['safety ', 'planning']);
  });

  it('gives one empty line for an empty text', () => {
    expect(wrapText('', style, 100)).toEqual([{ runs: [], width: 0 }]);
  });
});

describe('singleLine', () => {
  it('leaves out what does not fit', () => {
    expect(textOf(singleLine('London Borough of Brent', style, 60))).toBe('London ');
  });

  it('measures tabular figures alike', () => {
    const tabular = { ...style, tabular: true };
    expect(singleLine('£1,111.11', tabular).width).toBeCloseTo(singleLine('£8,888.88', tabular).width);
    expect(singleLine('1111', style).width).toBeLessThan(singleLine('8888', style).width);
  });
});
