import type pg from 'pg';
import { daysOf } from './generate-sql.js';

/** What the database holds of books (docs/ledger.md), asked of all of them at once: each column counts what breaks it. */
const PROOF = `
  WITH whole AS (
    SELECT p.journal_id, count(*) AS count, max(p.position) AS last, sum(p.amount_pence) AS sum, min(p.at) AS since, max(p.at) AS until,
           max(p.authority_code) AS authority, min(p.authority_code) AS other, bool_or(p.amount_pence = 0) AS nothing
      FROM posting p GROUP BY 1)
  SELECT (SELECT sum(count) FROM whole)::int AS postings,
    (SELECT count(*) FROM whole WHERE sum <> 0 OR nothing)::int AS "journals out of balance",
    (SELECT count(*) FROM journal j LEFT JOIN whole w ON w.journal_id = j.id
      WHERE w.count IS DISTINCT FROM j.posting_count::bigint OR w.last <> j.posting_count OR w.since <> j.at OR w.until <> j.at
         OR w.authority IS DISTINCT FROM j.authority_code OR w.other IS DISTINCT FROM j.authority_code)::int AS "journals that are not whole",
    (SELECT count(*) FROM journal WHERE booked_on <> (at AT TIME ZONE 'Europe/London')::date)::int AS "journals of another day",
    (SELECT count(*) FROM (SELECT FROM posting p JOIN ledger_account a ON a.id = p.account_id WHERE a.type = 'liability' OR a.type = 'asset'
      GROUP BY a.id HAVING sum(p.amount_pence) <> 0) AS open)::int AS "accounts with something owed at the end"`;

/** Balances of a snapshot that are not the plain sum of what was posted by then; $1 says which, counted by instant. */
const SNAPSHOT = `
  WITH snapshot AS (SELECT id, at FROM ledger_snapshot ORDER BY at OFFSET $1 LIMIT 1),
       plain AS (
    SELECT p.account_id, coalesce(p.authority_code, '') AS authority_code, sum(greatest(p.amount_pence, 0)) AS debit, sum(greatest(-p.amount_pence, 0)) AS credit
      FROM posting p, snapshot s WHERE p.at <= s.at GROUP BY 1, 2)
  SELECT count(*)::int AS wrong FROM plain p
    FULL JOIN (SELECT b.* FROM ledger_snapshot_balance b, snapshot s WHERE b.snapshot_id = s.id) AS b USING (account_id, authority_code)
   WHERE p.debit IS DISTINCT FROM b.debit_pence OR p.credit IS DISTINCT FROM b.credit_pence`;

/** Throws when the generated books could not have come about: figures of them would say nothing. */
export async function proveBooks(client: pg.Client, count: number): Promise<void> {
  const { rows } = await client.query<Record<string, number>>(PROOF);
  const { postings, ...broken } = rows[0]!;
  const last = daysOf(count) - 2;
  for (const which of [0, Math.floor(last / 3), last]) {
    const { rows } = await client.query<{ wrong: number }>(SNAPSHOT, [which]);
    broken[`wrong balances of snapshot ${which}`] = rows[0]!.wrong;
  }
  const wrong = Object.entries(broken).filter(([, found]) => found !== 0);
  if (postings !== count || wrong.length > 0) {
    throw new Error(
      `the generated books are wrong: ${postings} of ${count}; ${wrong.map((one) => one.join(': ')).join(', ')}`,
    );
  }
}
