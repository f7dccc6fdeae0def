import { type Tx } from '#platform/database';

/** How far an approved claim has come towards being paid. */
export const FUNDING_STAGES = ['not_asked', 'in_draft', 'asked', 'held', 'funded', 'scheduled'] as const;
export type FundingStage = (typeof FUNDING_STAGES)[number];

export interface StageRow {
  authority: string;
  stage: FundingStage;
  claimCount: number;
  amountPence: number;
  firstDueOn: string;
}

/** What is approved and not paid, by authority and stage. `held` is on hold, funded or not. */
export const readStages = (tx: Tx, programme: string): Promise<StageRow[]> =>
  tx.query<StageRow>(
    `SELECT c.authority_code AS authority,
            CASE WHEN c.state = 'scheduled' THEN 'scheduled' WHEN c.held_at IS NOT NULL THEN 'held' WHEN c.state = 'funded' THEN 'funded'
                 WHEN r.id IS NULL THEN 'not_asked' WHEN r.state = 'draft' THEN 'in_draft' ELSE 'asked' END AS stage,
            count(*)::int AS "claimCount", sum(c.approved_pence)::bigint AS "amountPence", min(c.due_on) AS "firstDueOn"
       FROM claim c
       LEFT JOIN funding_request_claim q ON q.claim_id = c.id AND q.live
       LEFT JOIN funding_request r ON r.id = q.request_id
      WHERE c.programme_code = $1 AND c.state IN ('approved', 'funded', 'scheduled') GROUP BY 1, 2 ORDER BY 1, 2`,
    [programme],
  );

/** What was asked of the funder and what came; as it is now, since requests and receipts are few. */
export interface FundersMoney {
  draftCount: number;
  draftPence: number;
  /** Of requests submitted and not paid in full: what the funder was asked for, and what of it has come. */
  openCount: number;
  openPence: number;
  openReceivedPence: number;
  recordedCount: number;
  recordedPence: number;
  confirmedPence: number;
  /** Confirmed, and funding no claim yet. */
  unallocatedPence: number;
}

export async function readFundersMoney(tx: Tx, programme: string): Promise<FundersMoney> {
  const [row] = await tx.query<FundersMoney>(
    `SELECT r.*, t.* FROM
      (SELECT (count(*) FILTER (WHERE state = 'draft'))::int AS "draftCount",
              coalesce(sum(total_pence) FILTER (WHERE state = 'draft'), 0)::bigint AS "draftPence",
              (count(*) FILTER (WHERE state IN ('submitted', 'part_paid')))::int AS "openCount",
              coalesce(sum(total_pence - recovered_pence) FILTER (WHERE state IN ('submitted', 'part_paid')), 0)::bigint AS "openPence"
         FROM funding_request WHERE programme_code = $1) r,
      (SELECT (count(*) FILTER (WHERE state = 'recorded'))::int AS "recordedCount",
              coalesce(sum(amount_pence) FILTER (WHERE state = 'recorded'), 0)::bigint AS "recordedPence",
              coalesce(sum(amount_pence) FILTER (WHERE state = 'confirmed' AND source = 'funder'), 0)::bigint AS "confirmedPence",
              coalesce(sum(amount_pence - allocated_pence - released_pence) FILTER (WHERE state = 'confirmed'), 0)::bigint AS "unallocatedPence",
              coalesce(sum(amount_pence) FILTER (WHERE state = 'confirmed' AND source = 'funder' AND request_id IN
                (SELECT id FROM funding_request WHERE programme_code = $1 AND state IN ('submitted', 'part_paid'))), 0)::bigint AS "openReceivedPence"
         FROM funding_receipt WHERE programme_code = $1) t`,
    [programme],
  );
  return row!;
}
