import { type Pence } from '#kernel';

/** A request's total, and how much of it recovered money pays for: the funder is asked for the rest. */
export interface Asked {
  readonly totalPence: Pence;
  readonly recoveredPence: Pence;
  readonly requestedPence: Pence;
}

/**
 * Money recovered from authorities is owed to the funder: a request uses all of it that is unused, at most its total, and asks
 * for the rest (docs/domain.md, Getting paid). `unusedPence` is negative after a recovery that had been used came undone: then
 * nothing is used until as much is recovered again.
 */
export function askedFor(totalPence: Pence, unusedPence: Pence): Asked {
  const recoveredPence = Math.min(totalPence, Math.max(0, unusedPence));
  return { totalPence, recoveredPence, requestedPence: totalPence - recoveredPence };
}
