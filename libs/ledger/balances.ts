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
  SELECT (coalesce((SELECT credit_pence - debit_pence FROM ledger_snapshot_balance
                     WHERE snapshot_id = $6 AND account_id = $1 AND authority_code = $2), 0)
        - coalesce((SELECT sum(amount_pence) FROM posting
                     WHERE account_id = $1 AND authority_code = $2 AND at > $7 AND at <= $3
                       AND (at, journal_id, position) < ($3::timestamptz, $4::bigint, $5::int)), 0))::bigint AS pence`;

/** What an authority's own account came to before a place, credits positive: what was owed to it. Found as `balancesAsOf`. */
export async function owedBefore(tx: Tx, account: string, authority: string, place: Place): Promise<number> {
  const [start] = await tx.query<{ account: number; snapshot: number | null; at: Date | null }>(
    `SELECT a.id AS account, s.id AS snapshot, s.at FROM ledger_account a
       LEFT JOIN LATERAL (SELECT id, at FROM ledger_snapshot WHERE at < $2 ORDER BY at DESC LIMIT 1) s ON true
      WHERE a.name = $1`,
    [account, place.at],
  );
  if (!start) return 0;
  const [row] = await tx.query<{ pence: number }>(OWED, [
    start.account,
    authority,
    place.at,
    place.journalId,
    place.position,
    start.snapshot ?? 0,
    start.at ?? '-infinity',
  ]);
  return row!.pence;
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
