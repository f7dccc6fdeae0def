import type { FontFace } from './font-face.js';
import { fontRuns, printable, type Weight } from './fonts.js';

/** How a text looks. `size` and `leading` (distance between baselines) in points. */
export interface TextStyle {
  weight: Weight;
  size: number;
  leading: number;
  colour: string;
  /** Figures of one width (OpenType `tnum`), so that amounts under each other align. */
  tabular?: boolean;
}

const TABULAR = ['tnum'];

/** The OpenType features of a style. */
const featuresOf = (style: TextStyle): string[] | undefined => (style.tabular === true ? TABULAR : undefined);

interface PlacedRun {
  face: FontFace;
  text: string;
  /** Points. */
  width: number;
}

export interface TextLine {
  runs: PlacedRun[];
  width: number;
}

/** One line, whatever its length; what goes beyond `width` points is left out. */
export function singleLine(text: string, style: TextStyle, width = Infinity): TextLine {
  const [first] = wrapText(text, style, width);
  return first ?? { runs: [], width: 0 };
}

/**
 * Breaks a text into lines no wider than `width` points, at spaces, and inside a word only when it is wider than a line. The
 * space at a break stays, unmeasured, at the end of its line: a screen reader would run the two words together without it.
 */
export function wrapText(text: string, style: TextStyle, width: number): TextLine[] {
  const whole = printable(text);
  const line = placed(whole, style);
  if (line.width <= width) return [line];
  const lines: TextLine[] = [];
  let open = '';
  let openWidth = 0;
  for (const { text: piece, space } of pieces(whole, style, width)) {
    const spaced = space ? ` ${piece}` : piece;
    const added = placed(spaced, style).width;
    if (open !== '' && openWidth + added > width) {
      lines.push({ ...placed(space ? `${open} ` : open, style), width: openWidth });
      open = piece;
      openWidth = placed(piece, style).width;
    } else {
      open += spaced;
      openWidth += added;
    }
  }
  lines.push(placed(open, style));
  return lines;
}

/** The words of a text, those too long for a line in pieces; `space` says whether a space comes before. */
function pieces(text: string, style: TextStyle, width: number): { text: string; space: boolean }[] {
  return text
    .split(' ')
    .flatMap((word, index) =>
      fittingParts(word, style, width).map((part, cut) => ({ text: part, space: index > 0 && cut === 0 })),
    );
}

/** A word as it is, or, when a line cannot hold it, cut between letters (never between a letter and its marks). */
function fittingParts(word: string, style: TextStyle, width: number): string[] {
  if (placed(word, style).width <= width) return [word];
  const parts: string[] = [];
  let open = '';
  for (const [cluster] of word.matchAll(/\P{M}\p{M}*|\p{M}+/gu)) {
    if (open !== '' && placed(open + cluster, style).width > width) {
      parts.push(open);
      open = '';
    }
    open += cluster;
  }
  return [...parts, open];
}

function placed(text: string, style: TextStyle): TextLine {
  let width = 0;
  const runs = fontRuns(text, style.weight).map(({ face, text: piece }) => {
    const own = (face.width(piece, featuresOf(style)) * style.size) / 1000;
    width += own;
    return { face, text: piece, width: own };
  });
  return { runs, width };
}
