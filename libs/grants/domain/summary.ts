import { sumPence, type Pence } from '#kernel';
import type { Underspend } from '#programme/domain';
import { grantQuarters, quarterShares, workOutGrant } from './amount.js';
import type { GrantFacts, GrantSummary, QuarterFigures, QuarterRecord, QuarterState, YearFigures } from './figures.js';
import { estimateQuarter, heldDays, runRate, type RunRate } from './forecast.js';
import { financialYearOf, financialYearTo, type Quarter } from './quarters.js';
import { explainQuarter, explainTotals } from './working.js';

const NOTHING: QuarterRecord = { spentPence: 0, entryCount: 0, enteredForecastPence: null, varianceReason: null };

/** Every figure of a grant with its working: spent so far, what is entered as forecast, else the run rate of the post. */
export function summariseGrant(facts: GrantFacts): GrantSummary {
  const { amountPence: workedOutPence, working } = workOutGrant(facts.terms);
  const amountPence = facts.receipt?.amountPence ?? workedOutPence;
  const shares = quarterShares(facts.terms, amountPence);
  const recorded = (quarter: Quarter): QuarterRecord => facts.quarters.get(quarter.code) ?? NOTHING;
  const all = grantQuarters(facts.terms);
  const vacant = new Set(all.slice(0, facts.terms.vacantQuarters).map(({ code }) => code));
  // What was spent in such a quarter says that it was filled sooner.
  const held = (quarter: Quarter): number =>
    heldDays(facts.holders, quarter, vacant.has(quarter.code) && recorded(quarter).spentPence === 0);
  const over = all
    .filter((quarter) => stateOf(quarter, recorded(quarter), facts.today) === 'recorded')
    .map((quarter) => ({ heldDays: held(quarter), spentPence: recorded(quarter).spentPence }));
  const rate = runRate(over);
  const quarters = all.map((quarter) =>
    quarterFigures(facts, {
      quarter,
      record: recorded(quarter),
      sharePence: shares.get(quarter.code) ?? 0,
      held: held(quarter),
      rate,
    }),
  );
  const years = yearFigures(quarters, facts.underspend);
  const spentPence = sumPence(quarters.map((one) => one.spentPence));
  const forecastPence = sumPence(quarters.map((one) => one.forecastPence));
  const ended = years.filter(({ year }) => financialYearTo(year) < facts.today);
  const returnedPence = sumPence(ended.map((one) => one.returnedPence));
  const totals = {
    amountPence,
    workedOutPence,
    spentPence,
    forecastPence,
    returnedPence,
    leftPence: amountPence - spentPence - returnedPence,
    forecastUnderspendPence: amountPence - spentPence - forecastPence,
  };
  const explained = quarters.map((one) => explainQuarter(facts.terms, one, rate));
  return { ...totals, quarters, years, working: [working, ...explained, ...explainTotals(facts, totals)] };
}

function stateOf(quarter: Quarter, record: QuarterRecord, today: string): QuarterState {
  if (today < quarter.from) return 'coming';
  if (today <= quarter.to) return 'current';
  return record.entryCount > 0 ? 'recorded' : 'awaited';
}

interface Known {
  quarter: Quarter;
  record: QuarterRecord;
  sharePence: Pence;
  /** Days. */
  held: number;
  rate: RunRate | null;
}

function quarterFigures(facts: GrantFacts, { quarter, record, sharePence, held, rate }: Known): QuarterFigures {
  const state = stateOf(quarter, record, facts.today);
  const expected = record.enteredForecastPence ?? estimateQuarter(facts.terms, quarter, held, rate);
  const done = state === 'recorded';
  return {
    ...record,
    quarter,
    state,
    sharePence,
    heldDays: held,
    forecastPence: done ? 0 : Math.max(0, expected - record.spentPence),
    variancePence: done ? record.spentPence - (record.enteredForecastPence ?? sharePence) : null,
  };
}

/** Underspend goes on to the next year; under other conditions it goes back, and only an overspend goes on. */
function yearFigures(quarters: readonly QuarterFigures[], underspend: Underspend): YearFigures[] {
  const numbers = [...new Set(quarters.map(({ quarter }) => financialYearOf(quarter.from)))];
  let broughtForwardPence = 0;
  return numbers.map((year, at) => {
    const own = quarters.filter(({ quarter }) => financialYearOf(quarter.from) === year);
    const sum = (of: (one: QuarterFigures) => Pence): Pence => sumPence(own.map(of));
    const sharePence = sum((one) => one.sharePence);
    const spentPence = sum((one) => one.spentPence);
    const forecastPence = sum((one) => one.forecastPence);
    const unspent = broughtForwardPence + sharePence - spentPence - forecastPence;
    const goesBack = underspend === 'returned_at_year_end' && at < numbers.length - 1;
    const returnedPence = goesBack ? Math.max(0, unspent) : 0;
    const carriedForwardPence = unspent - returnedPence;
    const figures = {
      ...{ year, broughtForwardPence, sharePence, spentPence, forecastPence },
      ...{ returnedPence, carriedForwardPence },
    };
    broughtForwardPence = carriedForwardPence;
    return figures;
  });
}
