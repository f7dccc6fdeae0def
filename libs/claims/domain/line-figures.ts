import { costOfDays, malformed, multiplyDays, parseDays, share, sumPence, type MilliDays, type Problem } from '#kernel';
import { atCostCategory, categoryOf, nearestRate, type Category, type ProgrammeTerms } from '#programme/domain';
import { isTraining, placedLines, type ClaimBody, type PlacedLine, type TrainingLineBody } from './claim-body.js';

/** The figures of one line: pence, and days in thousandths. Stored with the line at submission and never changed after. */
export interface LineFigures {
  readonly path: string;
  readonly invoiceAt: number;
  readonly lineAt: number;
  readonly kind: 'training' | 'travel';
  readonly category: string;
  /** Null for what is reimbursed at cost: it draws no days. */
  readonly allocation: string | null;
  readonly trainerDays: MilliDays | null;
  /** The funded rate for a trainer-day; null at cost. */
  readonly ratePence: number | null;
  readonly netPence: number;
  readonly vatPence: number;
  /** Rate × trainer-days; null at cost, where nothing caps the line. */
  readonly fundedCostPence: number | null;
  readonly eligiblePence: number;
  /** What the trainer charged above the funded cost; it stays with the authority. */
  readonly aboveRatePence: number;
  /** What the line draws from the allocation. */
  readonly fundedDays: MilliDays;
}

/** As much of a line as its sums need: calculated now, or frozen at submission. */
export type CountedLine = Pick<
  LineFigures,
  | 'path'
  | 'invoiceAt'
  | 'kind'
  | 'category'
  | 'allocation'
  | 'trainerDays'
  | 'netPence'
  | 'eligiblePence'
  | 'fundedDays'
>;

/** The figures of one category: the sum of its lines, and its share of their eligible cost, rounded once. */
export interface CategorySums {
  readonly category: Category;
  readonly lineCount: number;
  readonly netPence: number;
  readonly eligiblePence: number;
  readonly reimbursementPence: number;
  readonly trainerDays: MilliDays;
  readonly fundedDays: MilliDays;
}

/**
 * Calculates every line as it is written, whether or not it may be claimed (docs/domain.md, Money 3 to 5). Throws malformed
 * when a line names a category that the programme does not have, since its figures would have nowhere to go.
 */
export function lineFigures(body: ClaimBody, terms: ProgrammeTerms): LineFigures[] {
  const problems: Problem[] = [];
  const figures = placedLines(body).flatMap((placed) => {
    const found = isTraining(placed) ? training(placed, terms) : atCost(placed, terms);
    if ('code' in found) problems.push(found);
    return 'code' in found ? [] : [found];
  });
  if (problems.length > 0) throw malformed(problems);
  return figures;
}

/** Whether the programme has a category for every line, so that its figures can be calculated. */
export const knowsCategories = (body: ClaimBody, terms: ProgrammeTerms): boolean =>
  placedLines(body).every(({ line }) =>
    line.kind === 'training' ? categoryOf(terms, line.category)?.kind === 'training' : atCostCategory(terms) !== null,
  );

function training(placed: PlacedLine<TrainingLineBody>, terms: ProgrammeTerms): LineFigures | Problem {
  const { line } = placed;
  const category = categoryOf(terms, line.category);
  if (category?.kind !== 'training') {
    const known = terms.categories.flatMap((item) => (item.kind === 'training' ? [item.code] : []));
    return unknown(
      `${placed.path}.category`,
      `The programme has no training category "${line.category}". Choose one of: ${known.join(', ')}.`,
    );
  }
  const trainerDays = parseDays(line.trainerDays);
  const figures = fundedFigures(terms, {
    rate: line.rate,
    firstDay: firstDay(line),
    trainerDays,
    netPence: line.netPence,
  });
  return {
    ...common(placed),
    category: category.code,
    allocation: category.allocation,
    trainerDays,
    ...figures,
    aboveRatePence: line.netPence - figures.eligiblePence,
  };
}

/** What is funded of training: by its rate code on its first delivery day, its trainer-days and its net. */
export function fundedFigures(
  terms: ProgrammeTerms,
  of: { rate: string; firstDay: string; trainerDays: MilliDays; netPence: number },
) {
  // A rate nobody knows funds nothing: the line is still shown, and rate_not_allowed says why it counts for nothing.
  const rate = nearestRate(terms, of.rate, of.firstDay);
  const fundedCostPence = rate ? costOfDays(rate.pencePerTrainerDay, of.trainerDays, terms.rounding.fundedCost) : 0;
  return {
    ratePence: rate?.pencePerTrainerDay ?? 0,
    fundedCostPence,
    eligiblePence: Math.min(of.netPence, fundedCostPence),
    fundedDays: rate ? multiplyDays(of.trainerDays, rate.fundedDaysPerTrainerDay, terms.rounding.fundedDays) : 0,
  };
}

function atCost(placed: PlacedLine, terms: ProgrammeTerms): LineFigures | Problem {
  const category = atCostCategory(terms);
  if (!category) return unknown(`${placed.path}.kind`, 'The programme pays for training only. Take this line out.');
  return {
    ...common(placed),
    category: category.code,
    allocation: null,
    trainerDays: null,
    ratePence: null,
    fundedCostPence: null,
    eligiblePence: placed.line.netPence,
    aboveRatePence: 0,
    fundedDays: 0,
  };
}

const common = ({ line, path, invoiceAt, lineAt }: PlacedLine) => ({
  path,
  invoiceAt,
  lineAt,
  kind: line.kind,
  netPence: line.netPence,
  vatPence: line.vatPence,
});

const unknown = (path: string, message: string): Problem => ({ path, code: 'unknown_category', message });

/** The day that decides a line's rate: its first delivery day, in whatever order the days are written. */
export const firstDay = (line: Pick<TrainingLineBody, 'deliveredOn'>): string =>
  line.deliveredOn.reduce((first, day) => (day < first ? day : first));

/**
 * Adds lines up by category, every category of the programme included. The share is taken of the sum and rounded once
 * (docs/domain.md, Money 6), so how a cost is spread over lines changes nothing.
 */
export function sumCategories(terms: ProgrammeTerms, lines: readonly CountedLine[]): CategorySums[] {
  const byCategory = new Map<string, CountedLine[]>();
  for (const line of lines) {
    const list = byCategory.get(line.category);
    if (list) list.push(line);
    else byCategory.set(line.category, [line]);
  }
  return terms.categories.map((category) => {
    const own = byCategory.get(category.code) ?? [];
    const eligiblePence = sumPence(own.map((line) => line.eligiblePence));
    return {
      category,
      lineCount: own.length,
      netPence: sumPence(own.map((line) => line.netPence)),
      eligiblePence,
      reimbursementPence: share(eligiblePence, category.share, terms.rounding.reimbursement),
      trainerDays: own.reduce((sum, line) => sum + (line.trainerDays ?? 0), 0),
      fundedDays: own.reduce((sum, line) => sum + line.fundedDays, 0),
    };
  });
}

/** The days lines draw from each allocation. */
export function daysByAllocation(lines: readonly CountedLine[]): Record<string, MilliDays> {
  const days = new Map<string, MilliDays>();
  for (const { allocation, fundedDays } of lines) {
    if (allocation !== null) days.set(allocation, (days.get(allocation) ?? 0) + fundedDays);
  }
  return Object.fromEntries(days);
}
