import { type Tx } from '#platform/database';

export type SummaryName = 'funding' | 'ageing' | 'payment_times' | 'cash_forecast' | 'accruals';

/** A row of a report; null for what is of all authorities together. */
export interface OfAuthority {
  authority: string | null;
}

/** Stands for all authorities together. */
const ALL = '*';

export interface KeptSummary {
  day: string;
  madeAt: Date;
}

/** The newest summary there is, or that of a day; asked for as the system, since an authority may have no part in it. */
export async function findSummary(
  tx: Tx,
  programme: string,
  name: SummaryName,
  day: string | null = null,
): Promise<KeptSummary | null> {
  const [row] = await tx.query<KeptSummary>(
    `SELECT day, made_at AS "madeAt" FROM daily_summary
      WHERE programme_code = $1 AND name = $2 AND authority_code = '${ALL}' AND ($3::date IS NULL OR day = $3) ORDER BY day DESC LIMIT 1`,
    [programme, name, day],
  );
  return row ?? null;
}

/** Its rows, as far as the reader may see them: row-level security holds. */
export async function readSummary<Row extends OfAuthority>(
  tx: Tx,
  programme: string,
  name: SummaryName,
  day: string,
): Promise<Row[]> {
  const rows = await tx.query<{ items: Row[] }>(
    'SELECT items FROM daily_summary WHERE programme_code = $1 AND name = $2 AND day = $3 ORDER BY authority_code',
    [programme, name, day],
  );
  return rows.flatMap(({ items }) => items);
}

/** Keeps the rows of a day instead of those it had. `older` says whether those of days before are of use to anybody. */
export async function keepSummary(
  tx: Tx,
  of: { programme: string; name: SummaryName; day: string; older: 'keep' | 'drop' },
  rows: readonly OfAuthority[],
): Promise<void> {
  const { programme, name, day, older } = of;
  await tx.execute(
    `DELETE FROM daily_summary WHERE programme_code = $1 AND name = $2 AND ${older === 'drop' ? 'day <= $3' : 'day = $3'}`,
    [programme, name, day],
  );
  const parts = new Map<string, OfAuthority[]>([[ALL, []]]);
  for (const row of rows) {
    const key = row.authority ?? ALL;
    const part = parts.get(key);
    if (part) part.push(row);
    else parts.set(key, [row]);
  }
  const given = [...parts].map(([authority, items]) => ({ authority, items }));
  await tx.execute(
    `INSERT INTO daily_summary (programme_code, name, day, authority_code, items, made_at)
     SELECT $1, $2, $3, x.authority, x.items, $4 FROM jsonb_to_recordset($5::jsonb) AS x (authority text, items jsonb)`,
    [programme, name, day, tx.now, JSON.stringify(given)],
  );
}
