import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { systemClock } from '#kernel';
import { postJournals } from '#ledger';
import { createDataSource, systemActor, UnitOfWork } from '#platform/database';
import { seedAll } from '#seeds';
import { createTestDatabase, type TestDatabase } from '../support/postgres.js';
import { ensureBuilt, runCommand } from '../support/standalone.js';
import { aJournal } from './ledger-support.js';

const installed = process.env['TEST_HLEDGER'] !== undefined && process.env['TEST_LEDGER'] !== undefined;

describe('npm run ledger:check', () => {
  let database: TestDatabase;
  let dataDir: string;
  beforeAll(async () => {
    ensureBuilt();
    dataDir = mkdtempSync(join(tmpdir(), 'ledger-check-'));
    database = await createTestDatabase();
    await seedAll(database.url, { demo: false, clock: systemClock });
    const source = await createDataSource(database.url).initialize();
    const journals = [aJournal({ description: 'Some “words”' }), aJournal()];
    await new UnitOfWork(source, systemClock).run(systemActor, (tx) => postJournals(tx, journals));
    await source.destroy();
  }, 240_000);
  afterAll(async () => {
    await database?.drop();
    rmSync(dataDir, { recursive: true, force: true });
  });

  const check = (settings: Record<string, string> = {}) =>
    runCommand(['ledger-check'], {
      DATABASE_URL: database.url,
      MIGRATION_DATABASE_URL: database.adminUrl,
      DATA_DIR: dataDir,
      ...settings,
    });

  (installed ? it : it.skip)(
    'has both judges read the books',
    () => {
      expect(check({ CI: 'true' })).toEqual({
        code: 0,
        out: '',
        err: 'hledger accepts the books and agrees with the trial balance\nledger accepts the books and agrees with the trial balance\n',
      });
    },
    60_000,
  );

  it('says which are not installed: an error where everything must be checked', () => {
    const nowhere = { PATH: dataDir };
    const said = /^hledger is not installed: .+\nledger is not installed: .+\n/;
    expect(check(nowhere)).toMatchObject({ code: 0, err: expect.stringMatching(said) });
    expect(check({ ...nowhere, CI: 'true' })).toMatchObject({ code: 1, err: expect.stringMatching(said) });
  }, 60_000);

  (installed ? it : it.skip)(
    'fails when the books are spoilt behind everybody’s back',
    async () => {
      const admin = new pg.Client({ connectionString: database.adminUrl });
      await admin.connect();
      await admin.query(`
      SET session_replication_role = replica;
      UPDATE posting SET amount_pence = amount_pence + 1 WHERE (journal_id, position) = (SELECT min(journal_id), 1 FROM posting)`);
      await admin.end();
      expect(check()).toMatchObject({
        code: 1,
        err: expect.stringMatching(/^hledger does not agree:\n[^]+The books are wrong\n$/),
      });
    },
    60_000,
  );
});
