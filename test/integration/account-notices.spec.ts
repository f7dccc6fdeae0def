import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type INestApplicationContext } from '@nestjs/common';
import { type UserView } from '#identity';
import { DocumentsWorkModule, SendDelivery } from '#documents';
import { systemActor, type Actor } from '#platform/database';
import { MailModule } from '#platform/mail';
import { documentKinds, RENDER_THREAD } from '../../apps/worker/document-kinds.js';
import { MailServer, type Received } from '../support/mail-server.js';
import { startContext } from '../support/worker.js';
import { SignInWorld } from './sign-in-support.js';

let world: SignInWorld;
let server: MailServer;
let worker: INestApplicationContext;
let dataDir: string;
let administrator: Actor;
beforeAll(async () => {
  world = await SignInWorld.start();
  server = await MailServer.start();
  dataDir = await mkdtemp(join(tmpdir(), 'claims-notices-'));
  worker = await startContext(
    {
      ...{ DATABASE_URL: world.database.url, DATA_DIR: dataDir, SMTP_URL: server.url },
      ...{ MAIL_FROM: 'claims@claims.example', PUBLIC_URL: 'https://claims.example' },
    },
    [DocumentsWorkModule.forKinds(documentKinds, RENDER_THREAD), MailModule],
  );
  const made = await world.use.create.run(systemActor, {
    ...{ email: 'grace@mtm.example', name: 'Grace <b>Hopper</b>', organisation: 'MTM', roles: ['administrator'] },
  });
  administrator = { userId: made.id, organisation: 'MTM', scope: '*', roles: made.roles };
});
afterAll(async () => {
  await worker?.close();
  await server?.close();
  await world?.stop();
  if (dataDir) await rm(dataDir, { recursive: true, force: true });
});

/** Sends what waits, as the worker's job does, and gives what the mail server got. */
async function sent(): Promise<Received[]> {
  const { rows } = await world.admin.query<{ id: string }>(
    "SELECT id FROM delivery WHERE state = 'queued' ORDER BY id",
  );
  const before = server.received.length;
  if (rows.length > 0) {
    const ids = rows.map(({ id }) => id);
    await worker.get(SendDelivery).run(ids, { number: 1, last: false });
  }
  return server.received.slice(before);
}

const oneTo = async (email: string): Promise<Received> => {
  const [one, ...more] = await sent();
  expect([one?.to, more]).toEqual([[email], []]);
  return one!;
};

const texts = ({ mail }: Received): string[] => [mail.text ?? '', mail.html as string];

describe('an e-mail to the user', () => {
  it('tells of a token that an administrator made, and never the token', async () => {
    const user = await world.user();
    const { token } = await world.use.issue.run(administrator, user.id, { label: '<i>Ledger</i>', days: 30 });
    for (const table of ['delivery', 'outbox', 'audit_entry']) {
      expect([table, await world.count(`${table} t WHERE t::text LIKE '%' || $1 || '%'`, [token])]).toEqual([table, 0]);
    }
    const mail = await oneTo(user.email);
    expect(mail.mail.subject).toBe('A token was made for your account');
    for (const text of texts(mail)) {
      expect(text).not.toContain(token);
      expect(text).toContain('20 March 2018 at 09:00');
      expect(text).toContain('19 April 2018');
      expect(text).toMatch(/revoke the token on the page of your account, and ring the programme/);
      expect(text).toContain('https://claims.example/account');
    }
    expect(mail.mail.text).toContain('By: Grace <b>Hopper</b>');
    expect(mail.mail.html).toContain('Grace &lt;b&gt;Hopper&lt;/b&gt;');
    expect(mail.mail.html).not.toMatch(/<[bi]>/);
  });

  it('tells MTM’s people likewise, on MTM’s own trail', async () => {
    const user = await world.user('MTM');
    await world.use.issue.run(administrator, user.id, { label: 'x' });
    await oneTo(user.email);
    const { rows } = await world.admin.query(
      `SELECT authority_code, audience, state FROM delivery WHERE to_address = $1`,
      [user.email],
    );
    expect(rows).toEqual([{ authority_code: 'MTM', audience: 'payer', state: 'sent' }]);
  });

  it('tells of a second factor that was taken away, which is on the trail with who did it', async () => {
    const user = await world.member();
    await world.telephone(user.id);
    await world.use.resetSecondFactor.run(administrator, user.id);
    const mail = await oneTo(user.email);
    expect(mail.mail.subject).toBe('The second factor of your account was taken away');
    expect(mail.mail.text).toContain('By: Grace <b>Hopper</b>');
    expect(mail.mail.text).toContain('choose another password too, and ring the programme');
    const { rows } = await world.admin.query(
      `SELECT actor_id FROM audit_entry WHERE action = 'user.second_factor_removed' AND subject_id = $1`,
      [user.id],
    );
    expect(rows).toEqual([{ actor_id: administrator.userId }]);
  });

  it('tells the old address that there is another one, and the new one nothing', async () => {
    const user = await world.user();
    const change = (now: UserView, more: Partial<UserView>) => {
      const { email, name, roles } = { ...now, ...more };
      return world.use.update.run(administrator, now.id, { email, name, roles }, now.version);
    };
    const renamed = await change(user, { name: 'Another Name' });
    expect(await sent()).toEqual([]);
    await change(renamed, { email: `new-${user.email}` });
    const mail = await oneTo(user.email);
    expect(mail.mail.subject).toBe('Your account has another e-mail address');
    for (const text of texts(mail)) expect(text).not.toContain(`new-${user.email}`);
  });

  it('tells of nothing that was refused, nor of what the system does itself', async () => {
    const user = await world.user();
    const stranger = await world.actor('MTM', ['mtm_approver']);
    await expect(world.use.issue.run(stranger, user.id, { label: 'x' })).rejects.toMatchObject({
      code: 'role_not_allowed',
    });
    await expect(world.use.resetSecondFactor.run(stranger, user.id)).rejects.toMatchObject({
      code: 'role_not_allowed',
    });
    await world.use.issue.forEmail(user.email, { label: 'command line' });
    expect(await sent()).toEqual([]);
  });
});
