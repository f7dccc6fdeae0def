import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Inject, Param, Post } from '@nestjs/common';
import pg from 'pg';
import { DatabaseModule, UnitOfWork, type Actor } from '#platform/database';
import { ApiController, CurrentActor } from '#platform/http';
import { as, expectProblem, startHttpApp, type HttpTestApp } from '../support/http-app.js';
import { createTestDatabase, type TestDatabase } from '../support/postgres.js';

/** What PostgreSQL itself breaks off. */
const BROKEN_OFF: Readonly<Record<string, readonly [setting: string, statement: string]>> = {
  '55P03': ['lock_timeout', 'LOCK TABLE busy'],
  '57014': ['statement_timeout', 'SELECT pg_sleep(30)'],
};

@ApiController('busy')
class BusyController {
  constructor(@Inject(UnitOfWork) private readonly uow: UnitOfWork) {}

  @Post('idle')
  idle(@CurrentActor() actor: Actor) {
    return this.uow.run(actor, async (tx) => {
      await tx.query(`SET LOCAL idle_in_transaction_session_timeout = '20ms'`);
      const [{ pid }] = (await tx.query<{ pid: number }>('SELECT pg_backend_pid() AS pid')) as [{ pid: number }];
      await gone(pid);
      return tx.query('SELECT 1');
    });
  }

  @Post(':state')
  breakOff(@CurrentActor() actor: Actor, @Param('state') state: string) {
    const [setting, statement] = BROKEN_OFF[state]!;
    return this.uow.run(actor, async (tx) => {
      await tx.query(`SET LOCAL ${setting} = '20ms'`);
      return tx.query(statement);
    });
  }
}

let admin: pg.Client;
async function gone(pid: number): Promise<void> {
  const there = 'SELECT 1 FROM pg_stat_activity WHERE pid = $1';
  while ((await admin.query(there, [pid])).rows.length > 0) await new Promise((next) => setTimeout(next, 5));
}

describe('a database that is too busy', () => {
  let database: TestDatabase;
  let holder: pg.Client;
  let test: HttpTestApp;
  beforeAll(async () => {
    database = await createTestDatabase();
    admin = new pg.Client({ connectionString: database.adminUrl });
    await admin.connect();
    await admin.query('CREATE TABLE busy (id int); GRANT ALL ON busy TO claims_app');
    holder = new pg.Client({ connectionString: database.adminUrl });
    await holder.connect();
    await holder.query('BEGIN; LOCK TABLE busy');
    test = await startHttpApp([BusyController], {
      env: { DATABASE_URL: database.url },
      imports: [DatabaseModule.forRoot('test')],
    });
  });
  afterAll(async () => {
    await test.app.close();
    await holder.end();
    await admin.end();
    await database.drop();
  });

  it.each([...Object.keys(BROKEN_OFF), 'idle'])('is 503 with Retry-After: %s', async (what) => {
    const answer = await test.call({ method: 'POST', url: `/api/v1/busy/${what}`, headers: as('good'), payload: {} });
    expectProblem(answer, 503, 'unavailable');
    expect(answer.headers['retry-after']).toBe('5');
  });
});
