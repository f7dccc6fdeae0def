import { describe, expect, it } from '@jest/globals';
import { faces, fontRuns, printable, unsupportedCharacter } from './fonts.js';

describe('the embedded fonts', () => {
  it('draw every character that is taken for plain', () => {
    const plain = Array.from({ length: 0x7f - 0x20 }, (_, index) => String.fromCharCode(0x20 + index)).join('');
    for (const weight of ['regular', 'bold'] as const) {
      for (const character of `${plain}£·–‘’“”…`) {
        expect([character, faces(weight)[0]?.covers(character.codePointAt(0) ?? 0)]).toEqual([character, true]);
      }
    }
  });

  it('accept Latin, Greek, Cyrillic and Vietnamese names, composed or not', () => {
    const names = ['Żółć', 'Ελληνική', 'Общество «Тренер»', 'Nguyễn', 'Zoe\u0308', 'Ǆ', 'x̂', '№ 7', '½ × 3'];
    expect(names.map(unsupportedCharacter)).toEqual(names.map(() => null));
  });

  it.each([
    ['Bad 😀 name', '😀'],
    ['東京', '東'],
    ['שלום', 'ש'],
    ['line\nbreak', '\n'],
    ['half \ud800 a pair', '\ud800'],
    ['\u0000', '\u0000'],
  ])('name the first character of %j that they lack', (text, character) => {
    expect(unsupportedCharacter(text)).toBe(character);
  });

  it('ignore what is invisible by definition', () => {
    expect(unsupportedCharacter('soft\u00adhyphen and\u200bspace')).toBeNull();
    expect(printable('soft\u00adhyphen  and\u200b \u00a0space ')).toBe('softhyphen and space');
  });
});

describe('fontRuns', () => {
  it('splits by font and loses nothing', () => {
    const text = 'A Ωμέγα Ltd и Ко';
    const runs = fontRuns(text, 'regular');
    expect(runs.map((run) => run.text).join('')).toBe(text);
    expect(runs.map((run) => run.face.postscriptName)).toEqual([
      'PublicSans-Regular',
      'NotoSans-Regular',
      'PublicSans-Regular',
      'NotoSans-Regular',
    ]);
  });

  it('keeps a letter and its mark in one font that can place the mark', () => {
    const runs = fontRuns('x\u0302 y', 'bold');
    expect(runs[0]?.text.startsWith('x\u0302')).toBe(true);
    expect(runs[0]?.face.postscriptName).toBe('NotoSans-SemiBold');
  });

  it('throws for a character it would print as a box', () => {
    expect(() => fontRuns('😀', 'regular')).toThrow('U+1F600');
  });
});

describe('FontFace', () => {
  it('knows what a glyph stands for whatever was embedded before', () => {
    const [face] = faces('bold');
    const subset = face?.createSubset();
    // À is made of A and grave: encoding it makes fontkit load both without their characters.
    for (const glyph of face?.layout('ÀÇÑ').glyphs ?? []) subset?.includeGlyph(glyph.id as never);
    subset?.encode();
    expect(face?.layout('ANC`').glyphs.flatMap(({ codePoints }) => codePoints)).toEqual([0x41, 0x4e, 0x43, 0x60]);
  });
});
