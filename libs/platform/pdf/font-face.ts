import type { Font, Glyph, GlyphPosition, Subset } from 'fontkit';
import { openSync } from 'fontkit';

/** What pdfkit reads of a laid-out piece of text. Advances in thousandths of the font size. */
interface FaceRun {
  glyphs: { id: number; advanceWidth: number; codePoints: number[] }[];
  positions: Pick<GlyphPosition, 'xAdvance' | 'yAdvance' | 'xOffset' | 'yOffset'>[];
  advanceWidth: number;
}

/**
 * Laid-out words kept per face, some kilobytes each. Invoices repeat a few hundred words; the rest is numbers that never
 * come again, so a larger store would only hold more of those.
 */
const MAX_RUNS = 4_000;

/**
 * A font parsed once and shared by every document. It shows pdfkit the part of fontkit's Font which pdfkit uses, scaled to
 * 1000 units an em, and remembers the shaping of words across documents (pdfkit itself forgets them with each document).
 */
export class FontFace {
  readonly unitsPerEm = 1000;
  readonly ascent: number;
  readonly descent: number;
  readonly lineGap: number;
  readonly xHeight: number;
  readonly capHeight: number;
  readonly italicAngle: number;
  readonly bbox: { minX: number; minY: number; maxX: number; maxY: number };
  readonly postscriptName: string;
  readonly post: unknown;
  readonly head: unknown;
  readonly 'OS/2': unknown;

  readonly #font: Font;
  readonly #scale: number;
  readonly #runs = new Map<string, FaceRun>();
  readonly #covered: ReadonlySet<number>;

  constructor(file: string) {
    const opened = openSync(file);
    if (!('createSubset' in opened)) throw new Error(`${file} is a font collection, not a font`);
    const font = opened;
    const scale = 1000 / font.unitsPerEm;
    this.#font = font;
    this.#scale = scale;
    this.#covered = new Set(font.characterSet);
    this.ascent = font.ascent * scale;
    this.descent = font.descent * scale;
    this.lineGap = font.lineGap * scale;
    this.xHeight = font.xHeight * scale;
    this.capHeight = font.capHeight * scale;
    this.italicAngle = font.italicAngle;
    const { minX, minY, maxX, maxY } = font.bbox;
    this.bbox = { minX: minX * scale, minY: minY * scale, maxX: maxX * scale, maxY: maxY * scale };
    this.postscriptName = font.postscriptName;
    const tables = font as unknown as Record<string, unknown>;
    this.post = tables['post'];
    this.head = tables['head'];
    this['OS/2'] = tables['OS/2'];
  }

  /** True when the font has a glyph for this code point that shows something: fonts map NUL and carriage return too. */
  covers(codePoint: number): boolean {
    return this.#covered.has(codePoint) && !isControl(codePoint);
  }

  /**
   * Width of a text in thousandths of the font size, measured as pdfkit draws it: word by word, or at once when OpenType
   * features are asked for.
   */
  width(text: string, features?: readonly string[]): number {
    if (features !== undefined) return this.layout(text, features).advanceWidth;
    let width = 0;
    let from = 0;
    for (let space = text.indexOf(' '); space !== -1; space = text.indexOf(' ', from)) {
      width += this.layout(text.slice(from, space + 1)).advanceWidth;
      from = space + 1;
    }
    return from < text.length ? width + this.layout(text.slice(from)).advanceWidth : width;
  }

  /** Called by pdfkit for each word. What it writes back (its own scale of 1) changes nothing in the kept run. */
  layout(text: string, features?: readonly string[]): FaceRun {
    const key = features === undefined ? text : `${features.join()}\0${text}`;
    let run = this.#runs.get(key);
    if (run === undefined) {
      if (this.#runs.size >= MAX_RUNS) this.#runs.clear();
      run = this.#shape(text, features);
      this.#runs.set(key, run);
    }
    return run;
  }

  getGlyph(id: number): { advanceWidth: number } {
    return { advanceWidth: this.#font.getGlyph(id).advanceWidth * this.#scale };
  }

  createSubset(): Subset {
    return this.#font.createSubset();
  }

  #shape(text: string, features: readonly string[] = []): FaceRun {
    const scale = this.#scale;
    // fontkit keeps each glyph with the characters it first stood for, and with none when embedding met it first (the acute
    // of an é). A document would then lose letters on copying, depending on what was rendered before it.
    (this.#font as unknown as { _glyphs: Record<number, Glyph> })._glyphs = {};
    const { glyphs, positions, advanceWidth } = this.#font.layout(text, [...features]);
    return {
      glyphs: glyphs.map(({ id, advanceWidth: width, codePoints }: Glyph) => ({
        id,
        advanceWidth: width * scale,
        codePoints,
      })),
      positions: positions.map((at) => ({
        xAdvance: at.xAdvance * scale,
        yAdvance: at.yAdvance * scale,
        xOffset: at.xOffset * scale,
        yOffset: at.yOffset * scale,
      })),
      advanceWidth: advanceWidth * scale,
    };
  }
}

const isControl = (codePoint: number): boolean => codePoint < 0x20 || (codePoint >= 0x7f && codePoint < 0xa0);
