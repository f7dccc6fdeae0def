import { APPROVED, type Invariants } from './invariant.js';

/** What every account must come to, from the claims, receipts and payments behind it (docs/ledger.md, Postings). */
const WANTED = `
  SELECT 'assets:restricted cash' AS name, sum(amount_pence) AS pence FROM funding_receipt WHERE state = 'confirmed' AND source = 'funder'
  UNION ALL
  SELECT 'liabilities:received in advance:' || f.name, sum(r.allocated_pence - r.amount_pence)
    FROM funding_receipt r JOIN funder f USING (programme_code) WHERE r.state = 'confirmed' AND r.source = 'funder' GROUP BY f.name
  UNION ALL
  SELECT 'liabilities:owed:' || f.name, sum(r.allocated_pence)
    FROM funding_receipt r JOIN funder f USING (programme_code) WHERE r.source = 'recovered' GROUP BY f.name
  UNION ALL
  SELECT 'assets:receivable:' || f.name, sum(c.approved_pence) FROM claim c JOIN funder f USING (programme_code)
   WHERE c.state = 'approved' GROUP BY f.name
  UNION ALL
  SELECT 'income:grant:' || f.name, -sum(c.approved_pence) FROM claim c JOIN funder f USING (programme_code)
   WHERE c.state IN ${APPROVED} GROUP BY f.name
  UNION ALL
  SELECT 'liabilities:payable:' || authority_code, -sum(approved_pence) FROM claim
   WHERE state IN ('approved', 'funded', 'scheduled') GROUP BY authority_code
  UNION ALL
  SELECT 'expenses:reimbursement:' || a.category, sum((a.figures ->> 'reimbursementPence')::bigint)
    FROM claim c, jsonb_each(c.approved) AS a (category, figures) WHERE c.state IN ${APPROVED} GROUP BY a.category
  UNION ALL
  SELECT 'expenses:reimbursement:' || f.category, -sum((f.figures ->> 'reimbursementPence')::bigint)
    FROM adjustment a, jsonb_each(a.amounts) AS f (category, figures) WHERE a.approved_at IS NOT NULL GROUP BY f.category
  UNION ALL
  SELECT 'income:grant:' || f.name, sum(a.amount_pence) FROM adjustment a JOIN funder f USING (programme_code)
   WHERE a.approved_at IS NOT NULL GROUP BY f.name
  UNION ALL
  SELECT 'liabilities:owed:' || f.name, -sum(a.amount_pence) FROM adjustment a JOIN funder f USING (programme_code)
   WHERE a.approved_at IS NOT NULL GROUP BY f.name
  UNION ALL
  SELECT 'liabilities:payable:' || authority_code, sum(amount_pence - recovered_pence) FROM adjustment
   WHERE approved_at IS NOT NULL GROUP BY authority_code
  UNION ALL
  SELECT 'assets:restricted cash', sum(pence) FROM adjustment_repayment WHERE ended_at IS NULL
  UNION ALL
  SELECT 'assets:restricted cash', -sum(amount_pence) FROM payment WHERE state = 'settled'
  UNION ALL
  SELECT a.name, a.sign * b.pence FROM (SELECT sum(opened_pence) AS pence FROM bank_account) b
   CROSS JOIN (VALUES ('assets:bank', 1), ('equity:adjustments', -1)) AS a (name, sign)
  UNION ALL
  SELECT a.name, a.sign * b.pence FROM (SELECT sum(pence) AS pence FROM bank_match WHERE kind = 'bank_charge' AND ended_at IS NULL) b
   CROSS JOIN (VALUES ('assets:bank', 1), ('expenses:bank charges', -1)) AS a (name, sign)
  UNION ALL
  SELECT a.name, a.sign * b.pence FROM (
    SELECT sum(m.pence) AS pence FROM bank_match m LEFT JOIN payment p ON p.id = m.payment_id LEFT JOIN funding_receipt r ON r.id = m.receipt_id
     WHERE m.ended_at IS NULL AND (m.kind = 'suspense' OR (m.kind = 'payment' AND p.state = 'scheduled') OR (m.kind = 'payment_return' AND p.state = 'settled')
       OR (m.kind = 'receipt' AND r.state = 'recorded'))) b
   CROSS JOIN (VALUES ('assets:restricted cash', 1), ('liabilities:suspense', -1)) AS a (name, sign)`;

/** The books: docs/domain.md, What always holds, 1 and 2. */
export const BOOKS = {
  /** Journals that do not balance, or are not whole. */
  unbalancedJournals: `
    SELECT j.id, j.event, j.posting_count, count(p.*) AS postings, sum(p.amount_pence) AS pence FROM journal j
      LEFT JOIN posting p ON p.journal_id = j.id GROUP BY j.id
    HAVING sum(p.amount_pence) IS DISTINCT FROM 0 OR count(p.*) <> j.posting_count`,

  /** Reversals that are not the opposite of what they reverse. */
  wrongReversals: `
    SELECT r.event, p.account_id, sum(p.amount_pence) AS pence FROM journal r JOIN posting p ON p.journal_id IN (r.id, r.reverses)
     WHERE r.reverses IS NOT NULL GROUP BY r.id, p.account_id HAVING sum(p.amount_pence) <> 0`,

  /** Accounts that do not come to what the claims, receipts and payments say. */
  balances: `
    WITH funder AS (
      SELECT DISTINCT ON (programme_code) programme_code, terms #>> '{funder,shortName}' AS name FROM programme_terms
       ORDER BY programme_code, version DESC
    ), balance AS (
      SELECT a.name, sum(p.amount_pence) AS pence FROM posting p JOIN ledger_account a ON a.id = p.account_id GROUP BY 1
    ), wanted AS (SELECT name, sum(pence) AS pence FROM (${WANTED}) w GROUP BY name)
    SELECT name, b.pence AS booked, w.pence AS wanted FROM balance b FULL JOIN wanted w USING (name)
     WHERE coalesce(b.pence, 0) <> coalesce(w.pence, 0)`,

  /** Moments at which more of the funder's money had left than had come. Of what nobody has explained, nobody knows whose it is. */
  overdrawnCash: `
    SELECT * FROM (
      SELECT p.journal_id, sum(p.amount_pence) OVER (ORDER BY p.journal_id, p.position) AS pence
        FROM posting p JOIN ledger_account a ON a.id = p.account_id AND a.name = 'assets:restricted cash'
        JOIN journal j ON j.id = p.journal_id AND j.kind NOT IN ('suspense', 'suspense_reversed')) cash
     WHERE pence < 0`,
} as const satisfies Invariants;
