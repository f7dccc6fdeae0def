/** The texts of a bank's line in which it may name payments. */
export interface LineTexts {
  endToEndId: string | null;
  reference: string | null;
  remittance: string | null;
  narrative: string | null;
  instructionId: string | null;
}

/** Stands in every end-to-end id of ours (payment-names.ts): the texts of others are not taken apart. */
const MARK = '-PR-';
const REFERENCE = /P[0-9]{10,17}/g;
const BETWEEN_WORDS = /[^A-Z0-9-]+/;
const NOTHING: readonly string[] = [];

/** The end-to-end id that the bank gives, if it may be one of ours. */
export const ownEndToEndId = ({ endToEndId }: Pick<LineTexts, 'endToEndId'>): string | null =>
  endToEndId !== null && endToEndId.includes(MARK) ? endToEndId : null;

/** What may be a payment's reference or end-to-end id anywhere in the texts of a line, each once. */
export function namesWithin(line: LineTexts): readonly string[] {
  const text = [line.reference, line.remittance, line.narrative, line.endToEndId, line.instructionId]
    .filter((part) => part !== null)
    .join(' ')
    .toUpperCase();
  const references = text.match(REFERENCE) ?? NOTHING;
  if (!text.includes(MARK)) return references.length < 2 ? references : [...new Set(references)];
  const ids = text.split(BETWEEN_WORDS).filter((word) => word.includes(MARK));
  return [...new Set([...references, ...ids])];
}
