/** What following another statement of its account asks of a statement. Amounts in pence. */
export interface Neighbour {
  sequence: number | null;
  openingPence: number;
  closingPence: number;
  /** The last day it tells of. */
  endsOn: string;
}

/** Something between a statement and the one before it that was never loaded. */
export type StatementGap =
  | { code: 'sequence_missing'; missingFrom: number; missingTo: number }
  | { code: 'opening_differs'; expectedPence: number; foundPence: number };

/**
 * What is missing before a statement: numbers between the one before and its own, and money that neither accounts for.
 * Banks begin again at 1 in a new year (camt.053, ElctrncSeqNb; MT940, 28C). The first statement of an account misses nothing.
 */
export function gapsBetween(before: Neighbour | null, statement: Neighbour): StatementGap[] {
  if (before === null) return [];
  const gaps: StatementGap[] = [];
  const missing = missingNumbers(before, statement);
  if (missing) gaps.push({ code: 'sequence_missing', ...missing });
  if (before.closingPence !== statement.openingPence) {
    gaps.push({ code: 'opening_differs', expectedPence: before.closingPence, foundPence: statement.openingPence });
  }
  return gaps;
}

function missingNumbers(before: Neighbour, { sequence, endsOn }: Neighbour) {
  if (before.sequence === null || sequence === null) return null;
  const anew = before.endsOn.slice(0, 4) !== endsOn.slice(0, 4) && sequence <= before.sequence;
  const missingFrom = anew ? 1 : before.sequence + 1;
  return sequence > missingFrom ? { missingFrom, missingTo: sequence - 1 } : null;
}
