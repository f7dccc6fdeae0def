import { type Tx } from '#platform/database';
import { type Accrued } from '../domain/index.js';

/**
 * Where the claims of a programme stood at an instant ($1 programme, $2 instant): the state before the first step since, and
 * of the others the state they have. So the cost depends on what is open and on what happened since, and not on all there
 * ever was. A claim that did not exist yet has no state before its first step.
 */
const STANDING = `later AS MATERIALIZED (
    SELECT DISTINCT ON (e.claim_id) e.claim_id AS id, e.before ->> 'state' AS state
      FROM audit_entry e
     WHERE e.at > $2 AND e.claim_id IS NOT NULL AND e.action LIKE 'claim.%'
       AND e.before ->> 'state' IS DISTINCT FROM e.after ->> 'state'
     ORDER BY e.claim_id, e.at, e.seq
  ), standing AS (
    SELECT c.id, c.authority_code AS authority, l.state, true AS moved
      FROM later l JOIN claim c ON c.id = l.id WHERE c.programme_code = $1 AND l.state = ANY ($3::text[])
     UNION ALL
    SELECT c.id, c.authority_code, c.state, false FROM claim c
     WHERE c.programme_code = $1 AND c.state = ANY ($3::text[]) AND NOT EXISTS (SELECT 1 FROM later l WHERE l.id = c.id)
  )`;

/**
 * By category: what was claimed as the claim says it, or as its last invoice by then did if it has moved on; what was
 * approved as the claim says it, or as the books do if it was rejected since.
 */
const AMOUNTS = `WITH ${STANDING}, amounts AS (
    SELECT s.authority, 'submitted' AS stage, a.key AS category, (a.value ->> 'reimbursementPence')::bigint AS pence
      FROM standing s JOIN claim c ON c.id = s.id, jsonb_each(c.calculation -> 'categories') a
     WHERE s.state IN ('submitted', 'reviewed') AND NOT s.moved
     UNION ALL
    SELECT s.authority, 'submitted', a.value ->> 'code', (a.value ->> 'reimbursementPence')::bigint
      FROM standing s
      JOIN LATERAL (SELECT d.model FROM document d WHERE d.claim_id = s.id AND d.kind = 'invoice' AND d.created_at <= $2
                     ORDER BY d.created_at DESC, d.seq DESC LIMIT 1) i ON true, jsonb_array_elements(i.model -> 'categories') a
     WHERE s.state IN ('submitted', 'reviewed') AND s.moved
     UNION ALL
    SELECT s.authority, CASE s.state WHEN 'approved' THEN 'approved' ELSE 'funded' END, a.key, (a.value ->> 'reimbursementPence')::bigint
      FROM standing s JOIN claim c ON c.id = s.id, jsonb_each(c.approved) a
     WHERE s.state IN ('approved', 'funded', 'scheduled') AND c.approved IS NOT NULL
     UNION ALL
    SELECT s.authority, CASE s.state WHEN 'approved' THEN 'approved' ELSE 'funded' END, split_part(n.name, ':', 3), p.amount_pence
      FROM standing s JOIN claim c ON c.id = s.id AND c.approved IS NULL
      JOIN journal j ON j.event = 'claim.approved:' || c.id || ':' || c.invoice_number
      JOIN posting p ON p.journal_id = j.id JOIN ledger_account n ON n.id = p.account_id AND n.name LIKE 'expenses:reimbursement:%'
     WHERE s.state IN ('approved', 'funded', 'scheduled')
  )
  SELECT authority, stage, category, sum(pence)::bigint AS pence FROM amounts GROUP BY authority, stage, category`;

/** What was submitted, approved or funded at an instant and went no further, summed by authority and category. */
export const accruedClaims = (tx: Tx, programme: string, at: Date): Promise<Accrued[]> =>
  tx.query<Accrued>(AMOUNTS, [programme, at, ['submitted', 'reviewed', 'approved', 'funded', 'scheduled']]);

/** The claims that were drafts or returned at an instant, by id. */
export const draftsAt = (tx: Tx, programme: string, at: Date): Promise<{ id: string; authority: string }[]> =>
  tx.query(`WITH ${STANDING} SELECT id, authority FROM standing ORDER BY id`, [programme, at, ['draft', 'returned']]);
