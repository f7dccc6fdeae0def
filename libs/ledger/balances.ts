import { type Tx } from '#platform/database';

/** What was ever debited and credited to an account, in pence; the balance is the one less the other. */
export interface AccountTotals {
  account: string;
  debitPence: number;
  creditPence: number;
}

const BALANCES = `
  SELECT a.name AS account, sum(b.debit)::bigint AS "debitPence", sum(b.credit)::bigint AS "creditPence"
    FROM (SELECT account_id, debit_pence AS debit, credit_pence AS credit
            FROM ledger_snapshot_balance WHERE snapshot_id = $2
           UNION ALL
          SELECT account_id, greatest(amount_pence, 0), greatest(-amount_pence, 0)
            FROM posting WHERE at > $3 AND at <= $1) b
    JOIN ledger_account a ON a.id = b.account_id
   GROUP BY a.name ORDER BY a.name COLLATE "C"`;

/**
 * Totals of every account posted to by an instant: the latest snapshot by then and what came after it, however long the
 * books are. A snapshot taken in between changes nothing: the older one is followed by the longer tail.
 */
export async function balancesAsOf(tx: Tx, asOf: Date): Promise<AccountTotals[]> {
  const [last] = await tx.query<{ id: number; at: Date }>(
    'SELECT id, at FROM ledger_snapshot WHERE at <= $1 ORDER BY at DESC LIMIT 1',
    [asOf],
  );
  // Values and not a subquery: the planner then knows that the tail is short, and takes the index.
  return tx.query<AccountTotals>(BALANCES, [asOf, last?.id ?? 0, last?.at ?? '-infinity']);
}

/** Where something stands in the books: before the posting of this instant, journal and position. */
export interface Place {
  at: Date | string;
  journalId: number;
  position: number;
}

const OWED = `
  WITH last AS (SELECT id, at FROM ledger_snapshot WHERE at < $3 ORDER BY at DESC LIMIT 1)
  SELECT (coalesce((SELECT b.credit_pence - b.debit_pence FROM ledger_snapshot_balance b JOIN last ON last.id = b.snapshot_id
                     WHERE b.account_id = a.id AND b.authority_code = $2), 0)
        - coalesce((SELECT sum(p.amount_pence) FROM posting p
                     WHERE p.account_id = a.id AND p.authority_code = $2 AND p.at > coalesce((SELECT at FROM last), '-infinity')
                       AND p.at <= $3 AND (p.at, p.journal_id, p.position) < ($3::timestamptz, $4::bigint, $5::int)), 0))::bigint AS pence
    FROM ledger_account a WHERE a.name = $1`;

/** What an authority's own account came to before a place, credits positive: what was owed to it. Found as `balancesAsOf`. */
export async function owedBefore(tx: Tx, account: string, authority: string, place: Place): Promise<number> {
  const [row] = await tx.query<{ pence: number }>(OWED, [
    account,
    authority,
    place.at,
    place.journalId,
    place.position,
  ]);
  return row?.pence ?? 0;
}

/** Instants between which London's days from the first to the last lie; `until` is the first instant after. */
export interface Period {
  from: Date;
  until: Date;
}

/** Without a first day from the beginning, without a last up to now. A last day before the first is an empty period. */
export async function periodOf(tx: Tx, from: string | undefined, to: string | undefined): Promise<Period> {
  const [row] = await tx.query<{ from: Date | null; until: Date | null }>(
    `SELECT $1::date::timestamp AT TIME ZONE 'Europe/London' AS "from",
            ($2::date + 1)::timestamp AT TIME ZONE 'Europe/London' AS until`,
    [from ?? null, to ?? null],
  );
  const first = row?.from ?? new Date(0);
  const until = row?.until ?? new Date(tx.now.getTime() + 1);
  return { from: first, until: until < first ? first : until };
}
