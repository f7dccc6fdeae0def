import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { InvalidValue } from '#kernel';
import { systemActor } from '#platform/database';
import { HOUR, MINUTE, newId, SignInWorld } from './sign-in-support.js';

let world: SignInWorld;
beforeAll(async () => {
  world = await SignInWorld.start();
});
afterAll(() => world?.stop());

const find = (id: string) => world.sessions.find(id);

describe('a session of nobody', () => {
  it('keeps what the pages put in it, once there is something', async () => {
    const id = newId();
    expect(await find(id)).toBeNull();
    await world.sessions.save(id, {});
    expect(await find(id)).toBeNull();
    await world.sessions.save(id, { csrf: 'a' });
    await world.sessions.save(id, { csrf: 'a', notice: 'b' });
    expect(await find(id)).toMatchObject({ actor: null, person: null, how: null, data: { csrf: 'a', notice: 'b' } });
  });

  it('never becomes somebody’s: signing in takes a new id', async () => {
    const user = await world.user();
    const planted = newId();
    await world.sessions.save(planted, { csrf: 'known to the attacker' });
    await expect(world.sessions.save(planted, {}, { userId: user.id, how: 'password' })).rejects.toThrow(InvalidValue);
    expect(await find(planted)).toMatchObject({ actor: null });
    // As the library does it: the old one is destroyed, the new one first saved with nothing in it.
    const id = newId();
    await world.sessions.end(planted);
    await world.sessions.save(id, {});
    await world.sessions.save(id, {}, { userId: user.id, how: 'password' });
    expect(await find(id)).toMatchObject({ actor: { userId: user.id } });
    expect(await find(planted)).toBeNull();
  });

  it('is over after a quarter of an hour without a request, and after an hour in any case', async () => {
    const idle = newId();
    await world.sessions.save(idle, { a: 1 });
    world.pass(15 * MINUTE - 1);
    expect(await find(idle)).not.toBeNull();
    world.pass(15 * MINUTE);
    expect(await find(idle)).toBeNull();
    const busy = newId();
    await world.sessions.save(busy, { a: 1 });
    for (let minute = 0; minute < 50; minute += 10) {
      world.pass(10 * MINUTE);
      expect(await find(busy)).not.toBeNull();
    }
    world.pass(10 * MINUTE);
    expect(await find(busy)).toBeNull();
  });
});

describe('a session of somebody', () => {
  it('stands for the user, with the roles of the moment', async () => {
    const user = await world.user('BRENT', ['la_manager']);
    const id = await world.signedIn(user.id);
    expect(await find(id)).toEqual({
      sessionId: expect.any(String),
      how: 'password',
      actor: { userId: user.id, organisation: 'BRENT', scope: 'BRENT', roles: ['la_manager'] },
      person: { name: user.name, email: user.email, organisation: 'BRENT', roles: ['la_manager'] },
      data: { csrf: 'x' },
    });
    // Behind everybody's back: the use case would end the session.
    await world.admin.query(`UPDATE user_account SET roles = '{la_finance}' WHERE id = $1`, [user.id]);
    expect((await find(id))?.actor?.roles).toEqual(['la_finance']);
  });

  it('is on the trail by ids alone, acted by its user, and kept by the SHA-256 of its id alone', async () => {
    const user = await world.user();
    const id = await world.signedIn(user.id);
    const { sessionId } = (await find(id))!;
    const last = (await world.trail(user.id)).at(-1);
    expect(last).toEqual({ action: 'user.signed_in', after: { how: 'password', sessionId }, actor_id: user.id });
    const { rows } = await world.admin.query<{ text: string }>('SELECT s::text AS text FROM user_session s');
    expect(rows.some(({ text }) => text.includes(id))).toBe(false);
    for (const column of ['sha256', 'data']) {
      const read = world.uow.read(systemActor, (tx) => tx.query(`SELECT ${column} FROM user_session`));
      await expect(read).rejects.toMatchObject({ code: '42501' });
    }
    const taken = world.uow.run(systemActor, (tx) => tx.execute('UPDATE user_session SET user_id = NULL'));
    await expect(taken).rejects.toMatchObject({ code: '42501' });
  });

  it.each([
    ['BRENT', 60],
    ['MTM', 30],
  ])('of %s is over after %i minutes without a request', async (organisation, minutes) => {
    const user = await world.user(organisation);
    const id = await world.signedIn(user.id);
    world.pass(minutes * MINUTE - 1);
    expect(await find(id)).not.toBeNull();
    world.pass(minutes * MINUTE - 1);
    expect(await find(id)).not.toBeNull();
    world.pass(minutes * MINUTE);
    expect(await find(id)).toBeNull();
  });

  it('is over after twelve hours, however busy', async () => {
    const user = await world.user('MTM');
    const id = await world.signedIn(user.id);
    for (let minutes = 20; minutes < 12 * 60; minutes += 20) {
      world.pass(20 * MINUTE);
      expect(await find(id)).not.toBeNull();
    }
    world.pass(20 * MINUTE);
    expect(await find(id)).toBeNull();
  });

  it('is written at most once a minute while nothing in it changes', async () => {
    const user = await world.user();
    const id = await world.signedIn(user.id);
    const version = async () => {
      const { rows } = await world.admin.query<{ xmin: string }>('SELECT xmin FROM user_session WHERE user_id = $1', [
        user.id,
      ]);
      return rows[0]!.xmin;
    };
    const first = await version();
    world.pass(MINUTE - 1);
    await find(id);
    await world.sessions.save(id, { csrf: 'x' }, { userId: user.id, how: 'password' });
    expect(await version()).toBe(first);
    await world.sessions.save(id, { csrf: 'y' }, { userId: user.id, how: 'password' });
    const second = await version();
    expect(second).not.toBe(first);
    world.pass(MINUTE);
    await find(id);
    expect(await version()).not.toBe(second);
  });

  it('is not another’s, nor comes back once it is over', async () => {
    const [user, other] = [await world.user(), await world.user()];
    const id = await world.signedIn(user.id);
    await expect(world.sessions.save(id, {}, { userId: other.id, how: 'password' })).rejects.toThrow(InvalidValue);
    await world.sessions.end(id);
    expect(await find(id)).toBeNull();
    // A request that was under way when it ended saves what it has.
    await world.sessions.save(id, { csrf: 'z' }, { userId: user.id, how: 'password' });
    expect(await find(id)).toBeNull();
    await world.sessions.end(id);
    const ended = (await world.trail(user.id)).filter(({ action }) => action === 'session.ended');
    expect(ended).toMatchObject([{ after: { reason: 'signed_out' }, actor_id: user.id }]);
  });

  it('is not made for who is deactivated, nor without saying how', async () => {
    const user = await world.user();
    await expect(world.sessions.save(newId(), {}, { userId: user.id })).rejects.toThrow(InvalidValue);
    await world.use.active.run(systemActor, user.id, false, {}, undefined);
    await expect(world.signedIn(user.id)).rejects.toThrow(InvalidValue);
  });
});

describe('what ends a user’s sessions', () => {
  it('is deactivation, at once and for good', async () => {
    const user = await world.user();
    const id = await world.signedIn(user.id);
    await world.use.active.run(systemActor, user.id, false, {}, undefined);
    expect(await find(id)).toBeNull();
    await world.use.active.run(systemActor, user.id, true, {}, undefined);
    expect(await find(id)).toBeNull();
    expect((await world.trail(user.id)).map(({ action }) => action)).toEqual([
      'user.created',
      'user.signed_in',
      'user.deactivated',
      'session.ended',
      'user.activated',
    ]);
  });

  it('is deactivation behind everybody’s back, too', async () => {
    const user = await world.user();
    const id = await world.signedIn(user.id);
    await world.admin.query('UPDATE user_account SET active = false WHERE id = $1', [user.id]);
    expect(await find(id)).toBeNull();
  });

  it('is a change of roles, and no other change', async () => {
    const user = await world.user();
    const id = await world.signedIn(user.id);
    const body = { email: user.email, name: 'Other Name', roles: user.roles };
    await world.use.update.run(systemActor, user.id, body, 1);
    expect((await find(id))?.person?.name).toBe('Other Name');
    await world.use.update.run(systemActor, user.id, { ...body, roles: ['la_manager'] }, 2);
    expect(await find(id)).toBeNull();
  });

  it('ends one in which the user is half signed in, too', async () => {
    const user = await world.user('MTM');
    const id = newId();
    await world.sessions.save(id, { csrf: 'a' });
    await world.sessions.save(id, { csrf: 'a', pending: { userId: user.id } });
    await world.use.active.run(systemActor, user.id, false, {}, undefined);
    expect(await find(id)).toBeNull();
  });
});

describe('where one is signed in', () => {
  it('is seen and ended by oneself, and by an administrator, and by nobody else', async () => {
    const user = await world.user();
    const me = { userId: user.id, organisation: 'BRENT', scope: 'BRENT', roles: user.roles };
    const first = await world.signedIn(user.id, 'Mozilla/5.0 (X11; Linux)\u0000 Firefox');
    world.pass(2 * MINUTE);
    const second = await world.signedIn(user.id, 'x'.repeat(500));
    const views = await world.use.listSessions.run(me, user.id);
    expect(views.map(({ userAgent }) => userAgent)).toEqual(['x'.repeat(200), 'Mozilla/5.0 (X11; Linux) Firefox']);
    expect(views[0]).toMatchObject({ userId: user.id, how: 'password', seenAt: world.now.toISOString() });
    const { sessionId } = (await find(first))!;

    const strangers = [
      await world.actor('BRENT', ['la_manager']),
      await world.actor('LEICS'),
      await world.actor('MTM'),
    ];
    for (const stranger of strangers) {
      await expect(world.use.listSessions.run(stranger, user.id)).rejects.toMatchObject({
        kind: stranger.organisation === 'LEICS' ? 'not_found' : 'forbidden',
      });
      await expect(world.use.endSession.run(stranger, sessionId)).rejects.toMatchObject({ kind: 'not_found' });
    }
    await expect(world.use.endSession.run(me, 'no id')).rejects.toMatchObject({ kind: 'not_found' });
    expect(await find(first)).not.toBeNull();

    await world.use.endSession.run(me, sessionId);
    expect([await find(first), (await find(second)) === null]).toEqual([null, false]);
    const administrator = await world.administrator();
    expect(await world.use.listSessions.run(administrator, user.id)).toHaveLength(1);
    await world.use.endSession.run(administrator, (await find(second))!.sessionId);
    expect(await find(second)).toBeNull();
    const ended = (await world.trail(user.id)).filter(({ action }) => action === 'session.ended');
    expect(ended).toMatchObject([
      { after: { reason: 'ended' }, actor_id: user.id },
      { after: { reason: 'ended_by_administrator' }, actor_id: administrator.userId },
    ]);
  });

  it('can be ended everywhere else at once', async () => {
    const me = await world.actor();
    const ids = [await world.signedIn(me.userId), await world.signedIn(me.userId), await world.signedIn(me.userId)];
    const { sessionId } = (await find(ids[1]!))!;
    expect(await world.use.endSession.others(me, sessionId)).toBe(2);
    expect(await Promise.all(ids.map(async (id) => (await find(id)) !== null))).toEqual([false, true, false]);
  });

  it('of another authority’s people, or of nobody, is invisible to SQL as well', async () => {
    const [brent, leics] = [await world.actor(), await world.actor('LEICS')];
    await world.signedIn(brent.userId);
    await world.sessions.save(newId(), { a: 1 });
    const seen = (actor: typeof brent) =>
      world.uow.read(actor, (tx) =>
        tx.query<{ organisation: string }>('SELECT DISTINCT organisation FROM user_session'),
      );
    expect(await seen(brent)).toEqual([{ organisation: 'BRENT' }]);
    expect((await seen(leics)).filter(({ organisation }) => organisation !== 'LEICS')).toEqual([]);
    const ended = await world.uow.run(leics, (tx) =>
      tx.execute(
        `UPDATE user_session SET ended_at = $1, end_reason = 'ended' WHERE organisation IS DISTINCT FROM 'LEICS'`,
        [tx.now],
      ),
    );
    expect(ended).toBe(0);
    expect(await world.source.query('SELECT id FROM user_session')).toEqual([]);
  });
});

it('what is over is swept away in batches, and what lives is not', async () => {
  const user = await world.user();
  await world.admin.query(
    `INSERT INTO user_session (id, sha256, data, created_at, seen_at, idle_seconds, expires_at)
     SELECT gen_random_uuid(), sha256(n::text::bytea), '{}', $1, $1, 900, $2 FROM generate_series(1, 2100) AS n`,
    [new Date(world.now.getTime() - 2 * HOUR), new Date(world.now.getTime() - 1)],
  );
  const before = await world.count('user_session WHERE expires_at < $1', [world.now]);
  const id = await world.signedIn(user.id);
  expect(before).toBeGreaterThanOrEqual(2100);
  expect((await world.use.sweep.run()).sessions).toBe(before);
  expect((await world.use.sweep.run()).sessions).toBe(0);
  expect(await find(id)).not.toBeNull();
});
