import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { appendAudit } from '#audit';
import { systemClock } from '#kernel';
import { migrate } from '#migrations';
import { checkRuntimeRole, createDataSource, systemActor, UnitOfWork } from '#platform/database';

const adminUrl = (): string => process.env['TEST_DATABASE_ADMIN_URL'] ?? '';
const suffix = randomBytes(4).toString('hex');
const owner = `claims_owner_${suffix}`;
const database = `claims_owned_${suffix}`;
const ownerUrl = (): string => {
  const url = new URL(adminUrl());
  url.username = owner;
  url.password = 'owner';
  url.pathname = `/${database}`;
  return url.href;
};

async function asAdmin(...statements: string[]): Promise<void> {
  const client = new pg.Client({ connectionString: adminUrl() });
  await client.connect();
  try {
    for (const sql of statements) await client.query(sql);
  } finally {
    await client.end();
  }
}

/** As on a database somebody else runs: the owner is no superuser, and one login serves migrations and processes. */
describe('an owner who is no superuser', () => {
  beforeAll(async () => {
    await asAdmin(
      // The role is the whole server's; other specs may have made it already.
      `DO $$ BEGIN CREATE ROLE claims_app NOLOGIN; EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$`,
      `CREATE ROLE ${owner} LOGIN PASSWORD 'owner' CREATEROLE NOSUPERUSER`,
      `GRANT claims_app TO ${owner} WITH ADMIN OPTION`,
      `CREATE DATABASE ${database} OWNER ${owner}`,
    );
  });
  afterAll(() =>
    asAdmin(
      `DROP DATABASE IF EXISTS ${database} WITH (FORCE)`,
      `SET ROLE ${owner}; REVOKE claims_app FROM ${owner}; RESET ROLE`,
      `REVOKE claims_app FROM ${owner}`,
      `DROP ROLE IF EXISTS ${owner}`,
    ),
  );

  it('migrates, and what then runs cannot bypass row-level security', async () => {
    expect((await migrate(ownerUrl())).length).toBeGreaterThan(5);
    const source = await createDataSource(ownerUrl(), { poolSize: 2 }).initialize();
    try {
      await checkRuntimeRole(source);
      const uow = new UnitOfWork(source, systemClock);
      const brent = { ...systemActor, scope: 'BRENT' };
      const entry = { action: 'x.y', subjectType: 'x', subjectId: '1' };
      await uow.run(systemActor, (tx) => appendAudit(tx, { chain: 'BRISTOL', ...entry }));
      await uow.run(brent, async (tx) => {
        await appendAudit(tx, { chain: 'BRENT', ...entry });
        // The function saw every chain while it ran, and its caller sees its own again.
        expect(await tx.query('SELECT chain FROM audit_entry')).toEqual([{ chain: 'BRENT' }]);
        expect(await tx.query(`SELECT current_setting('app.authority') AS scope`)).toEqual([{ scope: 'BRENT' }]);
      });
      const all = await uow.read(systemActor, (tx) => tx.query('SELECT chain FROM audit_entry ORDER BY 1'));
      expect(all).toEqual([{ chain: 'BRENT' }, { chain: 'BRISTOL' }]);
    } finally {
      await source.destroy();
    }
  }, 60_000);
});
