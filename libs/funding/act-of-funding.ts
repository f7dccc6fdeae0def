import { changeState, type ClaimSelection } from '#claims';
import { type Tx } from '#platform/database';
import { type Taken } from './books.js';
import { fundQueue } from './fund-queue.js';

/** What one act of funding did. */
export interface Funded {
  claimCount: number;
  pence: number;
  /** By the receipts the money was of. */
  taken: readonly Taken[];
}

/** Funds what the money of the programme covers, and answers what of which receipt was used. Books and states are `tellFunded`'s. */
export async function fund(
  tx: Tx,
  act: { programme: string; requestId: string | null; fundedBy: string },
): Promise<Funded> {
  await fundQueue(tx, act);
  const taken = await tx.query<Taken>(
    `SELECT s.receipt_id AS "receiptId", r.source, q.number AS "requestNumber", s.claims AS "claimCount", s.pence
       FROM (SELECT receipt_id, count(*) FILTER (WHERE seq = 1)::int AS claims, sum(pence)::bigint AS pence
               FROM funding_slice WHERE funded_by = $1 GROUP BY receipt_id) s
       JOIN funding_receipt r ON r.id = s.receipt_id LEFT JOIN funding_request q ON q.id = r.request_id ORDER BY r.received_on, r.id`,
    [act.fundedBy],
  );
  const sum = (of: 'claimCount' | 'pence') => taken.reduce((total, one) => total + one[of], 0);
  return { claimCount: sum('claimCount'), pence: sum('pence'), taken };
}

/** The claims that the act `fundedBy` funded and that still are. */
export const fundedBy = (receiptId: string): ClaimSelection => ({
  sql: 'SELECT claim_id AS id FROM funding_slice WHERE funded_by = $1 AND seq = 1',
  values: [receiptId],
});

/** The claims become funded, once the books know. */
export async function moveFunded(tx: Tx, receiptId: string, { claimCount }: Funded): Promise<void> {
  if (claimCount > 0) await changeState(tx, fundedBy(receiptId), 'fund', { details: { receiptId } });
}
