import { InvalidValue, parseDays } from '#kernel';
import { categoryOf, type DayChange, type ProgrammeTerms } from '#programme';
import { atCostCategory } from '#programme/domain';
import { type ClaimRecord } from './claim-record.js';
import { linePath, type CountedLine } from './domain/index.js';

/** A line of a submitted claim, and what its review decided: allowed unless it says otherwise. */
export interface FrozenLine extends CountedLine {
  id: string;
  decision: 'allow' | 'disallow';
  decisionReason: string | null;
}

/**
 * A submitted claim's lines with the figures frozen in them: nothing is calculated anew. Throws InvalidValue for a line that
 * is not frozen, or not of a category of the claim's own terms.
 */
export function frozenLines(claim: ClaimRecord, terms: ProgrammeTerms): FrozenLine[] {
  return claim.invoices.flatMap((invoice, invoiceAt) =>
    invoice.lines.map((line, lineAt): FrozenLine => {
      const category = line.category === null ? atCostCategory(terms) : categoryOf(terms, line.category);
      if (!category || line.eligiblePence === null || line.fundedDays === null) {
        throw new InvalidValue(`line ${line.id} of claim ${claim.id} has no frozen figures`);
      }
      return {
        id: line.id,
        path: linePath(invoiceAt, lineAt),
        invoiceAt,
        kind: line.kind,
        category: category.code,
        allocation: category.kind === 'training' ? category.allocation : null,
        trainerDays: line.trainerDays === null ? null : parseDays(line.trainerDays),
        netPence: line.netPence,
        eligiblePence: line.eligiblePence,
        fundedDays: parseDays(line.fundedDays),
        decision: line.decision ?? 'allow',
        decisionReason: line.decisionReason,
      };
    }),
  );
}

/** Days by allocation as changes of one kind. Thousandths of a day. */
export const changesOf = (days: Readonly<Record<string, number>>, kind: DayChange['kind']): DayChange[] =>
  Object.entries(days).map(([category, amount]) => ({ category, kind, days: amount }));
