import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type INestApplicationContext } from '@nestjs/common';
import { londonDate, longDate } from '#kernel';
import { SendLink, type UserView } from '#identity';
import { loadConfig } from '#platform/config';
import { systemActor } from '#platform/database';
import { SmtpTransport } from '#platform/mail';
import { WorkerModule } from '../../apps/worker/worker.module.js';
import { MailServer } from '../support/mail-server.js';
import { startContext } from '../support/worker.js';
import { HOUR, MINUTE, newId, PASSWORD, SignInWorld } from './sign-in-support.js';

const DAY = 24 * HOUR;
const NEXT = 'lantern orchard seven';
const INVALID = { kind: 'refused', code: 'link_invalid' };

let world: SignInWorld;
beforeAll(async () => {
  world = await SignInWorld.start();
});
afterAll(() => world?.stop());

const links = (userId: string) => world.count('user_link WHERE user_id = $1', [userId]);
const newest = async (userId: string): Promise<string> => {
  const { rows } = await world.admin.query<{ id: string }>(
    'SELECT id FROM user_link WHERE user_id = $1 ORDER BY id DESC LIMIT 1',
    [userId],
  );
  return rows[0]!.id;
};

describe('an invitation', () => {
  const invited = async (organisation?: string): Promise<{ user: UserView; token: string }> => {
    const user = await world.user(organisation);
    await world.use.invite.run(systemActor, user.id);
    return { user, token: await world.token(user.id) };
  };

  it('lets its user choose a first password, once', async () => {
    const { user, token } = await invited();
    expect(await world.use.look.run('invitation', token)).toEqual({ name: user.name, email: user.email });
    expect(await world.use.look.run('invitation', token)).not.toBeNull();
    expect(await world.use.accept.run({ token, password: PASSWORD })).toEqual({ state: 'signed_in', userId: user.id });
    await expect(world.use.accept.run({ token, password: NEXT })).rejects.toMatchObject(INVALID);
    expect(await world.use.look.run('invitation', token)).toBeNull();
    expect(await world.use.signIn.run({ email: user.email, password: PASSWORD })).toMatchObject({ state: 'signed_in' });
    expect((await world.trail(user.id)).map(({ action, actor_id: by }) => [action, by === user.id])).toEqual([
      ['user.created', false],
      ['user.invited', false],
      ['user.password_set', true],
    ]);
  });

  it('leads MTM’s people to their second factor', async () => {
    const { user, token } = await invited('MTM');
    expect(await world.use.accept.run({ token, password: PASSWORD })).toEqual({ state: 'enrol', userId: user.id });
  });

  it('used twice at the same time works once', async () => {
    const { user, token } = await invited();
    const uses = [PASSWORD, NEXT].map((password) => world.use.accept.run({ token, password }));
    const settled = await Promise.allSettled(uses);
    expect(settled.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    const winner = [PASSWORD, NEXT][settled.findIndex(({ status }) => status === 'fulfilled')]!;
    expect(await world.use.signIn.run({ email: user.email, password: winner })).toMatchObject({ state: 'signed_in' });
  });

  it('works for seven days', async () => {
    const { token } = await invited();
    world.pass(7 * DAY - 1);
    expect(await world.use.look.run('invitation', token)).not.toBeNull();
    world.pass(1);
    expect(await world.use.look.run('invitation', token)).toBeNull();
    await expect(world.use.accept.run({ token, password: PASSWORD })).rejects.toMatchObject(INVALID);
  });

  it('is not used up by a password that is not allowed', async () => {
    const { user, token } = await invited();
    const tries = ['short', 'password12345', `-${user.email.split('@')[0]}-and-more`, 'x'.repeat(201)];
    for (const password of tries) {
      await expect(world.use.accept.run({ token, password })).rejects.toMatchObject({ code: 'password_not_allowed' });
    }
    expect(await world.use.accept.run({ token, password: PASSWORD })).toMatchObject({ state: 'signed_in' });
  });

  it('is not a reset, nor any text that is no token of ours', async () => {
    const { token } = await invited();
    await expect(world.use.reset.run({ token, password: PASSWORD })).rejects.toMatchObject(INVALID);
    for (const other of [newId(), 'x', `${token}'`, token.toLowerCase()]) {
      await expect(world.use.accept.run({ token: other, password: PASSWORD })).rejects.toMatchObject(INVALID);
    }
  });

  it('is replaced by a newer one, and ended by deactivation and by another address', async () => {
    const { user, token } = await invited();
    await world.use.invite.run(systemActor, user.id);
    expect(await world.use.look.run('invitation', token)).toBeNull();
    const second = await world.token(user.id);
    const body = { email: `new-${user.email}`, name: user.name, roles: user.roles };
    await world.use.update.run(systemActor, user.id, body, 1);
    expect(await world.use.look.run('invitation', second)).toBeNull();
    await world.use.invite.run(systemActor, user.id);
    const third = await world.token(user.id);
    await world.use.active.run(systemActor, user.id, false, {}, undefined);
    await world.use.active.run(systemActor, user.id, true, {}, undefined);
    expect(await world.use.look.run('invitation', third)).toBeNull();
  });

  it('is sent by an administrator only, to who is active and has no password yet', async () => {
    const { user, token } = await invited();
    for (const stranger of [await world.actor(), await world.actor('MTM')]) {
      await expect(world.use.invite.run(stranger, user.id)).rejects.toMatchObject({ code: 'role_not_allowed' });
    }
    const administrator = await world.administrator();
    await world.use.accept.run({ token, password: PASSWORD });
    await expect(world.use.invite.run(administrator, user.id)).rejects.toMatchObject({ code: 'has_password' });
    const gone = await world.user();
    await world.use.active.run(systemActor, gone.id, false, {}, undefined);
    await expect(world.use.invite.run(administrator, gone.id)).rejects.toMatchObject({ code: 'user_inactive' });
  });
});

describe('a forgotten password', () => {
  const asked = async (organisation?: string) => {
    const user = await world.member(organisation);
    await world.use.requestReset.run({ email: user.email });
    return { user, token: await world.token(user.id) };
  };

  it('is replaced by a link, and with it every session; the second factor stays', async () => {
    const user = await world.member('MTM');
    await world.telephone(user.id);
    const [signedIn, half] = [await world.signedIn(user.id), newId()];
    await world.sessions.save(half, { pending: { userId: user.id } });
    await world.use.requestReset.run({ email: user.email.toUpperCase() });
    const answer = await world.use.reset.run({ token: await world.token(user.id), password: NEXT });
    expect(answer).toEqual({ state: 'second_factor', userId: user.id });
    expect(await world.sessions.find(signedIn)).toBeNull();
    expect(await world.sessions.find(half)).toBeNull();
    const signIn = (password: string) => world.use.signIn.run({ email: user.email, password });
    expect(await signIn(PASSWORD)).toMatchObject({ code: 'sign_in_failed' });
    expect(await signIn(NEXT)).toMatchObject({ state: 'second_factor' });
  });

  it('opens an account that guesses have locked', async () => {
    const user = await world.member();
    const signIn = (password: string) => world.use.signIn.run({ email: user.email, password });
    for (let guess = 0; guess < 5; guess++) await signIn('harbour teapot ten');
    expect(await signIn(PASSWORD)).toMatchObject({ code: 'locked' });
    await world.use.requestReset.run({ email: user.email });
    await world.use.reset.run({ token: await world.token(user.id), password: NEXT });
    expect(await signIn(NEXT)).toMatchObject({ state: 'signed_in' });
  });

  it('of nobody, of who was never invited or is deactivated: the same answer, and no link', async () => {
    const [without, gone] = [await world.user(), await world.member()];
    await world.use.active.run(systemActor, gone.id, false, {}, undefined);
    const before = await world.count('user_link');
    for (const email of ['nobody@nowhere.example', without.email, gone.email]) {
      expect(await world.use.requestReset.run({ email })).toBeUndefined();
    }
    expect(await world.count('user_link')).toBe(before);
    expect(await world.use.requestReset.run({ email: (await world.member()).email })).toBeUndefined();
    expect(await world.count('user_link')).toBe(before + 2);
  });

  it('gets three links an hour, of which the newest works for an hour', async () => {
    const { user, token } = await asked();
    const before = await links(user.id);
    for (let more = 0; more < 5; more++) await world.use.requestReset.run({ email: user.email });
    expect(await links(user.id)).toBe(before + 2);
    expect(await world.use.look.run('reset', token)).toBeNull();
    const newestToken = await world.token(user.id);
    world.pass(HOUR - 1);
    expect(await world.use.look.run('reset', newestToken)).not.toBeNull();
    world.pass(1);
    expect(await world.use.look.run('reset', newestToken)).toBeNull();
    await world.use.requestReset.run({ email: user.email });
    expect(await links(user.id)).toBe(before + 3);
  });
});

describe('the e-mail with a link', () => {
  const ENV = { PUBLIC_URL: 'https://claims.example', MAIL_FROM: 'claims@claims.example', NODE_ENV: 'test' };
  let server: MailServer;
  let send: SendLink;
  beforeAll(async () => {
    server = await MailServer.start();
    send = new SendLink(world.uow, new SmtpTransport(server.url), loadConfig(ENV), world.seals);
  });
  afterAll(() => server?.close());

  const last = { number: 8, last: true };
  const first = { number: 1, last: false };

  it('holds the one place where the token is readable', async () => {
    const user = await world.user();
    await world.use.invite.run(systemActor, user.id);
    const token = await world.token(user.id);
    for (const table of ['user_link', 'outbox', 'audit_entry', 'delivery']) {
      expect([table, await world.count(`${table} t WHERE t::text LIKE '%' || $1 || '%'`, [token])]).toEqual([table, 0]);
    }
    await send.run(await newest(user.id), first);
    const { mail, to } = server.received.at(-1)!;
    expect(to).toEqual([user.email]);
    expect(mail.text).toContain(`https://claims.example/invitation/${token}`);
    expect(mail.html).toContain(`href="https://claims.example/invitation/${token}"`);
    expect(mail.text).toContain(`until ${longDate(londonDate(new Date(world.now.getTime() + 7 * DAY)))}`);
    expect(await world.count('user_link WHERE user_id = $1 AND sealed IS NOT NULL', [user.id])).toBe(0);
    expect(await world.use.access.run(systemActor, user.id)).toMatchObject({
      hasPassword: false,
      invitation: { state: 'open', sentAt: world.now.toISOString(), failed: null },
    });
    const sent = server.received.length;
    await send.run(await newest(user.id), first);
    expect(server.received).toHaveLength(sent);
    expect(await world.use.accept.run({ token, password: PASSWORD })).toMatchObject({ state: 'signed_in' });
    expect(await world.use.access.run(systemActor, user.id)).toMatchObject({
      hasPassword: true,
      secondFactor: false,
      invitation: { state: 'used' },
    });
  });

  it('is tried again with the same link when the server is busy, or says nothing', async () => {
    const user = await world.member();
    await world.use.requestReset.run({ email: user.email });
    const token = await world.token(user.id);
    const id = await newest(user.id);
    server.behaviours.push('greylist', 'take-and-cut');
    await expect(send.run(id, first)).rejects.toThrow();
    await expect(send.run(id, first)).rejects.toThrow();
    await send.run(id, first);
    const [cut, whole] = server.received.slice(-2);
    expect(cut!.mail.messageId).toBe(whole!.mail.messageId);
    expect(whole!.mail.text).toContain(`https://claims.example/reset/${token}`);
  });

  it('that never goes is seen beside the user, who can be invited again', async () => {
    const user = await world.user();
    await world.use.invite.run(systemActor, user.id);
    const id = await newest(user.id);
    server.behaviours.push('unknown-recipient');
    const failure = await send.run(id, last).catch((error: Error) => error);
    expect(failure).toMatchObject({ name: 'PermanentFailure' });
    await send.gaveUp(id, (failure as Error).message);
    const { invitation } = await world.use.access.run(systemActor, user.id);
    expect(invitation).toMatchObject({ sentAt: null, failed: expect.any(String) });
    expect(invitation!.failed).not.toContain(user.email);
    await world.use.invite.run(systemActor, user.id);
    await send.run(await newest(user.id), first);
    expect(server.received.at(-1)!.to).toEqual([user.email]);
  });

  it('is not sent for a link that is over', async () => {
    const user = await world.user();
    await world.use.invite.run(systemActor, user.id);
    const replaced = await newest(user.id);
    await world.use.invite.run(systemActor, user.id);
    const sent = server.received.length;
    await send.run(replaced, first);
    world.pass(8 * DAY);
    await send.run(await newest(user.id), first);
    expect(server.received).toHaveLength(sent);
  });

  it('is sent by a worker that knows the same SECRET_KEY', async () => {
    let worker: INestApplicationContext | undefined;
    const dataDir = await mkdtemp(join(tmpdir(), 'claims-links-'));
    try {
      worker = await startContext(
        {
          ...ENV,
          DATA_DIR: dataDir,
          DATABASE_URL: world.database.url,
          SMTP_URL: server.url,
          SECRET_KEY: 'k'.repeat(40),
        },
        [WorkerModule],
      );
      await worker.init();
      // By the machine's clock, which is the worker's.
      world.now = new Date();
      const user = await world.user();
      await world.use.invite.run(systemActor, user.id);
      const found = () => server.received.find(({ to }) => to[0] === user.email);
      while (!found()) await server.until(server.received.length + 1);
      const [, token] = /\/invitation\/([\w-]{43})/.exec(found()!.mail.text ?? '')!;
      world.pass(MINUTE);
      expect(await world.use.accept.run({ token: token!, password: PASSWORD })).toMatchObject({ userId: user.id });
    } finally {
      await worker?.close();
      await rm(dataDir, { recursive: true, force: true });
    }
  });
});
