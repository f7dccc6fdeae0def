import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { loadUsers } from '#identity';
import { importTemplate } from '../../libs/claims/imports/import-columns.js';
import { ensureBuilt, runCommand } from '../support/standalone.js';
import { ClaimsWorld } from './evidence-support.js';

describe('npm run import', () => {
  let world: ClaimsWorld;
  let path: string;

  beforeAll(async () => {
    ensureBuilt();
    world = await ClaimsWorld.open();
    path = join(world.folder, 'claims.csv');
    await loadUsers(world.uow, [
      { email: 'finance@brent.example', name: 'Finance', organisation: 'BRENT', roles: ['la_finance'] },
    ]);
  }, 180_000);
  afterAll(() => world?.close());

  const run = (...words: string[]) =>
    runCommand(['import', ...words], {
      NODE_ENV: 'test',
      DATA_DIR: world.folder,
      DATABASE_URL: world.database.url,
      MIGRATION_DATABASE_URL: world.database.adminUrl,
    });
  const importFile = (...more: string[]) => run('--as', 'finance@brent.example', '--file', path, ...more);

  it('imports as the user named, shows how far it is, and prints the answer alone', async () => {
    const [heading, training] = importTemplate().split('\r\n');
    const rows = Array.from({ length: 2_500 }, (_, at) =>
      training!.replace('1,', `${at},`).replace('INV-0042', `N-${at}`),
    );
    await writeFile(path, [heading, ...rows].join('\r\n'));
    const { code, out, err } = importFile();
    expect(err).toMatch(/Checked 1000 of 2500 rows[^]*Saved 2500 of 2500 rows[^]*into 2500 drafts/);
    expect(JSON.parse(out)).toMatchObject({ rowCount: 2_500, claimCount: 2_500 });
    expect(code).toBe(0);
    const { rows: stored } = await world.admin.query('SELECT DISTINCT authority_code, state FROM claim');
    expect(stored).toEqual([{ authority_code: 'BRENT', state: 'draft' }]);

    const again = importFile();
    expect([again.code, again.out]).toEqual([1, '']);
    expect(again.err).toContain('(import_repeated)');
    expect(importFile('--again').code).toBe(0);
  }, 120_000);

  it('prints each failing row and stores nothing', async () => {
    await writeFile(path, importTemplate().replace('156.40', 'x').replace('2018-03-28', '31/02/2018'));
    const { code, out, err } = importFile();
    expect([code, out]).toEqual([1, '']);
    expect(err).toContain('  row 2, paidOn: Give a date that exists, as YYYY-MM-DD or DD/MM/YYYY. (not_a_date)\n');
    expect(err).toContain('  row 3, net: ');
  }, 60_000);

  it('says in one line what is missing', () => {
    const missing = run('--file', path);
    expect([missing.code, missing.err.trim()]).toEqual([1, expect.stringMatching(/^Say who and what: npm run import/)]);
    expect(run('--as', 'finance@brent.example', '--file', `${path}.gone`).err).toMatch(/cannot be read \(ENOENT\)/);
    expect(run('--as', 'nobody@brent.example', '--file', path).err).toMatch(/no such user/);
  }, 60_000);
});
