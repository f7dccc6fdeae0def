import { formatDays, formatPence, sumPence, type MilliDays, type Pence, type Problem } from '#kernel';
import type { ProgrammeTerms } from '#programme/domain';
import type { TrainerBody } from './claim-body.js';
import { travelWithoutTraining } from './line-decisions.js';
import { daysByAllocation, fundedFigures, sumCategories, type CountedLine } from './line-figures.js';

/** A line as it stands: as it was approved, or as the last adjustment that named it left it. */
export interface StandingLine extends CountedLine {
  /** By what training is funded; null for what is reimbursed at cost. */
  readonly funding: { readonly rate: string; readonly firstDay: string } | null;
}

/** What should have been claimed of a line: its right net, its right trainer-days, or both; without either nothing. */
export interface LineChange {
  readonly path: string;
  readonly netPence?: Pence;
  readonly trainerDays?: MilliDays;
}

/** A line as an adjustment finds and leaves it. */
export interface AdjustedLine {
  readonly before: CountedLine;
  /** Pence and thousandths of a day; zeros where it goes whole. */
  readonly after: Pick<CountedLine, 'netPence' | 'eligiblePence' | 'fundedDays' | 'trainerDays'>;
  /** Travel that nobody named: its trainer has no training left in the claim. */
  readonly consequential: boolean;
}

/** What an adjustment takes back of a category. */
export interface AdjustedCategory {
  readonly netPence: Pence;
  readonly eligiblePence: Pence;
  readonly reimbursementPence: Pence;
  readonly fundedDays: MilliDays;
}

export interface AdjustedAmounts {
  /** Every category of the programme. */
  readonly categories: Readonly<Record<string, AdjustedCategory>>;
  readonly amountPence: Pence;
  /** Days given back to each allocation. */
  readonly releasedDays: Readonly<Record<string, MilliDays>>;
  readonly lines: readonly AdjustedLine[];
}

/** What stands of a claim: its trainers in the order of its invoices, and its lines without those that are gone. */
export interface Standing {
  readonly trainers: readonly TrainerBody[];
  readonly lines: readonly StandingLine[];
}

/**
 * Takes back what should not have been reimbursed: the claim's lines as they stand, added up with and without the changes
 * under its frozen terms (docs/domain.md, Adjustments). The amount is a difference, so that all adjustments of a claim
 * together come to what was approved less what is left, to the penny. The changes are possible ones (`changeProblems`).
 */
export function adjustLines(
  { trainers, lines }: Standing,
  terms: ProgrammeTerms,
  changes: readonly LineChange[],
): AdjustedAmounts {
  const byPath = new Map(changes.map((change) => [change.path, change]));
  const whole = new Set(changes.filter(goesWhole).map(({ path }) => path));
  const consequential = new Set(travelWithoutTraining(trainers, lines, whole));
  const pairs = lines.map((line) => {
    const change = consequential.has(line.path) ? { path: line.path } : byPath.get(line.path);
    return { line, change, after: change ? changed(line, terms, change) : line };
  });
  const before = sumCategories(terms, lines);
  const left = sumCategories(terms, pairs.map(({ line, after }) => ({ ...line, ...after }))); // prettier-ignore
  const categories = before.map((was, at): [string, AdjustedCategory] => [
    was.category.code,
    {
      netPence: was.netPence - left[at]!.netPence,
      eligiblePence: was.eligiblePence - left[at]!.eligiblePence,
      reimbursementPence: was.reimbursementPence - left[at]!.reimbursementPence,
      fundedDays: was.fundedDays - left[at]!.fundedDays,
    },
  ]);
  return {
    categories: Object.fromEntries(categories),
    amountPence: sumPence(categories.map(([, category]) => category.reimbursementPence)),
    releasedDays: daysByAllocation(
      pairs.map(({ line, after }) => ({ ...line, fundedDays: line.fundedDays - after.fundedDays })),
    ),
    lines: pairs.flatMap(({ line, change, after }) =>
      change ? [{ before: line, after: figuresOf(after), consequential: consequential.has(line.path) }] : [],
    ),
  };
}

const goesWhole = (change: LineChange): boolean => change.netPence === undefined && change.trainerDays === undefined;

const figuresOf = ({ netPence, eligiblePence, fundedDays, trainerDays }: AdjustedLine['after']) => ({
  ...{ netPence, eligiblePence, fundedDays, trainerDays },
});

/** Less never becomes more: whatever today's code makes of a line, it does not go above what was frozen. */
function changed(line: StandingLine, terms: ProgrammeTerms, change: LineChange): AdjustedLine['after'] {
  if (goesWhole(change)) {
    return { netPence: 0, eligiblePence: 0, fundedDays: 0, trainerDays: line.trainerDays === null ? null : 0 };
  }
  const netPence = change.netPence ?? line.netPence;
  if (line.funding === null || line.trainerDays === null) {
    return { netPence, eligiblePence: Math.min(line.eligiblePence, netPence), fundedDays: 0, trainerDays: null };
  }
  const trainerDays = change.trainerDays ?? line.trainerDays;
  const { eligiblePence, fundedDays } = fundedFigures(terms, { ...line.funding, trainerDays, netPence });
  return {
    netPence,
    trainerDays,
    eligiblePence: Math.min(line.eligiblePence, eligiblePence),
    fundedDays: Math.min(line.fundedDays, fundedDays),
  };
}

/**
 * Why changes cannot be made, at `lines[i]` of the order they are given in; empty when they can. A line that does not stand
 * (disallowed, or gone by an earlier adjustment) cannot be changed, none is raised, and each change changes something.
 */
export function changeProblems(lines: readonly StandingLine[], changes: readonly LineChange[]): Problem[] {
  const byPath = new Map(lines.map((line) => [line.path, line]));
  return changes.flatMap((change, at): Problem[] => {
    const found = whyNot(byPath.get(change.path), change);
    return found ? [{ path: `lines[${at}].${found[0]}`, code: 'line_not_adjustable', message: found[1] }] : [];
  });
}

function whyNot(line: StandingLine | undefined, change: LineChange): [field: string, message: string] | null {
  if (!line) return ['lineId', 'Nothing of this line is reimbursed any more: it was disallowed or taken back before.'];
  const { netPence, trainerDays } = change;
  if (trainerDays !== undefined && line.trainerDays === null) {
    return ['trainerDays', 'This line is reimbursed at cost and has no trainer-days. Give its right net amount.'];
  }
  if (netPence !== undefined && netPence > line.netPence) {
    return ['netPence', `The line stands at ${formatPence(line.netPence)} net; an adjustment never raises it.`];
  }
  if (trainerDays !== undefined && trainerDays > line.trainerDays!) {
    const days = formatDays(line.trainerDays!);
    return ['trainerDays', `The line stands at ${days} trainer-days; an adjustment never raises them.`];
  }
  const same =
    !goesWhole(change) &&
    (netPence ?? line.netPence) === line.netPence &&
    (trainerDays ?? line.trainerDays) === line.trainerDays;
  return same ? ['lineId', 'This leaves the line as it stands. Leave it out, or give its right figures.'] : null;
}
