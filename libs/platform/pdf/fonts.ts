import { createRequire } from 'node:module';
import { FontFace } from './font-face.js';

export type Weight = 'regular' | 'bold';

/** A piece of text that one font can draw. */
interface FontRun {
  face: FontFace;
  text: string;
}

/**
 * The families in order of preference: Public Sans for Latin, Noto Sans for Greek, Cyrillic and what else it has.
 * Static files, since pdfkit embeds no variable fonts.
 */
const FILES: Record<Weight, readonly string[]> = {
  regular: [
    '@expo-google-fonts/public-sans/400Regular/PublicSans_400Regular.ttf',
    '@expo-google-fonts/noto-sans/400Regular/NotoSans_400Regular.ttf',
  ],
  bold: [
    '@expo-google-fonts/public-sans/600SemiBold/PublicSans_600SemiBold.ttf',
    '@expo-google-fonts/noto-sans/600SemiBold/NotoSans_600SemiBold.ttf',
  ],
};

let loaded: Record<Weight, readonly FontFace[]> | undefined;

/** The faces of a weight, parsed on first use and kept for the life of the process. */
export function faces(weight: Weight): readonly FontFace[] {
  loaded ??= { regular: FILES.regular.map(openFace), bold: FILES.bold.map(openFace) };
  return loaded[weight];
}

function openFace(file: string): FontFace {
  return new FontFace(createRequire(import.meta.url).resolve(file));
}

/** Invisible by definition (Unicode, Default_Ignorable_Code_Point): never drawn, so no font needs them. */
const IGNORABLE = /\p{Default_Ignorable_Code_Point}/gu;
/** A letter with the marks on it: the two belong in one font, or the mark lands beside its letter. */
const CLUSTER = /\P{M}\p{M}*|\p{M}+/gu;
const MARK = /\p{M}/u;
/** The common case, all of it in the first face (a test checks that): printable ASCII and what invoices add to it. */
const PLAIN = /^[\x20-\x7e£·–‘’“”…]*$/;

/** The text as it is drawn: composed (NFC), white space as single spaces, invisible characters left out. */
export function printable(text: string): string {
  if (PLAIN.test(text) && !text.includes('  ')) return text.trim();
  return text.normalize('NFC').replace(IGNORABLE, '').replace(/\s+/gu, ' ').trim();
}

/**
 * The first character of a text that none of the embedded fonts can draw, or null when all can be. Control characters and
 * halves of surrogate pairs cannot. A claim with such a character has the problem `unsupported_character`.
 */
export function unsupportedCharacter(text: string): string | null {
  if (PLAIN.test(text)) return null;
  for (const character of text.normalize('NFC').replace(IGNORABLE, '')) {
    const codePoint = character.codePointAt(0) ?? 0;
    const drawn =
      faces('regular').some((face) => face.covers(codePoint)) && faces('bold').some((face) => face.covers(codePoint));
    if (!drawn) return character;
  }
  return null;
}

/** Splits a printable text into runs of one font each. Throws for a character that no font has: it would print a box. */
export function fontRuns(text: string, weight: Weight): FontRun[] {
  const [first] = faces(weight);
  if (first !== undefined && PLAIN.test(text)) return text === '' ? [] : [{ face: first, text }];
  const runs: FontRun[] = [];
  for (const [cluster] of text.matchAll(CLUSTER)) {
    const last = runs.at(-1);
    for (const part of drawable(cluster, weight, last?.face)) {
      const open = runs.at(-1);
      if (open?.face === part.face) open.text += part.text;
      else runs.push(part);
    }
  }
  return runs;
}

/** A cluster in the first face that has all of it; failing that, each of its characters in the first face that has it. */
function drawable(cluster: string, weight: Weight, current: FontFace | undefined): FontRun[] {
  const family = faces(weight);
  // A space between two Greek words stays in the font of the words: fewer runs, even spacing.
  if (cluster === ' ' && current !== undefined) return [{ face: current, text: cluster }];
  // Marks that did not compose need anchors for letters that rarely carry them. The last family has them, the first not.
  const whole = (MARK.test(cluster) ? [...family].reverse() : family).find((face) => coversAll(face, cluster));
  if (whole !== undefined) return [{ face: whole, text: cluster }];
  return [...cluster].map((character) => {
    const face = family.find((candidate) => coversAll(candidate, character));
    if (face === undefined) throw new Error(`no embedded font has U+${hex(character)}: it should have been refused`);
    return { face, text: character };
  });
}

const coversAll = (face: FontFace, text: string): boolean =>
  [...text].every((character) => face.covers(character.codePointAt(0) ?? 0));

const hex = (character: string): string => (character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
