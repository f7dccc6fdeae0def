import { serialOfReference } from './payment-names.js';

/** A text as references are compared: in capitals, letters and digits only. Banks change case, spaces and punctuation. */
export const referenceKey = (text: string): string =>
  text
    .normalize('NFKC')
    .toUpperCase()
    .replace(/[^\p{L}\p{N}]/gu, '');

/** The words of a text, as `referenceKey` has them. */
export const wordsOf = (text: string): string[] =>
  text
    .normalize('NFKC')
    .toUpperCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '');

/** So short a reference is found only where it stands alone: it might be a part of anything. */
const SHORTEST_INSIDE = 6;

/** Whether a text holds a reference as a whole, however a bank spaced it. */
export function holdsReference(text: string, reference: string): boolean {
  const key = referenceKey(reference);
  if (key === '') return false;
  return key.length >= SHORTEST_INSIDE ? referenceKey(text).includes(key) : wordsOf(text).includes(key);
}

/** What people and scanners take for a digit. */
const LOOKALIKES: Readonly<Record<string, string>> = { O: '0', Q: '0', I: '1', L: '1', Z: '2', S: '5', B: '8' };
const asDigits = (word: string): string =>
  word.slice(0, 1) + word.slice(1).replace(/[OQILZSB]/g, (letter) => LOOKALIKES[letter]!);

/**
 * The word of a text that is a payment's reference with one slip: a character wrong, missing or too many, two swapped, or
 * letters for digits; or null. A word whose check digits are right is another payment's reference and no slip.
 */
export function nearReference(text: string, reference: string): string | null {
  if (serialOfReference(reference) === null) return null;
  const words = wordsOf(text);
  // A space that slipped in makes two words of one.
  const candidates = [...words, ...words.slice(1).map((word, at) => words[at]! + word)];
  for (const word of candidates) {
    if (word === reference || Math.abs(word.length - reference.length) > 1 || serialOfReference(word) !== null)
      continue;
    if (asDigits(word) === reference || isOneSlipAway(word, reference)) return word;
  }
  return null;
}

/** At most one insertion, deletion, substitution or swap of neighbours lies between them. */
export function isOneSlipAway(a: string, b: string): boolean {
  let start = 0;
  while (start < a.length && start < b.length && a[start] === b[start]) start++;
  let end = 0;
  while (end < a.length - start && end < b.length - start && a.at(-1 - end) === b.at(-1 - end)) end++;
  const [left, right] = [a.slice(start, a.length - end), b.slice(start, b.length - end)];
  if (left.length <= 1 && right.length <= 1) return true;
  return left.length === 2 && right.length === 2 && left[0] === right[1] && left[1] === right[0];
}
