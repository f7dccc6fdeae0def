import { afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { createEmptyDatabase, type TestDatabase } from '../support/postgres.js';
import { ensureBuilt, runCommand } from '../support/standalone.js';

describe('the migration step of an installation', () => {
  let database: TestDatabase;
  let login: URL;

  beforeAll(() => {
    ensureBuilt();
  }, 240_000);
  beforeEach(async () => {
    database = await createEmptyDatabase();
    login = new URL(database.adminUrl);
    login.username = `claims_login_${randomBytes(4).toString('hex')}`;
    login.password = randomBytes(8).toString('hex');
  });
  afterEach(async () => {
    await database.drop();
    await query(adminUrl(), `DROP ROLE IF EXISTS ${login.username}`);
  });

  const adminUrl = (): string => process.env['TEST_DATABASE_ADMIN_URL'] ?? '';
  const migrate = (url: URL): { code: number | null; out: string; err: string } =>
    runCommand(['migrate'], { DATABASE_URL: url.href, MIGRATION_DATABASE_URL: database.adminUrl });

  it('makes schema, terms and a login that owns nothing; running it again changes nothing', async () => {
    expect(migrate(login)).toMatchObject({ code: 0 });
    const again = migrate(login);
    expect(again).toEqual({ code: 0, out: '', err: 'The database is up to date\n' });

    const [role] = await query(login.href, `SELECT rolsuper, rolbypassrls FROM pg_roles WHERE rolname = session_user`);
    expect(role).toEqual({ rolsuper: false, rolbypassrls: false });
    expect(await query(database.adminUrl, 'SELECT code FROM programme')).toEqual([{ code: 'EIP2' }]);
    expect(await query(database.adminUrl, 'SELECT count(*)::int AS users FROM user_account')).toEqual([{ users: 0 }]);
  }, 120_000);

  it('does not set the password of a login that exists', async () => {
    await query(adminUrl(), `CREATE ROLE ${login.username} LOGIN PASSWORD 'the-old-one'`);
    expect(migrate(login)).toMatchObject({
      code: 1,
      err: expect.stringMatching(/^DATABASE_URL: PostgreSQL at .* does not let us in \(28P01\): .*\n$/m),
    });
    await expect(query(login.href, 'SELECT 1')).rejects.toMatchObject({ code: '28P01' });
  }, 120_000);

  it('asks for the address of a database', () => {
    expect(runCommand(['migrate'], {})).toMatchObject({
      code: 1,
      err: expect.stringMatching(/^Set DATABASE_URL, .*\n$/),
    });
  });
});

async function query(url: string, sql: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}
