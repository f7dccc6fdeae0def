import { londonDate } from '#kernel';
import { UNPAID_STATES } from '#claims/domain';
import { type Tx } from '#platform/database';

/** What should be paid to an authority in a month. */
export interface ForecastRow {
  authority: string;
  /** `2018-05` */
  month: string;
  /** By the expected date; or, of claims without one, by the due date. */
  basis: 'expected' | 'due';
  claimCount: number;
  /** Approved, or claimed while it is not approved yet. */
  amountPence: number;
}

const STATES = UNPAID_STATES.map((state) => `'${state}'`).join(', ');

/**
 * Everything unpaid by the month its payment is expected in (docs/domain.md, Getting paid): the same dates as
 * `expectedPayment` tells of one claim, found for all in one statement. What has none is put where it is due at the latest,
 * and what is late, now.
 */
export function readForecastRows(tx: Tx, of: { programme: string; authority: string | null }): Promise<ForecastRow[]> {
  const parameters: unknown[] = [of.programme, londonDate(tx.now)];
  const whose = of.authority === null ? '' : `AND c.authority_code = $${parameters.push(of.authority)}`;
  const ids = (condition: string) =>
    `ARRAY(SELECT c.id FROM claim c WHERE c.programme_code = $1 AND ${condition} ${whose})`;
  return tx.query<ForecastRow>(
    `WITH history AS (
       SELECT ceil(percentile_cont(0.5) WITHIN GROUP (ORDER BY days))::int AS days FROM funding_intervals($1)
     ), asked AS MATERIALIZED (
       SELECT claim_id, (asked_at AT TIME ZONE 'Europe/London')::date AS day FROM funding_asked(${ids(`c.state = 'approved' AND c.held_at IS NULL`)})
     ), runs AS MATERIALIZED (
       SELECT claim_id, pay_on FROM payment_days(${ids(`c.state = 'scheduled'`)})
     ), way AS (
       SELECT c.authority_code AS authority, coalesce(c.approved_pence, c.total_pence) AS pence, c.due_on,
              CASE WHEN c.state = 'scheduled' THEN r.pay_on
                   WHEN c.state = 'approved' AND c.held_at IS NULL THEN coalesce(a.day, $2::date) + h.days END AS expected_on
         FROM claim c CROSS JOIN history h
         LEFT JOIN asked a ON a.claim_id = c.id LEFT JOIN runs r ON r.claim_id = c.id
        WHERE c.programme_code = $1 AND c.state IN (${STATES}) ${whose}
     )
     SELECT authority, to_char(greatest(coalesce(expected_on, due_on), $2::date), 'YYYY-MM') AS month,
            CASE WHEN expected_on IS NULL THEN 'due' ELSE 'expected' END AS basis, count(*)::int AS "claimCount", sum(pence)::bigint AS "amountPence"
       FROM way GROUP BY 1, 2, 3 ORDER BY 2, 3 DESC, 1`,
    parameters,
  );
}
