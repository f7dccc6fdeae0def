import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { createTestDatabase, type TestDatabase } from '../support/postgres.js';

/** Asks the catalogue, so that a table added later is covered without being named here. */
describe('row-level security', () => {
  let database: TestDatabase;
  let admin: pg.Client;
  let app: pg.Client;
  beforeAll(async () => {
    database = await createTestDatabase();
    admin = new pg.Client({ connectionString: database.adminUrl });
    app = new pg.Client({ connectionString: database.url, options: '-c role=claims_app' });
    await admin.connect();
    await app.connect();
  });
  afterAll(async () => {
    await app.end();
    await admin.end();
    await database.drop();
  });

  const names = async (sql: string): Promise<string[]> =>
    (await admin.query<{ name: string }>(sql)).rows.map((row) => row.name);
  const TABLES = `FROM pg_class c WHERE c.relkind IN ('r', 'p') AND c.relnamespace = 'public'::regnamespace`;
  const SECURED = `SELECT c.relname AS name ${TABLES} AND c.relrowsecurity ORDER BY 1`;

  it('is forced on every table that says whose its rows are', async () => {
    const open = await names(
      `SELECT c.relname AS name ${TABLES} AND NOT (c.relrowsecurity AND c.relforcerowsecurity)
          AND EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = c.oid AND NOT a.attisdropped
                         AND a.attname IN ('authority_code', 'authority', 'chain', 'organisation'))
          -- which authorities take part is public (GET /authorities)
          AND c.relname NOT IN ('programme_authority') ORDER BY 1`,
    );
    expect(open).toEqual([]);
  });

  it('is forced wherever it is enabled, and no table with it is without a policy', async () => {
    expect(
      await names(`SELECT c.relname AS name ${TABLES} AND c.relrowsecurity AND NOT c.relforcerowsecurity`),
    ).toEqual([]);
    expect(
      await names(
        `SELECT c.relname AS name ${TABLES} AND c.relrowsecurity
            AND NOT EXISTS (SELECT FROM pg_policy p WHERE p.polrelid = c.oid)`,
      ),
    ).toEqual([]);
  });

  it('shows the role of the processes nothing of any secured table while no authority is set', async () => {
    const tables = await names(SECURED);
    expect(tables).toEqual(expect.arrayContaining(['user_account', 'api_token', 'audit_entry', 'audit_head']));
    const seen: string[] = [];
    for (const table of tables) {
      const readable = await names(
        `SELECT a.attname AS name FROM pg_attribute a WHERE a.attrelid = '${table}'::regclass AND a.attnum > 0
            AND NOT a.attisdropped AND has_column_privilege('claims_app', a.attrelid, a.attnum, 'SELECT')`,
      );
      if (readable.length === 0) continue;
      expect(await seed(table)).toBe(1);
      const result = await app.query<{ count: string }>(`SELECT count(${readable[0]}) FROM ${table}`);
      if (Number(result.rows[0]?.count) !== 0) seen.push(table);
      await app.query(`BEGIN; SELECT set_config('app.authority', '*', true), set_config('app.user', '${ZERO}', true)`);
      const all = await app.query<{ count: string }>(`SELECT count(*) FROM (SELECT ${readable[0]} FROM ${table}) t`);
      await app.query('COMMIT');
      // The same question with an authority set finds the row: it was there to be hidden.
      expect(`${table} ${Number(all.rows[0]?.count)}`).toBe(`${table} 1`);
      const after = await app.query(`SELECT ${readable[0]} FROM ${table}`);
      expect(after.rows).toEqual([]);
    }
    expect(seen).toEqual([]);
  });

  const ZERO = '00000000-0000-0000-0000-000000000000';

  /** One row of plausible values, checks and references set aside: only who sees it matters. Returns the rows there are. */
  async function seed(table: string): Promise<number> {
    const columns = await admin.query<{ name: string; type: string; generated: boolean }>(
      `SELECT a.attname AS name, format_type(a.atttypid, NULL) AS type, a.attgenerated <> '' OR a.attidentity = 'a' AS generated
         FROM pg_attribute a WHERE a.attrelid = $1::regclass AND a.attnum > 0 AND NOT a.attisdropped`,
      [table],
    );
    const checks = await names(
      `SELECT conname AS name FROM pg_constraint WHERE conrelid = '${table}'::regclass AND contype = 'c'`,
    );
    for (const check of checks) await admin.query(`ALTER TABLE ${table} DROP CONSTRAINT "${check}"`);
    const given = columns.rows.filter((column) => !column.generated);
    await admin.query('SET session_replication_role = replica');
    await admin.query(
      `INSERT INTO ${table} (${given.map((column) => `"${column.name}"`).join(', ')})
       VALUES (${given.map((column) => valueOf(column.type)).join(', ')})`,
    );
    await admin.query('SET session_replication_role = origin');
    const { rows } = await admin.query<{ count: string }>(`SELECT count(*) FROM ${table}`);
    return Number(rows[0]?.count);
  }

  function valueOf(type: string): string {
    if (type.endsWith('[]')) return `'{}'`;
    if (type === 'uuid') return `'${ZERO}'`;
    if (type === 'bytea') return `sha256('x')`;
    if (type.startsWith('timestamp') || type === 'date') return `'2018-03-01'`;
    if (type.startsWith('json')) return `'{}'`;
    if (type === 'boolean') return 'true';
    if (/^(smallint|integer|bigint|numeric)/.test(type)) return '1';
    return `'BRENT'`;
  }
});
