import { statement, type Tx } from '#platform/database';

const TAKE = statement(
  `INSERT INTO number_series AS s (programme_code, authority_code, kind, last)
   SELECT $1, n.authority, $2, n.count FROM unnest($3::text[], $4::int[]) AS n (authority, count) ORDER BY n.authority
   ON CONFLICT (programme_code, authority_code, kind) DO UPDATE SET last = s.last + excluded.last
   RETURNING authority_code AS authority, last`,
);

/**
 * Takes the next numbers of a kind of document, so many for each authority, and gives each one's first. The series are held
 * until commit, so a transaction that rolls back leaves no gap.
 */
export async function takeNumbers(
  tx: Tx,
  of: { programme: string; kind: string },
  counts: ReadonlyMap<string, number>,
): Promise<Map<string, number>> {
  const rows = await tx.query<{ authority: string; last: number }>(TAKE, [
    ...[of.programme, of.kind],
    ...[[...counts.keys()], [...counts.values()]],
  ]);
  return new Map(rows.map(({ authority, last }) => [authority, last - counts.get(authority)! + 1]));
}
