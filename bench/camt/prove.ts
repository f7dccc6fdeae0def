import type pg from 'pg';

/** What must be true of a statement that was read and matched (docs/domain.md): each column counts what breaks it. */
const PROOF = `
  WITH matched AS (SELECT line_id, sum(pence) AS pence FROM bank_match WHERE ended_at IS NULL GROUP BY 1),
       paid AS (SELECT payment_id, -sum(pence) AS pence FROM bank_match WHERE ended_at IS NULL AND kind = 'payment' GROUP BY 1)
  SELECT (SELECT count(*) FROM bank_line)::int AS lines, (SELECT count(*) FROM matched)::int AS matched,
    (SELECT count(*) FROM bank_statement b WHERE b.state <> 'read' OR b.opening_pence + (SELECT sum(amount_pence) FROM bank_line l WHERE l.statement_id = b.id) <> b.closing_pence)::int AS "statements that do not come to their closing balance",
    (SELECT count(*) FROM bank_line l LEFT JOIN matched m ON m.line_id = l.id
      WHERE l.matched_pence <> coalesce(m.pence, 0) OR (l.state = 'matched') <> (l.matched_pence = l.amount_pence))::int AS "lines that differ from their matches",
    (SELECT count(*) FROM payment p LEFT JOIN paid m ON m.payment_id = p.id
      WHERE p.state <> 'settled' OR m.pence IS DISTINCT FROM p.amount_pence)::int AS "payments that are not settled by their matches",
    (SELECT count(*) FROM payment_claim i JOIN claim c ON c.id = i.claim_id WHERE c.state <> 'paid')::int AS "claims that are not paid",
    (SELECT count(*) FROM (SELECT FROM posting GROUP BY journal_id HAVING sum(amount_pence) <> 0) AS j)::int AS "journals out of balance"`;

/** Throws unless so many lines are there, so many of them matched, and everything agrees about it. */
export async function proveMatched(client: pg.Client, expected: { lines: number; matched: number }): Promise<void> {
  const { rows } = await client.query<Record<string, number>>(PROOF);
  const { lines, matched, ...broken } = rows[0]!;
  const wrong = Object.entries(broken).filter(([, found]) => found !== 0);
  if (lines !== expected.lines || matched !== expected.matched || wrong.length > 0) {
    const counts = `${lines} lines and ${matched} matches for ${expected.lines} and ${expected.matched}`;
    throw new Error(`the statement is wrong: ${counts}; ${wrong.map((one) => one.join(': ')).join(', ')}`);
  }
}
