import { ACCOUNTS, postJournals, type Journal } from '#ledger';
import { type Tx } from '#platform/database';

interface Oldest {
  accountId: string;
  programme: string;
  loadedId: string;
  openingPence: number;
  openedPence: number;
}

/**
 * Brings what an account held before its oldest statement into the books: Dr bank / Cr adjustments, once. An older statement loaded
 * later begins with another balance, of which only the difference is posted: its own entries make up for the rest.
 */
export async function openBooks(tx: Tx, statementIds: readonly string[]): Promise<void> {
  const rows = await tx.query<Oldest>(
    `WITH fresh AS (SELECT id, programme_code, account_key FROM bank_statement WHERE id = ANY ($1::uuid[]))
     SELECT DISTINCT ON (a.id) a.id AS "accountId", a.programme_code AS programme, a.opened_pence AS "openedPence",
            s.opening_pence AS "openingPence", (SELECT min(f.id::text) FROM fresh f WHERE (f.programme_code, f.account_key) = (a.programme_code, a.account_key)) AS "loadedId"
       FROM bank_account a JOIN bank_statement s ON s.programme_code = a.programme_code AND s.account_key = a.account_key
      WHERE s.state <> 'quarantined' AND (a.programme_code, a.account_key) IN
            (SELECT programme_code, account_key FROM fresh)
      ORDER BY a.id, s.ends_on, s.day_place`,
    [statementIds],
  );
  const changed = rows.filter((row) => row.openingPence !== row.openedPence);
  for (const { accountId, openingPence } of changed) {
    await tx.execute('UPDATE bank_account SET opened_pence = $2 WHERE id = $1', [accountId, openingPence]);
  }
  await postJournals(tx, changed.map(journalOf));
}

function journalOf({ accountId, programme, loadedId, openingPence, openedPence }: Oldest): Journal {
  const amountPence = openingPence - openedPence;
  return {
    // By the statement that was loaded: another that becomes the oldest may have been that before.
    event: `bank.opening:${accountId}:${loadedId}`,
    kind: 'bank_opening',
    programme,
    description: 'Balance of the bank account before its first statement',
    postings: [
      { account: ACCOUNTS.bank, amountPence },
      { account: ACCOUNTS.adjustments, amountPence: -amountPence },
    ],
  };
}
