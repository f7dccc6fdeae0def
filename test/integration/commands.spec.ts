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
  it('loads another programme from its own file, once', async () => {
    const second = new URL('../fixtures/programmes/second.json', import.meta.url).pathname;
    expect(run('load-programme', second).err).toMatch(/Loaded \w+: [1-9]\d* new versions/);
    expect(run('load-programme', second).err).toMatch(
      /Loaded \w+: 0 new versions .* 0 new authorities, 0 new allocations/,
    );
  }, 60_000);

  it('names what is wrong with a file', async () => {
    const path = join(world.folder, 'bad.json');
    await writeFile(path, '{"code": "X"}');
    expect(run('load-programme', path)).toMatchObject({ code: 1, err: expect.stringContaining('(terms_invalid)') });
    await writeFile(path, '{');
    expect(run('load-programme', path).err).toMatch(/is not JSON/);
  }, 60_000);
});
