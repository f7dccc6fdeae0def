import { appendAudits } from '#audit';
import { type Tx } from '#platform/database';
import {
  ADJUSTING_STATES,
  ADJUSTMENT_LIFECYCLE,
  eventBetween,
  stateByRecovery,
  type AdjustmentState,
} from '../domain/index.js';

/** Whose row it is and how it stood before a change, as the trail tells it. */
interface Counted {
  id: string;
  authority: string;
  claimId: string;
  state: AdjustmentState;
  amountPence: number;
  takenBefore: number;
  recoveredBefore: number;
  takenPence: number;
  setOffPence: number;
  repaidPence: number;
}

/** What happened to set-offs or repayments, as the trail calls it. */
export interface Told {
  action: `adjustment.${string}`;
  details: object;
  reason?: string;
}

/**
 * Brings what adjustments say of themselves, their state included, to what their set-offs and repayments come to now, and
 * tells the trail. The one way an approved adjustment's state changes; the caller holds their rows and has changed the
 * others. At commit the database compares.
 */
export async function recount(tx: Tx, ids: readonly string[], told: Told): Promise<void> {
  const rows = await tx.query<Counted>(COUNT, [ids, ADJUSTING_STATES]);
  const moved = rows.map((row) => ({ ...row, recoveredPence: row.setOffPence + row.repaidPence, to: moveOf(row) }));
  await tx.execute(
    `UPDATE adjustment a SET state = m.state, taken_pence = m.taken, recovered_pence = m.recovered, version = a.version + 1, updated_at = $5
       FROM unnest($1::uuid[], $2::text[], $3::bigint[], $4::bigint[]) AS m (id, state, taken, recovered) WHERE a.id = m.id`,
    [
      moved.map(({ id }) => id),
      moved.map(({ to }) => to),
      moved.map(({ takenPence }) => takenPence),
      moved.map(({ recoveredPence }) => recoveredPence),
      tx.now,
    ],
  );
  await appendAudits(
    tx,
    moved
      .sort((a, b) => (a.authority < b.authority ? -1 : a.authority > b.authority ? 1 : 0))
      .map((row) => ({
        chain: row.authority,
        action: told.action,
        subjectType: 'adjustment',
        subjectId: row.id,
        claimId: row.claimId,
        before: { state: row.state, takenPence: row.takenBefore, recoveredPence: row.recoveredBefore },
        after: { state: row.to, takenPence: row.takenPence, recoveredPence: row.recoveredPence, ...told.details },
        reason: told.reason ?? null,
      })),
  );
}

const COUNT = `SELECT a.id, a.authority_code AS authority, a.claim_id AS "claimId", a.state, a.amount_pence AS "amountPence",
    a.taken_pence AS "takenBefore", a.recovered_pence AS "recoveredBefore",
    (s.taken + r.repaid)::bigint AS "takenPence", s.settled::bigint AS "setOffPence", r.repaid::bigint AS "repaidPence"
  FROM adjustment a
  CROSS JOIN LATERAL (SELECT coalesce(sum(pence), 0) AS taken, coalesce(sum(pence) FILTER (WHERE settled), 0) AS settled
                        FROM adjustment_set_off WHERE adjustment_id = a.id AND live) s
  CROSS JOIN LATERAL (SELECT coalesce(sum(pence), 0) AS repaid FROM adjustment_repayment WHERE adjustment_id = a.id AND ended_at IS NULL) r
 WHERE a.id = ANY ($1::uuid[]) AND a.state = ANY ($2::text[]) ORDER BY a.id`;

function moveOf(row: Counted): AdjustmentState {
  const to = stateByRecovery(row);
  const event = eventBetween(row.state, to);
  if (event !== null) ADJUSTMENT_LIFECYCLE.require('An adjustment', row.state, event);
  return to;
}

/** What is back of a programme's adjustments: by settled set-offs and by repayments. It is the funder's. */
export async function recoveredMoney(tx: Tx, programme: string): Promise<{ recoveredPence: number }> {
  const [row] = await tx.query<{ recoveredPence: number }>(
    `SELECT coalesce(sum(recovered_pence), 0)::bigint AS "recoveredPence" FROM adjustment WHERE programme_code = $1 AND recovered_pence > 0`,
    [programme],
  );
  return row!;
}
