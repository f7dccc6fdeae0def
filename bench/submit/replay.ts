import pg from 'pg';
import { RUNTIME_ROLE, setTypeParsers } from '#platform/database';
import { type Command } from '../captured/statements.js';
import { AT_ONCE } from '../support/claims.js';
import { atOnce } from '../support/stats.js';

/** A pool like the API's: as many connections, the same role and time zone. */
export function rawPool(url: string): pg.Pool {
  setTypeParsers();
  return new pg.Pool({
    connectionString: url,
    max: AT_ONCE,
    application_name: 'bench-raw',
    options: `-c timezone=UTC -c role=${RUNTIME_ROLE}`,
  });
}

/** Sends the very statements of some submissions with plain `pg`: no HTTP, no framework, no calculation, no answer. */
export async function replay(pool: pg.Pool, submissions: readonly Command[]): Promise<void> {
  await atOnce(AT_ONCE, submissions, async ({ authenticate, transaction }) => {
    await pool.query(authenticate);
    const client = await pool.connect();
    try {
      for (const statement of transaction) await client.query(statement);
    } finally {
      client.release();
    }
  });
}
