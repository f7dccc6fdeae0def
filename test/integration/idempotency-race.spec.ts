import { afterAll, beforeAll, expect, it } from '@jest/globals';
import pg from 'pg';
import { type DataSource } from 'typeorm';
import { systemClock } from '#kernel';
import {
  commandContext,
  createDataSource,
  IdempotentReplay,
  systemActor,
  UnitOfWork,
  type CommandContext,
} from '#platform/database';
import { createTestDatabase, type TestDatabase } from '../support/postgres.js';

const GATE = 4711;

let database: TestDatabase;
let admin: pg.Client;
let source: DataSource;
let uow: UnitOfWork;
beforeAll(async () => {
  database = await createTestDatabase();
  admin = new pg.Client({ connectionString: database.adminUrl });
  await admin.connect();
  // A gate in front of the try-lock: a statement can be stopped between its snapshot and the lock.
  await admin.query(`
    CREATE FUNCTION public.pg_try_advisory_xact_lock(p_key bigint) RETURNS boolean LANGUAGE plpgsql VOLATILE STRICT AS $$
    BEGIN
      PERFORM pg_advisory_lock_shared(${GATE});
      PERFORM pg_advisory_unlock_shared(${GATE});
      RETURN pg_catalog.pg_try_advisory_xact_lock(p_key);
    END $$;
    ALTER DATABASE ${new URL(database.adminUrl).pathname.slice(1)} SET search_path = public, pg_catalog`);
  source = await createDataSource(database.url, { poolSize: 3 }).initialize();
  uow = new UnitOfWork(source, systemClock);
});
afterAll(async () => {
  await source?.destroy();
  await admin?.end();
  await database?.drop();
});

const command = (key: string): CommandContext => ({
  callerId: systemActor.userId,
  key,
  inputHash: 'a'.repeat(64),
  route: 'POST /x',
});

const run = (key: string, work: () => Promise<unknown>) =>
  commandContext.run(command(key), () => uow.run(systemActor, work));

/** Settles as soon as a statement waits at the gate. */
async function someoneAtTheGate(): Promise<void> {
  const waiting = `SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND objid = ${GATE} AND NOT granted`;
  while ((await admin.query(waiting)).rows.length === 0) await new Promise((next) => setTimeout(next, 5));
}

it('gives the first answer to a repetition that began before the first was kept and got the lock after', async () => {
  let finishFirst!: (answer: string) => void;
  let firstIsWorking!: () => void;
  const working = new Promise<void>((resolve) => (firstIsWorking = resolve));
  const first = run('a', () => {
    firstIsWorking();
    return new Promise((resolve) => (finishFirst = resolve));
  });
  await working;

  await admin.query(`SELECT pg_advisory_lock(${GATE})`);
  let ranAgain = false;
  const repeated = run('a', () => {
    ranAgain = true;
    return Promise.resolve('second');
  }).catch((error: unknown) => error);
  await someoneAtTheGate();
  finishFirst('first');
  expect(await first).toBe('first');
  await admin.query(`SELECT pg_advisory_unlock(${GATE})`);

  const answer = await repeated;
  expect(answer).toBeInstanceOf(IdempotentReplay);
  expect([(answer as IdempotentReplay).body, ranAgain]).toEqual(['first', false]);
});

it('refuses a repetition while the first runs', async () => {
  await run('b', async () => {
    await expect(run('b', () => Promise.resolve('second'))).rejects.toMatchObject({ code: 'idempotency_key_in_use' });
    return 'first';
  });
  await expect(run('b', () => Promise.resolve('third'))).rejects.toMatchObject({ body: 'first' });
});
