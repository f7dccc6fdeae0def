import { type Invariants } from './invariant.js';

/** Claims, the days they draw and what they issue: docs/domain.md, What always holds, 2, 3, 4 and 6. */
export const CLAIMS = {
  /** Allocations whose columns are not the sums of their entries, or not what the claims draw, or overdrawn. */
  allocationDifferences: `WITH entries AS (
       SELECT allocation_id,
              sum(days) FILTER (WHERE kind IN ('allotted', 'moved')) AS allotted,
              coalesce(sum(CASE kind WHEN 'reserved' THEN days WHEN 'used' THEN -days WHEN 'released' THEN -days END), 0) AS reserved,
              coalesce(sum(CASE kind WHEN 'used' THEN days WHEN 'unused' THEN -days END), 0) AS used
         FROM allocation_entry GROUP BY allocation_id
     ), categories AS (
       SELECT t.id AS terms_id, c ->> 'code' AS category, c ->> 'allocation' AS allocation
         FROM programme_terms t, jsonb_array_elements(t.terms -> 'categories') AS c WHERE c ? 'allocation'
     ), given AS (
       SELECT l.line_id, sum(l.was_funded_days - l.funded_days) AS days FROM adjustment_line l JOIN adjustment a ON a.id = l.adjustment_id
        WHERE a.approved_at IS NOT NULL GROUP BY 1
     ), claimed AS (
       SELECT c.programme_code, c.authority_code, k.allocation,
              sum(l.funded_days) FILTER (WHERE c.state IN ('submitted', 'reviewed')) AS reserved,
              sum(l.funded_days - coalesce(g.days, 0)) FILTER (WHERE c.state IN ('approved', 'funded', 'scheduled', 'paid', 'reconciled') AND l.decision IS DISTINCT FROM 'disallow') AS used
         FROM claim c JOIN trainer_invoice_line l ON l.claim_id = c.id LEFT JOIN given g ON g.line_id = l.id
              JOIN categories k ON k.terms_id = c.terms_id AND k.category = l.category
        GROUP BY 1, 2, 3
     )
     SELECT a.authority_code, a.category, a.allotted_days, a.reserved_days, a.used_days,
            e.allotted AS entries_allotted, e.reserved AS entries_reserved, e.used AS entries_used,
            d.reserved AS claims_reserved, d.used AS claims_used
       FROM allocation a JOIN entries e ON e.allocation_id = a.id
            LEFT JOIN claimed d ON d.programme_code = a.programme_code AND d.authority_code = a.authority_code AND d.allocation = a.category
      WHERE a.allotted_days <> e.allotted OR a.reserved_days <> e.reserved OR a.used_days <> e.used
         OR a.reserved_days <> coalesce(d.reserved, 0) OR a.used_days <> coalesce(d.used, 0)
         OR a.reserved_days + a.used_days > a.allotted_days`,

  /** Series with a gap, a repetition, or a counter that is not its last number. */
  numberGaps: `SELECT d.authority_code, d.kind, min(d.seq), max(d.seq), count(*), s.last
       FROM document d LEFT JOIN number_series s USING (programme_code, authority_code, kind)
      GROUP BY d.programme_code, d.authority_code, d.kind, s.last
     HAVING min(d.seq) <> 1 OR max(d.seq) <> count(*) OR s.last IS DISTINCT FROM max(d.seq)`,

  /** Pools of a programme whose reserve and allotted days do not add up to the maximum. */
  poolDifferences: `SELECT p.programme_code, p.category, p.maximum_days, p.reserve_days, sum(a.allotted_days) AS allotted
       FROM allocation_pool p JOIN allocation a USING (programme_code, category)
      GROUP BY 1, 2 HAVING p.reserve_days < 0 OR p.maximum_days <> p.reserve_days + sum(a.allotted_days)`,

  /** Trainer invoices (same authority and number, same trainer by name or VAT number) in more than one live claim. */
  claimedTwice: `SELECT a.authority_code, a.number, a.claim_id, b.claim_id AS other
       FROM trainer_invoice a JOIN claim ca ON ca.id = a.claim_id
            JOIN trainer_invoice b ON b.authority_code = a.authority_code AND b.number_key = a.number_key AND b.id > a.id
             AND (b.trainer_key = a.trainer_key OR b.vat_key = a.vat_key)
            JOIN claim cb ON cb.id = b.claim_id
      WHERE ca.state IN ('submitted', 'reviewed', 'approved', 'funded', 'scheduled', 'paid', 'reconciled')
        AND cb.state IN ('submitted', 'reviewed', 'approved', 'funded', 'scheduled', 'paid', 'reconciled')
     UNION ALL
     SELECT i.authority_code, i.number, i.claim_id, NULL FROM trainer_invoice i JOIN claim c ON c.id = i.claim_id
      WHERE i.live <> (c.state IN ('submitted', 'reviewed', 'approved', 'funded', 'scheduled', 'paid', 'reconciled'))`,

  /**
   * Invoices whose credit notes are not what the claim's state says: all of it for one that is superseded or ended, the
   * difference and what adjustments took back for one that is approved, nothing for one that is submitted or reviewed. Category by category never too much.
   */
  wrongCredits: `WITH credited AS (
       SELECT refers_to AS id, sum(total_pence) AS pence FROM document WHERE kind = 'credit_note' GROUP BY 1
     ), wanted AS (
       SELECT d.id, d.number, d.total_pence, coalesce(k.pence, 0) AS credited, c.state, c.invoice_id = d.id AS current,
              CASE WHEN c.invoice_id <> d.id OR c.state IN ('returned', 'withdrawn', 'rejected') THEN d.total_pence
                   WHEN c.state IN ('submitted', 'reviewed') THEN 0
                   ELSE c.total_pence - c.approved_pence + (SELECT coalesce(sum(amount_pence), 0) FROM adjustment
                          WHERE claim_id = c.id AND approved_at IS NOT NULL) END AS wanted
         FROM document d JOIN claim c ON c.id = d.claim_id LEFT JOIN credited k ON k.id = d.id WHERE d.kind = 'invoice'
     ), parts AS (
       SELECT coalesce(d.refers_to, d.id) AS id, c ->> 'code' AS category,
              sum((c ->> 'reimbursementPence')::bigint * CASE d.kind WHEN 'invoice' THEN 1 ELSE -1 END) AS reimbursement,
              sum((c ->> 'eligiblePence')::bigint * CASE d.kind WHEN 'invoice' THEN 1 ELSE -1 END) AS eligible,
              sum((c ->> 'netPence')::bigint * CASE d.kind WHEN 'invoice' THEN 1 ELSE -1 END) AS net,
              sum(coalesce((c ->> 'fundedDays')::numeric, 0) * CASE d.kind WHEN 'invoice' THEN 1 ELSE -1 END) AS days
         FROM document d, jsonb_array_elements(d.model -> 'categories') AS c GROUP BY 1, 2
     )
     SELECT number, state, wanted::text, credited::text, NULL AS category FROM wanted WHERE credited <> wanted
     UNION ALL
     SELECT w.number, w.state, 'category', p.reimbursement::text, p.category FROM parts p JOIN wanted w USING (id)
      WHERE least(p.reimbursement, p.eligible, p.net, p.days) < 0
         OR (w.wanted = w.total_pence AND greatest(p.reimbursement, p.eligible, p.net, p.days) <> 0)`,

  /** Claims a maker approved, claims with a finding or decision by nobody who is a maker, or whose money columns disagree with each other or with the frozen figures. */
  wrongClaims: `SELECT c.id, c.state, 'maker' AS why FROM claim c WHERE c.approved_by = ANY (c.makers)
     UNION ALL
     SELECT c.id, c.state, 'finder' FROM claim c JOIN trainer_invoice i ON i.claim_id = c.id
      WHERE i.proof_by <> ALL (c.makers) OR i.distinct_by <> ALL (c.makers)
     UNION ALL
     SELECT c.id, c.state, 'decider' FROM claim c JOIN trainer_invoice_line l ON l.claim_id = c.id WHERE l.decided_by <> ALL (c.makers)
     UNION ALL
     SELECT c.id, c.state, 'total' FROM claim c WHERE c.calculation IS NOT NULL AND c.state NOT IN ('draft', 'returned', 'withdrawn')
        AND c.total_pence <> (c.calculation ->> 'totalPence')::bigint
     UNION ALL
     SELECT c.id, c.state, 'approved' FROM claim c WHERE c.state = 'approved' AND c.approved_pence <>
        (SELECT sum((v ->> 'reimbursementPence')::bigint) FROM jsonb_each(c.approved) AS a (k, v))
     UNION ALL
     SELECT c.id, c.state, 'held' FROM claim c WHERE c.held_at IS NOT NULL AND c.state NOT IN ('submitted', 'reviewed', 'approved', 'funded')
     UNION ALL
     SELECT d.claim_id, d.number, 'document' FROM document d
      WHERE d.kind IN ('invoice', 'credit_note') AND d.total_pence <> (SELECT sum((c ->> 'reimbursementPence')::bigint) FROM jsonb_array_elements(d.model -> 'categories') AS c)`,

  /** Documents without exactly one request to render them. */
  unaskedDocuments: `SELECT d.number, count(o.id) FROM document d
       LEFT JOIN outbox o ON o.job = 'render-document' AND o.payload ->> 'documentId' = d.id::text
      GROUP BY d.number HAVING count(o.id) <> 1`,
} as const satisfies Invariants;
