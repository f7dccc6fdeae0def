import { formatPence, type Pence } from '#kernel';
import type { GrantTerms } from '#programme/domain';
import type { GrantWorking } from './amount.js';
import type { RunRate } from './forecast.js';
import type { GrantFacts, GrantSummary, QuarterFigures } from './figures.js';
import { daysFromTo } from './quarters.js';

const days = (count: number): string => `${count} ${count === 1 ? 'day' : 'days'}`;

/** How the forecast of one quarter came about. */
export function explainQuarter(terms: GrantTerms, figures: QuarterFigures, rate: RunRate | null): GrantWorking {
  const { quarter, forecastPence } = figures;
  return {
    for: `quarters.${quarter.code}.forecastPence`,
    text: `${quarter.label}: ${forecastText(terms, figures, rate)}`,
    inputs: {
      spentPence: figures.spentPence,
      heldDays: figures.heldDays,
      ...(figures.enteredForecastPence === null ? {} : { enteredForecastPence: figures.enteredForecastPence }),
      ...(rate ? { rateSpentPence: rate.spentPence, rateDays: rate.days } : {}),
    },
    resultPence: forecastPence,
  };
}

function forecastText(terms: GrantTerms, figures: QuarterFigures, rate: RunRate | null): string {
  const pounds = (value: Pence): string => formatPence(value, terms.currency);
  const { state, spentPence, forecastPence, enteredForecastPence, heldDays: held, quarter } = figures;
  if (state === 'recorded') return `${pounds(spentPence)} was spent and the quarter is over; nothing more is expected.`;
  const late = state === 'awaited' ? 'The quarter is over and no spending is recorded yet. ' : '';
  const left = spentPence === 0 ? '' : ` Less ${pounds(spentPence)} spent already: ${pounds(forecastPence)} to come.`;
  if (enteredForecastPence !== null) return `${late}${pounds(enteredForecastPence)} was entered as forecast.${left}`;
  const expected = estimated(figures);
  const of = rate
    ? `${pounds(rate.spentPence)} spent on ${days(rate.days)} so far × ${days(held)}`
    : `${pounds(terms.annualPence)} a year ÷ 4 × ${held} of ${days(daysFromTo(quarter.from, quarter.to))}`;
  const result = expected === null ? `at most ${pounds(spentPence)}` : pounds(expected);
  return `${late}The post is held on ${days(held)}; ${of} = ${result}.${left}`;
}

/** What a quarter without a forecast of its own was estimated at; null when more than that is spent already. */
const estimated = ({ forecastPence, spentPence }: QuarterFigures): Pence | null =>
  forecastPence === 0 && spentPence > 0 ? null : forecastPence + spentPence;

type Totals = Pick<
  GrantSummary,
  'amountPence' | 'workedOutPence' | 'spentPence' | 'forecastPence' | 'returnedPence' | 'leftPence'
> & { forecastUnderspendPence: Pence };

/** How the totals came about. */
export function explainTotals(facts: GrantFacts, totals: Totals): GrantWorking[] {
  const { terms, receipt, underspend } = facts;
  const pounds = (value: Pence): string => formatPence(value, terms.currency);
  const { amountPence, workedOutPence, spentPence, forecastPence, returnedPence, leftPence } = totals;
  const difference = amountPence - workedOutPence;
  const received =
    receipt === null
      ? `Not received yet: the amount worked out, ${pounds(workedOutPence)}, is counted with.`
      : difference === 0
        ? `${pounds(amountPence)} was received, as worked out.`
        : `${pounds(amountPence)} was received, ${pounds(Math.abs(difference))} ${difference < 0 ? 'less' : 'more'} than the ${pounds(workedOutPence)} worked out.`;
  const back = returnedPence === 0 ? '' : ` − ${pounds(returnedPence)} to be returned for years that are over`;
  const rule =
    underspend === 'carried_forward'
      ? 'Underspend is carried forward.'
      : 'Underspend of a financial year is returned at its end, except that of the last.';
  const under = totals.forecastUnderspendPence;
  const end = under < 0 ? ` The post will cost ${pounds(-under)} more than the grant.` : '';
  return [
    { for: 'amountPence', text: received, inputs: { workedOutPence }, resultPence: amountPence },
    {
      for: 'leftPence',
      text: `Left: ${pounds(amountPence)} − ${pounds(spentPence)} spent${back} = ${pounds(leftPence)}. ${rule}`,
      inputs: { amountPence, spentPence, returnedPence },
      resultPence: leftPence,
    },
    {
      for: 'forecastUnderspendPence',
      text: `Forecast underspend: ${pounds(amountPence)} − ${pounds(spentPence)} spent − ${pounds(forecastPence)} to come = ${pounds(under)}.${end}`,
      inputs: { amountPence, spentPence, forecastPence },
      resultPence: under,
    },
  ];
}
