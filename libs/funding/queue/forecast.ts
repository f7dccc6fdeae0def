import { Injectable } from '@nestjs/common';
import { londonDate } from '#kernel';
import { type ClaimToForecast, type PaymentExpectation, PaymentForecast } from '#claims';
import { type Tx } from '#platform/database';
import { expectedPayment, type Expectation, type History, type OnItsWay, type PayingRun } from '../domain/index.js';
import { UNPAID_STATES } from './queue.view.js';

/** A claim approved and not yet paid. */
type Waiting = Pick<OnItsWay, 'state' | 'held'> & { id: string };

/** What follows from others' claims and from the payer's requests and runs, asked for a page at once. */
export interface ForecastFacts {
  /** When the funder was asked; of claims that wait for its money. */
  asked: ReadonlyMap<string, Date>;
  runs: ReadonlyMap<string, PayingRun>;
  history: History | null;
  today: string;
}

/**
 * Asked of functions of the database, which tell an authority this much of its own claims, though requests and runs are the
 * payer's. Nothing is asked that none of the claims needs.
 */
export async function readForecastFacts(tx: Tx, programme: string, claims: readonly Waiting[]): Promise<ForecastFacts> {
  const waiting = claims.filter(({ state, held }) => state === 'approved' && !held).map(({ id }) => id);
  const scheduled = claims.filter(({ state }) => state === 'scheduled').map(({ id }) => id);
  return {
    asked: waiting.length === 0 ? new Map() : await readAsked(tx, waiting),
    history: waiting.length === 0 ? null : await readHistory(tx, programme),
    runs: scheduled.length === 0 ? new Map() : await readRuns(tx, scheduled),
    today: londonDate(tx.now),
  };
}

export function forecast(claim: Waiting, facts: ForecastFacts, funder: string): Expectation & PaymentExpectation {
  const askedAt = facts.asked.get(claim.id);
  const askedOn = askedAt === undefined ? null : londonDate(askedAt);
  const { history, today } = facts;
  const run = facts.runs.get(claim.id) ?? null;
  return { ...expectedPayment({ ...claim, askedOn, run }, { history, today, funder }), askedOn };
}

/** When the funder was asked for these claims that wait for its money; nothing of those it was not asked for. */
export async function readAsked(tx: Tx, ids: readonly string[]): Promise<ForecastFacts['asked']> {
  const rows = await tx.query<{ id: string; at: Date }>(
    'SELECT claim_id AS id, asked_at AS at FROM funding_asked($1::uuid[])',
    [ids],
  );
  return new Map(rows.map(({ id, at }) => [id, at]));
}

async function readRuns(tx: Tx, ids: readonly string[]): Promise<ForecastFacts['runs']> {
  const rows = await tx.query<PayingRun & { id: string }>(
    'SELECT claim_id AS id, run AS number, pay_on AS "payOn" FROM payment_days($1::uuid[])',
    [ids],
  );
  return new Map(rows.map(({ id, number, payOn }) => [id, { number, payOn }]));
}

/** Of the last payments that named a request, at most two dozen; null while there is none. */
async function readHistory(tx: Tx, programme: string): Promise<History | null> {
  const [row] = await tx.query<{ median: number | null; payments: number }>(
    `SELECT ceil(percentile_cont(0.5) WITHIN GROUP (ORDER BY days))::int AS median, count(*)::int AS payments FROM funding_intervals($1)`,
    [programme],
  );
  return row?.median == null ? null : { medianDays: row.median, payments: row.payments };
}

const isOnItsWay = (claim: ClaimToForecast): claim is ClaimToForecast & Waiting =>
  (UNPAID_STATES as readonly string[]).includes(claim.state);

/** When claims should be paid, as claims show it. */
@Injectable()
export class FundingForecast extends PaymentForecast {
  async of(tx: Tx, claims: readonly ClaimToForecast[]): Promise<ReadonlyMap<string, PaymentExpectation>> {
    const found = new Map<string, PaymentExpectation>();
    const waiting = claims.filter(isOnItsWay);
    for (const programme of new Set(waiting.map((claim) => claim.programme))) {
      const own = waiting.filter((claim) => claim.programme === programme);
      const facts = await readForecastFacts(tx, programme, own);
      for (const claim of own) found.set(claim.id, forecast(claim, facts, claim.terms.funder.shortName));
    }
    return found;
  }
}
