import { sumPence, type MilliDays } from '#kernel';
import type { ProgrammeTerms } from '#programme/domain';
import type { TrainerBody } from './claim-body.js';
import { trainerKeys, Trainers } from './duplicates.js';
import { daysByAllocation, sumCategories, type CountedLine } from './line-figures.js';

/** A reviewer's decision on a line, by its path in the body. Lines that no decision names are allowed. */
export interface LineDecision {
  readonly path: string;
  readonly decision: 'allow' | 'disallow';
}

/** A submitted claim: its trainers in the order of its invoices, and its lines with the figures frozen at submission. */
export interface Submitted {
  readonly trainers: readonly TrainerBody[];
  readonly lines: readonly CountedLine[];
}

/** Pence of one category: what was claimed, what is approved, what a credit note takes back. Days as thousandths. */
export interface ApprovedCategory {
  readonly claimedPence: number;
  readonly approvedPence: number;
  readonly creditPence: number;
  /** Net of the disallowed lines. */
  readonly creditNetPence: number;
  readonly claimedEligiblePence: number;
  readonly approvedEligiblePence: number;
  readonly approvedFundedDays: MilliDays;
}

export interface AllowedAmounts {
  /** Every category of the programme. */
  readonly categories: Readonly<Record<string, ApprovedCategory>>;
  readonly claimedPence: number;
  readonly approvedPence: number;
  /** Claimed − approved: the amount of the credit note; none is issued for nothing. */
  readonly creditPence: number;
  /** Days of each allocation that the approved lines use, and that the disallowed ones give back. */
  readonly usedDays: Readonly<Record<string, MilliDays>>;
  readonly releasedDays: Readonly<Record<string, MilliDays>>;
  /** Paths of all disallowed lines, the travel that goes with a trainer's training included. */
  readonly disallowed: readonly string[];
  /** The travel lines among them that no decision named. */
  readonly consequential: readonly string[];
  /** Disallowing everything is a rejection, not an approval. */
  readonly allDisallowed: boolean;
}

/**
 * Adds up the allowed lines of a submitted claim, whose figures stay as they were frozen, and takes the shares of its frozen
 * terms afresh (docs/domain.md, Line decisions): so the credit is a difference, never a rounded share of its own.
 * When a trainer's last training line is disallowed, that trainer's travel is too.
 */
export function recalculateAllowed(
  { trainers, lines }: Submitted,
  terms: ProgrammeTerms,
  decisions: readonly LineDecision[],
): AllowedAmounts {
  const named = new Set(decisions.filter((item) => item.decision === 'disallow').map((item) => item.path));
  const consequential = new Set(travelWithoutTraining(trainers, lines, named));
  const isAllowed = (line: CountedLine) => !named.has(line.path) && !consequential.has(line.path);
  const allowed = lines.filter(isAllowed);
  const disallowed = lines.filter((line) => !isAllowed(line));

  const claimed = sumCategories(terms, lines);
  const approved = sumCategories(terms, allowed);
  const categories = Object.fromEntries(
    claimed.map((before, at): [string, ApprovedCategory] => {
      const after = approved[at] ?? before;
      return [
        before.category.code,
        {
          claimedPence: before.reimbursementPence,
          approvedPence: after.reimbursementPence,
          creditPence: before.reimbursementPence - after.reimbursementPence,
          creditNetPence: before.netPence - after.netPence,
          claimedEligiblePence: before.eligiblePence,
          approvedEligiblePence: after.eligiblePence,
          approvedFundedDays: after.fundedDays,
        },
      ];
    }),
  );
  const total = (of: 'claimedPence' | 'approvedPence' | 'creditPence') =>
    sumPence(Object.values(categories).map((category) => category[of]));
  return {
    categories,
    claimedPence: total('claimedPence'),
    approvedPence: total('approvedPence'),
    creditPence: total('creditPence'),
    usedDays: daysByAllocation(allowed),
    releasedDays: daysByAllocation(disallowed),
    disallowed: disallowed.map((line) => line.path),
    consequential: [...consequential],
    allDisallowed: allowed.length === 0,
  };
}

/** Travel that is not named, of trainers whose training is among the named lines and none of whose training is left. */
export function travelWithoutTraining(
  trainers: readonly TrainerBody[],
  lines: readonly CountedLine[],
  named: ReadonlySet<string>,
): string[] {
  const keys = trainers.map(trainerKeys);
  const withTraining = (isNamed: boolean) => {
    const training = lines.filter((line) => line.kind === 'training' && named.has(line.path) === isNamed);
    return new Trainers([...new Set(training.map((line) => line.invoiceAt))].map((at) => keys[at]!));
  };
  const [left, gone] = [withTraining(false), withTraining(true)];
  const loses = keys.map((trainer) => gone.has(trainer) && !left.has(trainer));
  return lines
    .filter((line) => line.kind === 'travel' && !named.has(line.path) && loses[line.invoiceAt])
    .map((line) => line.path);
}
