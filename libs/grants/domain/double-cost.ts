import type { Pence } from '#kernel';

/** As much of a cost as tells whether another is the same one. */
export interface CostMarks {
  /** The supplier's reference without case, spaces and punctuation; null without one. */
  readonly referenceKey: string | null;
  readonly date: string | null;
}

/**
 * Whether an entry of the grant and a trainer invoice of a claim look like one cost: two of supplier reference, amount and
 * date agree (the guide keeps the grant and the claims apart; which marks count is decided here). An invoice's amount is
 * its net or, for whoever enters what was paid, its gross.
 */
export function looksLikeSameCost(
  entry: CostMarks & { readonly amountPence: Pence },
  invoice: CostMarks & { readonly netPence: Pence; readonly grossPence: Pence },
): boolean {
  const reference = entry.referenceKey !== null && entry.referenceKey === invoice.referenceKey;
  const date = entry.date !== null && entry.date === invoice.date;
  const amount =
    entry.amountPence > 0 && (entry.amountPence === invoice.netPence || entry.amountPence === invoice.grossPence);
  return [reference, date, amount].filter(Boolean).length >= 2;
}
