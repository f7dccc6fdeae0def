import { APPROVED, type Invariants } from './invariant.js';

/** Adjustments and how they are recovered: docs/domain.md, Adjustments. */
export const ADJUSTMENTS = {
  /** Adjustments whose columns or state are not what their set-offs and repayments come to, or that a maker approved. */
  wrongRecoveries: `SELECT a.id, a.state, a.amount_pence, a.taken_pence, a.recovered_pence FROM adjustment a
      LEFT JOIN (SELECT adjustment_id, sum(pence) AS taken, sum(pence) FILTER (WHERE settled) AS settled FROM adjustment_set_off WHERE live GROUP BY 1) s
        ON s.adjustment_id = a.id
      LEFT JOIN (SELECT adjustment_id, sum(pence) AS pence FROM adjustment_repayment WHERE ended_at IS NULL GROUP BY 1) r ON r.adjustment_id = a.id
     WHERE a.taken_pence <> coalesce(s.taken, 0) + coalesce(r.pence, 0) OR a.recovered_pence <> coalesce(s.settled, 0) + coalesce(r.pence, 0)
        OR a.taken_pence > a.amount_pence OR (a.state IN ('set_off', 'repaid')) <> (a.recovered_pence = a.amount_pence)
        OR (a.state = 'repaid') <> (a.recovered_pence = a.amount_pence AND r.pence IS NOT NULL) OR a.approved_by = a.proposed_by`,

  /** Set-offs that are not live exactly while their payment is on its way or there, or not settled exactly while it is. */
  wrongSetOffs: `SELECT s.adjustment_id, s.payment_id, p.state, s.live, s.settled FROM adjustment_set_off s JOIN payment p ON p.id = s.payment_id
     WHERE s.live <> (p.state IN ('scheduled', 'settled')) OR s.settled <> (p.state = 'settled')`,

  /** Adjusted claims that are approved no more, or of which more is taken back than was approved. */
  wronglyAdjusted: `SELECT c.id, c.state, sum(a.amount_pence) AS pence FROM claim c JOIN adjustment a ON a.claim_id = c.id AND a.state <> 'cancelled'
     GROUP BY c.id HAVING c.state NOT IN ${APPROVED} OR sum(a.amount_pence) > c.approved_pence`,

  /** Approved adjustments without a credit note of their amount. */
  uncreditedAdjustments: `SELECT a.id, a.amount_pence, d.total_pence FROM adjustment a LEFT JOIN document d ON d.id = a.credit_note_id AND d.kind = 'credit_note'
     WHERE a.approved_at IS NOT NULL AND (a.amount_pence IS DISTINCT FROM d.total_pence OR a.claim_id IS DISTINCT FROM d.claim_id)`,

  /** Payments that were settled without a remittance advice, or have one without ever having been. */
  wrongRemittances: `SELECT p.id, p.state, m.document_id FROM payment p LEFT JOIN payment_remittance m ON m.payment_id = p.id
     WHERE CASE WHEN p.state IN ('settled', 'bounced') THEN m.document_id IS NULL ELSE m.document_id IS NOT NULL AND p.settled_count = 0 AND p.amount_pence > 0 END`,
} as const satisfies Invariants;
