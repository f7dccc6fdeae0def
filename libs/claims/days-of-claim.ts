import { parseDays } from '#kernel';
import { categoryOf, type DayChange, type ProgrammeTerms } from '#programme';
import { type ClaimRecord } from './claim-record.js';

/** The funded days frozen in a claim's lines, added up by allocation, as changes of one kind. Thousandths of a day. */
export function daysOfClaim(claim: ClaimRecord, terms: ProgrammeTerms, kind: DayChange['kind']): DayChange[] {
  const sums = new Map<string, number>();
  for (const line of claim.invoices.flatMap((invoice) => invoice.lines)) {
    const category = line.category === null ? null : categoryOf(terms, line.category);
    if (category?.kind !== 'training' || line.fundedDays === null) continue;
    sums.set(category.allocation, (sums.get(category.allocation) ?? 0) + parseDays(line.fundedDays));
  }
  return changesOf(Object.fromEntries(sums), kind);
}

/** Days by allocation as changes of one kind. */
export const changesOf = (days: Readonly<Record<string, number>>, kind: DayChange['kind']): DayChange[] =>
  Object.entries(days).map(([category, amount]) => ({ category, kind, days: amount }));
