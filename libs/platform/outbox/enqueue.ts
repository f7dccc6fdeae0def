import type { DataSource } from 'typeorm';
import { statement, type Tx } from '#platform/database';
import type { JobDefinition } from './job-definition.js';

/** The channel the relay listens on. */
export const OUTBOX_CHANNEL = 'outbox';

const ADD = statement(
  `INSERT INTO outbox (at, job, payload, dedupe)
   SELECT $1, $2, wanted.payload::jsonb, wanted.dedupe FROM unnest($3::text[], $4::text[]) AS wanted (payload, dedupe)
   ON CONFLICT (dedupe) WHERE dispatched_at IS NULL AND dedupe IS NOT NULL DO NOTHING`,
);

/**
 * Adds a job in the caller's transaction: it runs if that commits, and only then. At least once; handlers are
 * idempotent. With `dedupe`, nothing is added while a job with the same text still waits in the outbox.
 */
export async function enqueue<Payload extends object>(
  tx: Tx,
  job: JobDefinition<Payload>,
  payload: Payload,
  options: { dedupe?: string } = {},
): Promise<void> {
  await enqueueAll(tx, job, [payload], options.dedupe === undefined ? undefined : [options.dedupe]);
}

/** As `enqueue`, for many in one statement. `dedupes`, when given, is parallel to `payloads`. */
export async function enqueueAll<Payload extends object>(
  tx: Tx,
  job: JobDefinition<Payload>,
  payloads: readonly Payload[],
  dedupes?: readonly string[],
): Promise<void> {
  if (payloads.length === 0) return;
  const texts = payloads.map((payload) => JSON.stringify(payload));
  await tx.execute(ADD, [tx.now, job.name, texts, dedupes ?? payloads.map(() => null)]);
  const source = tx.manager.connection;
  tx.afterCommit(() => notify(source));
}

interface Signal {
  running: boolean;
  again: boolean;
}
const signals = new WeakMap<DataSource, Signal>();

/**
 * Wakes the relay, best effort: it polls as well. NOTIFY inside the money transaction would make every commit of the
 * database wait for the one before (PostgreSQL takes one lock for all notifying commits), so it is a statement of its
 * own afterwards; requests that ask while one runs share the next.
 */
function notify(source: DataSource): void {
  const signal = signals.get(source) ?? { running: false, again: false };
  signals.set(source, signal);
  if (signal.running) {
    signal.again = true;
    return;
  }
  signal.running = true;
  void source
    .query(`NOTIFY ${OUTBOX_CHANNEL}`)
    .catch(() => undefined)
    .then(() => {
      signal.running = false;
      if (signal.again && source.isInitialized) {
        signal.again = false;
        notify(source);
      }
    });
}
