import { type QueryRunner } from 'typeorm';

/**
 * Row-level security on a table, FORCEd so that its owner is bound by it too: a row is seen and written only by a
 * transaction whose `app.authority` is the row's own, or `*`. Unset sees nothing.
 */
export async function enableRls(runner: QueryRunner, table: string, column = 'authority_code'): Promise<void> {
  await runner.query(`
    ALTER TABLE ${table} ENABLE ROW LEVEL SECURITY;
    ALTER TABLE ${table} FORCE ROW LEVEL SECURITY;
    CREATE POLICY ${table}_own ON ${table}
      USING (current_setting('app.authority', true) = '*' OR ${column} = current_setting('app.authority', true));`);
}
