import { statement, type Tx } from '#platform/database';

/** One job taken from the outbox. */
export interface OutboxRow {
  id: number;
  at: Date;
  job: string;
  payload: object;
}

const TAKE = statement(
  `SELECT id, at, job, payload FROM outbox WHERE dispatched_at IS NULL ORDER BY id LIMIT $1 FOR UPDATE SKIP LOCKED`,
);
const DISPATCHED = statement(`UPDATE outbox SET dispatched_at = $1 WHERE id = ANY($2::bigint[])`);

/** Takes the oldest waiting rows that no other relay holds; they stay locked until the transaction ends. */
export function takeWaiting(tx: Tx, limit: number): Promise<OutboxRow[]> {
  return tx.query<OutboxRow>(TAKE, [limit]);
}

export async function markDispatched(tx: Tx, ids: readonly number[]): Promise<void> {
  await tx.execute(DISPATCHED, [tx.now, ids]);
}

/** Removes rows dispatched before `before`, oldest first, at most `limit`. Returns how many. */
export function pruneDispatched(tx: Tx, before: Date, limit: number): Promise<number> {
  return tx.execute(
    `DELETE FROM outbox WHERE id IN (
       SELECT id FROM outbox WHERE id < (SELECT coalesce(min(id), 9223372036854775807) FROM outbox WHERE dispatched_at IS NULL)
         AND dispatched_at < $1 ORDER BY id LIMIT $2)`,
    [before, limit],
  );
}

/** How many jobs wait in the outbox (counted up to 10,000) and the age in seconds of the oldest, for /metrics. */
export async function outboxStats(tx: Tx): Promise<{ waiting: number; oldestSeconds: number }> {
  const [row] = await tx.query<{ waiting: number; oldest: Date | null }>(
    `SELECT count(*) AS waiting, min(at) AS oldest
       FROM (SELECT at FROM outbox WHERE dispatched_at IS NULL ORDER BY id LIMIT 10000) AS waiting`,
  );
  const age = row?.oldest ? (tx.now.getTime() - row.oldest.getTime()) / 1000 : 0;
  return { waiting: row?.waiting ?? 0, oldestSeconds: Math.max(0, age) };
}
