import { parseDays } from '#kernel';
import { type ProgrammeTerms } from '#programme';
import { type ApprovedAmounts } from './claim-record.js';

/** The days an approval uses, by allocation. Thousandths of a day. */
export function approvedDays(approved: ApprovedAmounts, terms: ProgrammeTerms): Record<string, number> {
  const days: Record<string, number> = {};
  for (const category of terms.categories) {
    const amount = approved[category.code]?.fundedDays;
    if (category.kind !== 'training' || !amount) continue;
    days[category.allocation] = (days[category.allocation] ?? 0) + parseDays(amount);
  }
  return days;
}
