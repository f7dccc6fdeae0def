import { runMigrations as runQueueMigrations } from 'bullmq';
import pg from 'pg';
import { RUNTIME_ROLE } from '#platform/database';
import { QUEUE_NAME } from './queue-connection.js';

/** BullMQ's own default. */
const SCHEMA = 'bullmq';

/**
 * Brings the queue's tables in PostgreSQL to the version this BullMQ needs (its own migrations, under its own lock) and
 * lets the runtime role use them. `url` is the owner's. Part of every migration step, also where Redis carries the jobs.
 */
export async function migrateQueue(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url, application_name: 'claims-migrations' });
  await client.connect();
  try {
    await runQueueMigrations(client as never, SCHEMA);
    // Makes the queue's sequence, which BullMQ would make when first used: the runtime role may not create anything.
    await client.query(`SELECT ${SCHEMA}.next_job_id($1)`, [QUEUE_NAME]);
    await client.query(`
      GRANT USAGE ON SCHEMA ${SCHEMA} TO ${RUNTIME_ROLE};
      GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA ${SCHEMA} TO ${RUNTIME_ROLE};
      REVOKE INSERT, UPDATE, DELETE ON ${SCHEMA}.migration FROM ${RUNTIME_ROLE};
      GRANT USAGE ON ALL SEQUENCES IN SCHEMA ${SCHEMA} TO ${RUNTIME_ROLE};
      GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA ${SCHEMA} TO ${RUNTIME_ROLE};`);
  } finally {
    await client.end();
  }
}
