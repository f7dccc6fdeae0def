import { changeState, type ClaimSelection } from '#claims';
import { type Tx } from '#platform/database';
import { bookUnfunded } from './books.js';
import { refreshRequests } from './requests/refresh-requests.js';

export interface TakenBack {
  claimCount: number;
  pence: number;
  /** What of it was the funder's, and what had been recovered. */
  fundersPence: number;
  recoveredPence: number;
}

/** The funding of claims, named by a condition on their live slices, is taken back by the act `endedBy`. */
interface Taking {
  programme: string;
  funder: string;
  endedBy: string;
  reason: string;
  /** Goes into the trail of each claim. */
  details?: object;
}

/**
 * Takes back the funding of every claim that has a slice of the receipt, or of the one claim: its slices end, whole, also those
 * of other receipts, whose money is free again; the claims go back to approved. The programme's funding is locked, and whoever
 * calls knows that the claims are funded and no further: else the whole step fails with `state_conflict`.
 */
export async function takeBack(
  tx: Tx,
  of: { receiptId: string } | { claimId: string },
  act: Taking,
): Promise<TakenBack> {
  const [claims, value] =
    'claimId' in of
      ? ['s.claim_id = $1', of.claimId]
      : [
          `s.claim_id IN (SELECT r.claim_id FROM funding_slice r WHERE r.receipt_id = $1 AND r.ended_by IS NULL)`,
          of.receiptId,
        ];
  const [ended] = await tx.query<TakenBack>(
    `WITH ended AS (
       UPDATE funding_slice s SET ended_by = $2, ended_at = $3 WHERE s.ended_by IS NULL AND ${claims} RETURNING s.receipt_id, s.seq, s.pence
     ), freed AS (
       SELECT receipt_id, count(*) FILTER (WHERE seq = 1) AS claims, sum(pence) AS pence FROM ended GROUP BY receipt_id
     )
     SELECT coalesce(sum(f.claims), 0)::int AS "claimCount", coalesce(sum(f.pence), 0)::bigint AS pence,
            coalesce(sum(f.pence) FILTER (WHERE r.source = 'funder'), 0)::bigint AS "fundersPence",
            coalesce(sum(f.pence) FILTER (WHERE r.source = 'recovered'), 0)::bigint AS "recoveredPence"
       FROM freed f JOIN funding_receipt r ON r.id = f.receipt_id`,
    [value, act.endedBy, tx.now],
  );
  const taken = ended!;
  await bookUnfunded(tx, act, { ...taken, claimId: 'claimId' in of ? of.claimId : null });
  const selection: ClaimSelection = {
    sql: 'SELECT claim_id AS id FROM funding_slice WHERE ended_by = $1 AND seq = 1',
    values: [act.endedBy],
  };
  await changeState(tx, selection, 'unfund', { reason: act.reason, details: act.details ?? {} });
  await refreshRequests(tx, selection);
  return taken;
}
