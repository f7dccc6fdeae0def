import { type Invariants } from './invariant.js';

/** What is left at the bank, by the matches: they are what moved there. */
const LIVE = `(SELECT * FROM bank_match WHERE ended_at IS NULL)`;

/** Statements and what they show: docs/domain.md, What always holds, 1 and 2. */
export const RECONCILIATION = {
  /** Lines that do not say what their matches come to, or more than they are. */
  wrongLines: `
    SELECT l.id, l.amount_pence, l.matched_pence, l.state, m.pence FROM bank_line l
      LEFT JOIN (SELECT line_id, sum(pence) AS pence FROM ${LIVE} m GROUP BY 1) m ON m.line_id = l.id
     WHERE l.matched_pence <> coalesce(m.pence, 0) OR abs(l.matched_pence) > abs(l.amount_pence)
        OR (l.state = 'matched') <> (l.matched_pence = l.amount_pence)`,

  /** Statements whose figures are not those of their lines, and closed ones with a line that nothing explains. */
  wrongStatements: `
    SELECT b.id, b.state, b.matched_pence, b.matched_count FROM bank_statement b JOIN bank_line l ON l.statement_id = b.id
     GROUP BY b.id HAVING (b.matched_pence, b.matched_count) IS DISTINCT FROM (sum(l.matched_pence)::bigint, count(*) FILTER (WHERE l.state = 'matched')::int)
        OR (b.state = 'closed' AND bool_or(l.state <> 'matched'))`,

  /** Accounts that the books opened with another balance than that of their first statement, and days whose statements have not their places. */
  wrongPlaces: `
    SELECT a.id, a.opened_pence, f.opening_pence, NULL AS day FROM bank_account a CROSS JOIN LATERAL (
      SELECT b.opening_pence FROM bank_statement b WHERE b.programme_code = a.programme_code AND b.account_key = a.account_key AND b.state <> 'quarantined'
       ORDER BY b.ends_on, b.day_place LIMIT 1) f WHERE f.opening_pence <> a.opened_pence
    UNION ALL
    SELECT NULL, NULL, NULL, b.ends_on FROM bank_statement b WHERE b.state <> 'quarantined' GROUP BY b.programme_code, b.account_key, b.ends_on
     HAVING (min(b.day_place), max(b.day_place), count(DISTINCT b.day_place)) IS DISTINCT FROM (1, count(*), count(*))`,

  /** Payments that are not in the state their matches and claims say. */
  wrongPayments: `
    SELECT p.id, p.state, p.matched_pence, p.returned_pence, m.paid, m.returned, k.states FROM payment p JOIN payment_run r ON r.id = p.run_id
      LEFT JOIN (SELECT payment_id, -coalesce(sum(pence) FILTER (WHERE kind = 'payment'), 0) AS paid,
                        coalesce(sum(pence) FILTER (WHERE kind = 'payment_return'), 0) AS returned FROM ${LIVE} m GROUP BY 1) m ON m.payment_id = p.id
      LEFT JOIN (SELECT i.payment_id, array_agg(DISTINCT c.state) AS states FROM payment_claim i JOIN claim c ON c.id = i.claim_id
                  WHERE i.live GROUP BY 1) k ON k.payment_id = p.id
     WHERE (p.matched_pence, p.returned_pence) IS DISTINCT FROM (coalesce(m.paid, 0)::bigint, coalesce(m.returned, 0)::bigint)
        OR NOT CASE p.state WHEN 'scheduled' THEN p.matched_pence < p.amount_pence OR p.amount_pence = 0 WHEN 'settled' THEN p.matched_pence = p.amount_pence
                            WHEN 'bounced' THEN p.returned_pence = p.amount_pence ELSE p.matched_pence = 0 END
        OR NOT CASE p.state WHEN 'scheduled' THEN k.states = ARRAY['scheduled'] WHEN 'settled' THEN k.states <@ ARRAY['paid', 'reconciled']
                            ELSE k.states IS NULL END
        OR (p.state = 'cancelled') <> (r.state = 'cancelled') OR (p.matched_pence > 0 AND r.state <> 'approved')`,

  /** Payments that do not know the last day on which the bank booked any of them. */
  wrongDays: `
    SELECT p.id, p.booked_on, max(l.booked_on) AS shown FROM payment p
      LEFT JOIN (SELECT * FROM ${LIVE} m WHERE m.kind = 'payment') m ON m.payment_id = p.id LEFT JOIN bank_line l ON l.id = m.line_id
     GROUP BY p.id HAVING p.booked_on IS DISTINCT FROM max(l.booked_on)`,

  /** Receipts that lines show otherwise than they say; reversed ones that a line shows. */
  wrongReceipts: `
    SELECT r.id, r.state, r.matched_pence, m.pence FROM funding_receipt r
      LEFT JOIN (SELECT receipt_id, sum(pence) AS pence FROM ${LIVE} m GROUP BY 1) m ON m.receipt_id = r.id
     WHERE r.matched_pence <> coalesce(m.pence, 0) OR (r.state = 'reversed' AND r.matched_pence > 0)
        OR (r.state = 'recorded' AND r.matched_pence = r.amount_pence)`,

  /** Bank and restricted cash are what statements began with, lines that are explained, and receipts that no line shows yet. */
  booksAndBank: `
    SELECT * FROM (SELECT
      (SELECT coalesce(sum(p.amount_pence), 0) FROM posting p JOIN ledger_account a ON a.id = p.account_id
        WHERE a.name IN ('assets:bank', 'assets:restricted cash')) AS books,
      (SELECT coalesce(sum(opened_pence), 0) FROM bank_account) + (SELECT coalesce(sum(matched_pence), 0) FROM bank_line)
        + (SELECT coalesce(sum(amount_pence - matched_pence), 0) FROM funding_receipt WHERE state = 'confirmed' AND source = 'funder') AS bank) b
     WHERE books <> bank`,
} as const satisfies Invariants;
