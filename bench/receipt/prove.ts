import type pg from 'pg';

/** What always holds of funding (docs/domain.md), asked of everything at once: each column counts what breaks it. */
const PROOF = `
  WITH live AS (SELECT claim_id, receipt_id, pence FROM funding_slice WHERE ended_by IS NULL),
       claims AS (SELECT claim_id, sum(pence) AS pence FROM live GROUP BY 1),
       receipts AS (SELECT receipt_id, sum(pence) AS pence FROM live GROUP BY 1),
       last AS (SELECT max(due_on) AS due_on FROM claim WHERE state = 'funded')
  SELECT (SELECT count(*) FROM claim WHERE state = 'funded')::int AS funded,
    (SELECT count(*) FROM claim c LEFT JOIN claims s ON s.claim_id = c.id
      WHERE CASE c.state WHEN 'funded' THEN s.pence IS DISTINCT FROM c.approved_pence ELSE s.pence IS NOT NULL END)::int AS "claims funded by another amount",
    (SELECT count(*) FROM funding_receipt r LEFT JOIN receipts s ON s.receipt_id = r.id
      WHERE r.allocated_pence <> coalesce(s.pence, 0) OR r.allocated_pence > r.amount_pence)::int AS "receipts that gave another amount",
    (SELECT count(*) FROM claim c, last WHERE c.state = 'approved' AND c.held_at IS NULL AND c.due_on < last.due_on)::int AS "claims overtaken",
    (SELECT count(*) FROM claim c WHERE c.state = 'funded' AND NOT EXISTS (SELECT FROM audit_entry e
      WHERE e.claim_id = c.id AND e.action = 'claim.funded' AND (e.after ->> 'version')::int = c.version))::int AS "claims without their entry",
    (SELECT count(*) FROM (SELECT prev_hash, lag(hash) OVER (PARTITION BY chain ORDER BY seq) AS before FROM audit_entry) AS e
      WHERE e.before IS NOT NULL AND e.prev_hash <> e.before)::int AS "entries that are not chained",
    (SELECT count(*) FROM (SELECT FROM posting GROUP BY journal_id HAVING sum(amount_pence) <> 0) AS j)::int AS "journals out of balance",
    (SELECT count(*) FROM (SELECT
        (SELECT coalesce(sum(p.amount_pence), 0) FROM posting p JOIN ledger_account a ON a.id = p.account_id WHERE a.name = 'assets:restricted cash') AS cash,
        (SELECT coalesce(sum(amount_pence), 0) FROM funding_receipt WHERE state = 'confirmed') AS received) AS b WHERE cash <> received)::int AS "books that differ from the receipts"`;

/** Throws unless so many claims are funded and everything agrees about it. */
export async function proveFunded(client: pg.Client, claims: number): Promise<void> {
  const { rows } = await client.query<Record<string, number>>(PROOF);
  const { funded, ...broken } = rows[0]!;
  const wrong = Object.entries(broken).filter(([, found]) => found !== 0);
  if (funded !== claims || wrong.length > 0) {
    throw new Error(`the funding is wrong: ${funded} of ${claims}; ${wrong.map((one) => one.join(': ')).join(', ')}`);
  }
}
