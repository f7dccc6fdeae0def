import { IN_RUN, type Invariants } from './invariant.js';

/** Payment runs: docs/domain.md, What always holds, 2 and 6. */
export const PAYMENTS = {
  /** Payments that are not the sum of their claims less what is set off, and runs that are not the sum of their payments. */
  wrongSums: `
    SELECT p.id, p.amount_pence, sum(k.pence) AS parts FROM payment p LEFT JOIN payment_claim k ON k.payment_id = p.id
     GROUP BY p.id HAVING p.amount_pence IS DISTINCT FROM
       sum(k.pence) - (SELECT coalesce(sum(s.pence), 0) FROM adjustment_set_off s WHERE s.payment_id = p.id)
    UNION ALL
    SELECT r.id, r.total_pence, sum(p.amount_pence) FROM payment_run r LEFT JOIN payment p ON p.run_id = r.id
     GROUP BY r.id HAVING (r.total_pence, r.payment_count) IS DISTINCT FROM (sum(p.amount_pence)::bigint, count(p.id)::int)`,

  /** Claims that are on their way to be paid without being in exactly one live payment, or in one without being on their way. */
  paidTwice: `
    SELECT c.id, c.state, count(k.claim_id) AS payments FROM claim c LEFT JOIN payment_claim k ON k.claim_id = c.id AND k.live
     GROUP BY c.id HAVING count(k.claim_id) <> CASE WHEN c.state IN ${IN_RUN} THEN 1 ELSE 0 END`,

  /** Claims of which more is paid than funded, funded than approved, or approved than claimed. */
  moneyOutOfOrder: `
    SELECT c.id, c.state, c.total_pence, c.approved_pence, f.pence AS funded, p.pence AS paying FROM claim c
      LEFT JOIN (SELECT s.claim_id, sum(s.pence) AS pence FROM funding_slice s JOIN funding_receipt r ON r.id = s.receipt_id AND r.state = 'confirmed'
                  WHERE s.ended_by IS NULL GROUP BY 1) f ON f.claim_id = c.id
      LEFT JOIN (SELECT claim_id, sum(pence) AS pence FROM payment_claim WHERE live GROUP BY 1) p ON p.claim_id = c.id
     WHERE coalesce(p.pence, 0) > coalesce(f.pence, 0) OR coalesce(f.pence, 0) > coalesce(c.approved_pence, 0)
        OR coalesce(c.approved_pence, 0) > c.total_pence`,

  /** Programmes that pay, or mean to, more than the funder has given. */
  paidBeforeFunder: `
    SELECT r.programme_code, sum(k.pence) AS paying, (SELECT sum(f.amount_pence) FROM funding_receipt f
             WHERE f.programme_code = r.programme_code AND f.state = 'confirmed') AS received
      FROM payment_run r JOIN payment p ON p.run_id = r.id JOIN payment_claim k ON k.payment_id = p.id AND k.live
     GROUP BY 1 HAVING sum(k.pence) > coalesce((SELECT sum(f.amount_pence) FROM funding_receipt f
             WHERE f.programme_code = r.programme_code AND f.state = 'confirmed'), 0)`,

  /** Runs approved by who prepared them, or by who approved a claim in them. */
  selfApprovedRuns: `
    SELECT r.id, r.approved_by FROM payment_run r WHERE r.approved_by IS NOT NULL AND (r.approved_by = r.prepared_by OR EXISTS (
      SELECT 1 FROM payment p JOIN payment_claim k ON k.payment_id = p.id JOIN claim c ON c.id = k.claim_id
       WHERE p.run_id = r.id AND c.approved_by = r.approved_by))`,

  /** Numbers of runs with a gap, or a counter that is not the last of them. */
  runNumberGaps: `
    SELECT s.programme_code, s.last_run, count(r.seq), max(r.seq) FROM payment_series s
      LEFT JOIN payment_run r ON r.programme_code = s.programme_code
     GROUP BY 1, 2 HAVING s.last_run <> count(r.seq) OR coalesce(max(r.seq), 0) <> count(r.seq)`,
} as const satisfies Invariants;
