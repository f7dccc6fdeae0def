import { ACCOUNTS, postJournals, type Journal } from '#ledger';
import { type Tx } from '#platform/database';

interface Oldest {
  accountId: string;
  programme: string;
  statementId: string;
  openingPence: number;
  openedPence: number;
}

/**
 * Brings what an account held before its oldest statement into the books: Dr bank / Cr adjustments, once. An older statement loaded
 * later begins with another balance, of which only the difference is posted: its own entries make up for the rest.
 */
export async function openBooks(tx: Tx, statementIds: readonly string[]): Promise<void> {
  const rows = await tx.query<Oldest>(
    `SELECT DISTINCT ON (a.id) a.id AS "accountId", a.programme_code AS programme, a.opened_pence AS "openedPence",
            s.id AS "statementId", s.opening_pence AS "openingPence"
       FROM bank_account a JOIN bank_statement s ON s.programme_code = a.programme_code AND s.account_key = a.account_key
      WHERE s.state <> 'quarantined' AND (a.programme_code, a.account_key) IN
            (SELECT programme_code, account_key FROM bank_statement WHERE id = ANY ($1::uuid[]))
      ORDER BY a.id, s.ends_on, coalesce(s.sequence, 0), s.id`,
    [statementIds],
  );
  const changed = rows.filter((row) => row.openingPence !== row.openedPence);
  for (const { accountId, openingPence } of changed) {
    await tx.execute('UPDATE bank_account SET opened_pence = $2 WHERE id = $1', [accountId, openingPence]);
  }
  await postJournals(tx, changed.map(journalOf));
}

function journalOf({ accountId, programme, statementId, openingPence, openedPence }: Oldest): Journal {
  const amountPence = openingPence - openedPence;
  return {
    event: `bank.opening:${accountId}:${statementId}`,
    kind: 'bank_opening',
    programme,
    description: 'Balance of the bank account before its first statement',
    postings: [
      { account: ACCOUNTS.bank, amountPence },
      { account: ACCOUNTS.adjustments, amountPence: -amountPence },
    ],
  };
}
