import { FUNDED, type Invariants } from './invariant.js';

/** The funder's money and what it is for: docs/domain.md, What always holds, 2, and Getting paid. */
export const FUNDING = {
  /** Receipts that gave more than they have, or other than their slices say, or anything without being confirmed. */
  overdrawnReceipts: `
    SELECT r.id, r.state, r.amount_pence, r.allocated_pence, coalesce(s.pence, 0) AS slices FROM funding_receipt r
      LEFT JOIN (SELECT receipt_id, sum(pence) AS pence FROM funding_slice WHERE ended_by IS NULL GROUP BY 1) s ON s.receipt_id = r.id
     WHERE r.allocated_pence <> coalesce(s.pence, 0) OR r.allocated_pence > r.amount_pence OR (r.state <> 'confirmed' AND s.pence > 0)`,

  /** Claims that are funded otherwise than whole, or not funded and yet hold money. */
  partlyFundedClaims: `
    SELECT c.id, c.state, c.approved_pence, s.pence FROM claim c
      LEFT JOIN (SELECT claim_id, sum(pence) AS pence FROM funding_slice WHERE ended_by IS NULL GROUP BY 1) s ON s.claim_id = c.id
     WHERE CASE WHEN c.state IN ${FUNDED} THEN s.pence IS DISTINCT FROM c.approved_pence ELSE s.pence IS NOT NULL END`,

  /** Requests whose state is not that of their claims: what was rejected since counts no more. */
  requestStates: `
    SELECT r.id, r.state FROM funding_request r JOIN funding_request_claim q ON q.request_id = r.id AND q.live JOIN claim c ON c.id = q.claim_id
     WHERE r.number IS NOT NULL GROUP BY r.id, r.state
    HAVING r.state <> CASE WHEN bool_or(c.state IN ${FUNDED}) THEN CASE WHEN bool_or(c.state = 'approved') THEN 'part_paid' ELSE 'paid' END
                           WHEN bool_or(c.state = 'approved') THEN 'submitted' ELSE 'withdrawn' END`,

  /** Claims in more than one live request, and requests that hold a claim though they are cancelled. */
  requestedTwice: `
    SELECT q.claim_id::text AS what, count(*) FROM funding_request_claim q WHERE q.live GROUP BY 1 HAVING count(*) > 1
    UNION ALL
    SELECT r.id::text, count(*) FROM funding_request r JOIN funding_request_claim q ON q.request_id = r.id AND q.live
     WHERE r.state = 'cancelled' GROUP BY 1`,

  /** Numbers of requests with a gap, or a counter that is not the last of them. */
  requestNumberGaps: `
    SELECT f.programme_code, f.last_request, count(r.seq), max(r.seq) FROM programme_funding f
      LEFT JOIN funding_request r ON r.programme_code = f.programme_code
     GROUP BY 1, 2 HAVING f.last_request <> count(r.seq) OR coalesce(max(r.seq), 0) <> count(r.seq)`,

  /** Receipts of the funder's that their recorder confirmed, with no line of a statement to show the money. */
  selfConfirmedReceipts: `
    SELECT id, recorded_by FROM funding_receipt WHERE confirmed_by = recorded_by AND matched_line_id IS NULL AND source = 'funder'`,
} as const satisfies Invariants;
