import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ensureBuilt, runCommand } from '../support/standalone.js';
import { ClaimsWorld } from './evidence-support.js';

let world: ClaimsWorld;
const run = (...words: string[]) =>
  runCommand(words, {
    NODE_ENV: 'test',
    DATA_DIR: world.folder,
    DATABASE_URL: world.database.url,
    MIGRATION_DATABASE_URL: world.database.adminUrl,
  });

beforeAll(async () => {
  ensureBuilt();
  world = await ClaimsWorld.open();
}, 180_000);
afterAll(() => world?.close());

describe('npm run create-user', () => {
  const ada = ['create-user', '--email', 'ada@mtm.example', '--name', 'Ada', '--organisation', 'MTM'];

  it('makes the first administrator, whose token works', async () => {
    const made = run(...ada, '--role', 'administrator');
    expect([made.code, made.err]).toEqual([0, expect.stringContaining('Made ada@mtm.example of MTM: administrator')]);
    const { rows } = await world.admin.query('SELECT roles FROM user_account WHERE email = $1', ['ada@mtm.example']);
    expect(rows).toEqual([{ roles: ['administrator'] }]);
    expect(run('token', 'ada@mtm.example')).toMatchObject({ code: 0, out: expect.stringMatching(/^pct_\S+\n$/) });
  }, 60_000);

  it('sends the e-mail to choose a password by when it is asked to', async () => {
    const bo = [
      'create-user',
      '--email',
      'bo@mtm.example',
      '--name',
      'Bo',
      '--organisation',
      'MTM',
      '--role',
      'auditor',
    ];
    expect(run(...bo, '--invite').code).toBe(0);
    const { rows } = await world.admin.query(
      `SELECT l.purpose, o.job FROM user_account u JOIN user_link l ON l.user_id = u.id
         JOIN outbox o ON o.payload ->> 'linkId' = l.id::text WHERE u.email = 'bo@mtm.example'`,
    );
    expect(rows).toEqual([{ purpose: 'invitation', job: 'send-link' }]);
  }, 60_000);

  it('says what is wrong, in a line for each thing', () => {
    expect(run(...ada, '--role', 'la_finance').err).toMatch(/\(roles_\w+\)|\(role_\w+\)/);
    expect(run('create-user', '--email', 'x').err).toMatch(/^Say who: /);
  }, 60_000);
});

describe('npm run load-programme', () => {
  const second = new URL('../fixtures/programmes/second.json', import.meta.url).pathname;
  const [one, other] = ['one@mtm.example', 'other@mtm.example'];
  const load = (path: string) => run('load-programme', path, '--by', one, '--confirmed-by', other);

  beforeAll(() => {
    for (const email of [one, other]) {
      const asked = ['--email', email, '--name', email, '--organisation', 'MTM', '--role', 'administrator'];
      expect(run('create-user', ...asked).code).toBe(0);
    }
  }, 60_000);

  it('takes two administrators', () => {
    expect(run('load-programme', second).err).toMatch(/^Say from where, and who: /);
    const alone = run('load-programme', second, '--by', one, '--confirmed-by', one.toUpperCase());
    expect([alone.code, alone.err]).toEqual([1, expect.stringContaining('(terms_not_confirmed)')]);
    const auditor = run('load-programme', second, '--by', one, '--confirmed-by', 'bo@mtm.example');
    expect(auditor.err).toMatch(/bo@mtm.example is no administrator. \(terms_not_confirmed\)/);
    expect(run('load-programme', second, '--by', one, '--confirmed-by', 'nobody@mtm.example').err).toContain(
      'not_found',
    );
  }, 60_000);

  it('loads another programme from its own file, once, and the trail says who', async () => {
    expect(load(second).err).toMatch(/Loaded \w+: [1-9]\d* new versions/);
    expect(load(second).err).toMatch(/Loaded \w+: 0 new versions .* 0 new authorities, 0 new allocations/);
    const { rows } = await world.admin.query<{ loaded: string; confirmed: string }>(
      `SELECT DISTINCT a.email AS loaded, b.email AS confirmed FROM audit_entry e
         JOIN user_account a ON a.id::text = e.after ->> 'loadedBy' JOIN user_account b ON b.id::text = e.after ->> 'confirmedBy'
        WHERE e.action = 'programme.terms_loaded'`,
    );
    expect(rows).toEqual([{ loaded: one, confirmed: other }]);
  }, 60_000);

  it('names what is wrong with a file', async () => {
    const path = join(world.folder, 'bad.json');
    await writeFile(path, '{"code": "X"}');
    expect(load(path)).toMatchObject({ code: 1, err: expect.stringContaining('(terms_invalid)') });
    await writeFile(path, '{');
    expect(load(path).err).toMatch(/is not JSON/);
  }, 60_000);
});
