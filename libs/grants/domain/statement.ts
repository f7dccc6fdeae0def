import { sumPence, type Pence } from '#kernel';
import type { GrantFacts, GrantSummary, QuarterFigures } from './figures.js';
import { financialYearFrom, financialYearOf, financialYearTo } from './quarters.js';

/** A financial year of the grant as its annual statement accounts for it: what came, what went, what is there. */
export interface StatementFigures {
  readonly year: number;
  readonly from: string;
  readonly to: string;
  /** Received in earlier years less what was spent in them and is to be returned for them. */
  readonly openingPence: Pence;
  readonly receivedPence: Pence;
  readonly spentPence: Pence;
  /** To be returned for this year, once it is over; zero where underspend is carried forward. */
  readonly returnedPence: Pence;
  /** opening + received − spent − returned. Below zero the authority has spent before it received. */
  readonly closingPence: Pence;
  readonly quarters: readonly QuarterFigures[];
}

/** Null for a year that no quarter of the grant is in. */
export function statementFigures(facts: GrantFacts, summary: GrantSummary, year: number): StatementFigures | null {
  const [from, to] = [financialYearFrom(year), financialYearTo(year)];
  const quarters = summary.quarters.filter(({ quarter }) => financialYearOf(quarter.from) === year);
  if (quarters.length === 0) return null;
  const { receipt, today } = facts;
  const received = (within: (on: string) => boolean): Pence =>
    receipt !== null && within(receipt.receivedOn) ? receipt.amountPence : 0;
  const returned = (within: (year: number) => boolean): Pence =>
    sumPence(
      summary.years
        .filter((one) => within(one.year) && financialYearTo(one.year) < today)
        .map((one) => one.returnedPence),
    );
  const spentBefore = summary.years.filter((one) => one.year < year).map((one) => one.spentPence);
  const openingPence = received((on) => on < from) - sumPence(spentBefore) - returned((one) => one < year);
  // The grant's first statement takes in what came before its first quarter: it was paid around the start.
  const first = summary.years[0]?.year === year;
  const receivedPence = received((on) => on <= to && (first || on >= from));
  const spentPence = sumPence(quarters.map((one) => one.spentPence));
  const returnedPence = returned((one) => one === year);
  const opening = first ? 0 : openingPence;
  return {
    ...{ year, from, to, receivedPence, spentPence, returnedPence, quarters },
    openingPence: opening,
    closingPence: opening + receivedPence - spentPence - returnedPence,
  };
}
