import { divideRounded, pence, type Pence } from '#kernel';
import type { GrantTerms } from '#programme/domain';
import { daysFromTo, type Quarter } from './quarters.js';

/** A time in which somebody held the post; both dates belong to it, null is still held. */
export interface HeldPeriod {
  readonly startsOn: string;
  readonly endsOn: string | null;
}

const later = (a: string, b: string): string => (a > b ? a : b);
const earlier = (a: string, b: string): string => (a < b ? a : b);

/**
 * Days of a quarter on which the post was, or will be, held. Holders who overlap (a handover) count once: there is one
 * post. While no holder is recorded it counts as held throughout, but not in a quarter that the terms take off for filling it
 * (`presumedVacant`).
 */
export function heldDays(holders: readonly HeldPeriod[], quarter: Quarter, presumedVacant = false): number {
  if (holders.length === 0) return presumedVacant ? 0 : daysFromTo(quarter.from, quarter.to);
  const periods = holders
    .map(({ startsOn, endsOn }) => ({
      from: later(startsOn, quarter.from),
      to: earlier(endsOn ?? quarter.to, quarter.to),
    }))
    .filter(({ from, to }) => from <= to)
    .sort((a, b) => (a.from < b.from ? -1 : 1));
  let days = 0;
  let reached = '';
  for (const { from, to } of periods) {
    if (to <= reached) continue;
    days += daysFromTo(from, to) - (from <= reached ? daysFromTo(from, reached) : 0);
    reached = to;
  }
  return days;
}

/** What the post has cost so far: spending of quarters that are over, on this many days held. */
export interface RunRate {
  readonly spentPence: Pence;
  readonly days: number;
}

/** Null while no quarter that is over has spending recorded, or the post was held on none of its days. */
export function runRate(over: readonly { readonly heldDays: number; readonly spentPence: Pence }[]): RunRate | null {
  const days = over.reduce((sum, one) => sum + one.heldDays, 0);
  const spentPence = over.reduce((sum, one) => sum + one.spentPence, 0);
  return days === 0 ? null : { spentPence, days };
}

/**
 * What a quarter will cost, rounded half up to the penny: a day of the post so far × the days it will be held; without a
 * rate, the yearly cost of the terms for as much of the quarter.
 */
export function estimateQuarter(terms: GrantTerms, quarter: Quarter, held: number, rate: RunRate | null): Pence {
  const [amount, days] = rate
    ? [rate.spentPence, rate.days]
    : [terms.annualPence, 4 * daysFromTo(quarter.from, quarter.to)];
  return pence(Number(divideRounded(BigInt(amount) * BigInt(held), BigInt(days), 'half_up')));
}
