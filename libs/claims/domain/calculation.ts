import { formatDays, sumPence } from '#kernel';
import type { ProgrammeTerms } from '#programme/domain';
import type { Calculation, CalculationFacts, CategoryFigures, Totals } from './calculation-types.js';
import type { ClaimBody } from './claim-body.js';
import { findProblems } from './eligibility.js';
import { lineFigures, sumCategories, type CategorySums, type LineFigures } from './line-figures.js';
import { explain } from './working.js';

export interface Assessment {
  readonly calculation: Calculation;
  /** In the order of the body. */
  readonly lines: readonly LineFigures[];
}

/** The calculation of a claim body: see `assess`. */
export function calculateClaim(body: ClaimBody, terms: ProgrammeTerms, facts: CalculationFacts): Calculation {
  return assess(body, terms, facts).calculation;
}

/** What a body comes to and how, before any rule is asked: no figure depends on a rule. */
export interface Reckoning {
  readonly figures: Omit<Calculation, 'problems'>;
  /** In the order of the body. */
  readonly lines: readonly LineFigures[];
}

/**
 * Calculates a claim and checks every rule: pure, so the same input always gives the same answer. The body's form is right
 * already; throws malformed only for a category that the programme does not have.
 */
export function assess(body: ClaimBody, terms: ProgrammeTerms, facts: CalculationFacts): Assessment {
  const { figures, lines } = reckon(body, terms);
  return { lines, calculation: { ...figures, problems: findProblems({ body, terms, facts, lines }) } };
}

/** The figures alone, with their working. Throws malformed only for a category that the programme does not have. */
export function reckon(body: ClaimBody, terms: ProgrammeTerms): Reckoning {
  const lines = lineFigures(body, terms);
  const sums = sumCategories(terms, lines);
  const totals = totalsOf(sums, lines);
  return {
    lines,
    figures: {
      categories: Object.fromEntries(sums.map((sum) => [sum.category.code, categoryFigures(sum)])),
      ...totals,
      working: explain(body, terms, lines, sums, totals),
    },
  };
}

function totalsOf(sums: readonly CategorySums[], lines: readonly LineFigures[]): Totals {
  const netPence = sumPence(sums.map((sum) => sum.netPence));
  const totalPence = sumPence(sums.map((sum) => sum.reimbursementPence));
  const vatPence = sumPence(lines.map((line) => line.vatPence));
  return {
    totalPence,
    grossPence: sumPence([netPence, vatPence]),
    vatPence,
    aboveRatePence: sumPence(lines.map((line) => line.aboveRatePence)),
    authorityPence: netPence - totalPence,
  };
}

function categoryFigures(sum: CategorySums): CategoryFigures {
  const { netPence, eligiblePence, reimbursementPence } = sum;
  const money = { netPence, eligiblePence, reimbursementPence };
  if (sum.category.kind === 'at_cost') return money;
  return { ...money, days: formatDays(sum.trainerDays), fundedDays: formatDays(sum.fundedDays) };
}
