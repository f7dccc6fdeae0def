import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { createTestDatabase, type TestDatabase } from '../support/postgres.js';

describe('the test database', () => {
  let database: TestDatabase;

  beforeAll(async () => {
    database = await createTestDatabase();
  });
  afterAll(async () => {
    await database.drop();
  });

  it('is logged into by a role that neither is superuser nor bypasses row-level security, and may become claims_app', async () => {
    const client = new pg.Client({ connectionString: database.url, options: '-c role=claims_app' });
    await client.connect();
    const { rows } = await client.query(
      `SELECT current_user AS role, rolsuper AS super, rolbypassrls AS bypass FROM pg_roles WHERE rolname = session_user`,
    );
    await client.end();
    expect(rows).toEqual([{ role: 'claims_app', super: false, bypass: false }]);
  });
});
