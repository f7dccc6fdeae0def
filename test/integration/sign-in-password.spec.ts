import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { systemActor } from '#platform/database';
import { totpCode } from '../../libs/identity/sign-in/totp.js';
import { HOUR, MINUTE, newId, PASSWORD, SignInWorld } from './sign-in-support.js';

let world: SignInWorld;
beforeAll(async () => {
  world = await SignInWorld.start();
});
afterAll(() => world?.stop());

const WRONG = 'harbour teapot ten';
const signIn = (email: string, password = PASSWORD) => world.use.signIn.run({ email, password });
const FAILED = { state: 'refused', code: 'sign_in_failed', retryAfterSeconds: 0 };

describe('a password', () => {
  it('signs its user in, by the address in any case', async () => {
    const user = await world.member();
    expect(await signIn(` ${user.email.toUpperCase()} `)).toEqual({ state: 'signed_in', userId: user.id });
  });

  it('that is wrong, of nobody, of who has none or of who is deactivated: one answer', async () => {
    const [user, without, gone] = [await world.member(), await world.user(), await world.member()];
    await world.use.active.run(systemActor, gone.id, false, {}, undefined);
    expect(await signIn(user.email, WRONG)).toEqual(FAILED);
    expect(await signIn('nobody@nowhere.example')).toEqual(FAILED);
    expect(await signIn(without.email)).toEqual(FAILED);
    expect(await signIn(gone.email)).toEqual(FAILED);
    await expect(world.use.signIn.run({ email: user.email })).rejects.toMatchObject({ kind: 'malformed' });
  });

  it('is hashed with argon2id and the parameters of OWASP, and no process reads a hash but by the function for it', async () => {
    const user = await world.member();
    const { rows } = await world.admin.query<{ password_hash: string }>(
      'SELECT password_hash FROM user_credential WHERE user_id = $1',
      [user.id],
    );
    expect(rows[0]!.password_hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    const read = world.uow.read(systemActor, (tx) => tx.query('SELECT password_hash FROM user_credential'));
    await expect(read).rejects.toMatchObject({ code: '42501' });
    const brent = { ...systemActor, organisation: 'BRENT', scope: 'BRENT' };
    const asked = await world.uow.read(brent, (tx) =>
      tx.query('SELECT * FROM sign_in_account($1, NULL)', [user.email]),
    );
    expect(asked).toEqual([]);
  });

  it('is typed on different keyboards', async () => {
    const user = await world.user();
    await world.use.invite.run(systemActor, user.id);
    await world.use.accept.run({ token: await world.token(user.id), password: 'cafe\u0301 au lait deux' });
    expect(await signIn(user.email, 'café au lait deux')).toMatchObject({ state: 'signed_in' });
  });
});

describe('wrong guesses', () => {
  it('lock after five, for 1, 2, 4 … minutes, and the right password is not looked at meanwhile', async () => {
    const user = await world.member();
    for (let guess = 0; guess < 5; guess++) expect(await signIn(user.email, WRONG)).toEqual(FAILED);
    expect(await signIn(user.email)).toEqual({ state: 'refused', code: 'locked', retryAfterSeconds: 60 });
    world.pass(MINUTE);
    expect(await signIn(user.email, WRONG)).toEqual(FAILED);
    world.pass(MINUTE);
    expect(await signIn(user.email)).toEqual({ state: 'refused', code: 'locked', retryAfterSeconds: 60 });
    world.pass(MINUTE);
    expect(await signIn(user.email)).toMatchObject({ state: 'signed_in' });
    expect(await signIn(user.email, WRONG)).toEqual(FAILED);
    expect(await signIn(user.email)).toMatchObject({ state: 'signed_in' });
    const locks = (await world.trail(user.id)).filter(({ action }) => action === 'user.sign_in_locked');
    expect(locks.map(({ after }) => after)).toEqual([
      { what: 'password', failures: 5 },
      { what: 'password', failures: 6 },
    ]);
  });

  it('at an address nobody has lock like any other', async () => {
    for (let guess = 0; guess < 5; guess++) expect(await signIn('ghost@nowhere.example')).toEqual(FAILED);
    expect(await signIn('Ghost@Nowhere.example')).toEqual({ state: 'refused', code: 'locked', retryAfterSeconds: 60 });
    expect(await world.count(`sign_in_attempt a WHERE a::text ILIKE '%ghost%'`)).toBe(0);
  });

  it('ten at once: five are looked at and counted, five find it locked, none is lost', async () => {
    world.pass(MINUTE);
    const user = await world.member();
    const answers = await Promise.all(Array.from({ length: 10 }, () => signIn(user.email, WRONG)));
    const codes = answers.map((answer) => (answer.state === 'refused' ? answer.code : answer.state)).sort();
    expect(codes).toEqual([...Array<string>(5).fill('locked'), ...Array<string>(5).fill('sign_in_failed')]);
    expect(await world.count('sign_in_attempt WHERE failures = 5 AND last_at = $1', [world.now])).toBe(1);
    expect(await signIn(user.email)).toMatchObject({ code: 'locked' });
  });
});

describe('a second factor', () => {
  it('is set up by MTM’s people before they are signed in, and asked for from then on', async () => {
    const user = await world.member('MTM');
    expect(await signIn(user.email)).toEqual({ state: 'enrol', userId: user.id });
    const code = await world.telephone(user.id);
    expect(await signIn(user.email)).toEqual({ state: 'second_factor', userId: user.id });
    world.pass(MINUTE);
    expect(await world.use.secondFactor.verify(user.id, code())).toEqual({ state: 'signed_in', userId: user.id });
    const actor = { userId: user.id, organisation: 'MTM', scope: '*', roles: user.roles };
    expect(await world.use.secondFactor.status(actor, user.id)).toEqual({ enrolled: true, required: true });
    expect(() => world.use.secondFactor.remove(actor, code())).toThrow(
      expect.objectContaining({ code: 'second_factor_required' }),
    );
  });

  it('takes each code once, however many ask at the same time', async () => {
    const user = await world.member('MTM');
    const code = await world.telephone(user.id);
    expect(await world.use.secondFactor.verify(user.id, code())).toMatchObject({ code: 'code_wrong' });
    world.pass(MINUTE);
    const now = code();
    const answers = await Promise.all([1, 2, 3].map(() => world.use.secondFactor.verify(user.id, now)));
    expect(answers.map(({ state }) => state).sort()).toEqual(['refused', 'refused', 'signed_in']);
    world.pass(30_000);
    expect(await world.use.secondFactor.verify(user.id, now)).toMatchObject({ code: 'code_wrong' });
    expect(await world.use.secondFactor.verify(user.id, code())).toMatchObject({ state: 'signed_in' });
  });

  it('locks after five wrong codes, whatever is right meanwhile', async () => {
    const user = await world.member('MTM');
    const code = await world.telephone(user.id);
    world.pass(MINUTE);
    for (let guess = 0; guess < 5; guess++) {
      expect(await world.use.secondFactor.verify(user.id, 'abcdef')).toMatchObject({ code: 'code_wrong' });
      // The password, which the guesser knows, does not take the count back.
      expect(await signIn(user.email)).toMatchObject({ state: 'second_factor' });
    }
    expect(await world.use.secondFactor.verify(user.id, code())).toEqual({
      state: 'refused',
      code: 'locked',
      retryAfterSeconds: 60,
    });
    world.pass(MINUTE);
    expect(await world.use.secondFactor.verify(user.id, code())).toMatchObject({ state: 'signed_in' });
    expect((await world.trail(user.id)).at(-1)).toMatchObject({
      action: 'user.sign_in_locked',
      after: { what: 'code', failures: 5 },
    });
  });

  it('is set only with a right code of the new secret, and replaced only with one of the old', async () => {
    const [user, other] = [await world.member('MTM'), await world.member('MTM')];
    const fresh = await world.use.secondFactor.begin(user.id);
    expect(await world.use.secondFactor.confirm(user.id, fresh.sealed, 'abcdef')).toMatchObject({ code: 'code_wrong' });
    expect(await world.use.secondFactor.confirm(user.id, 'rubbish', '000000')).toMatchObject({ code: 'code_wrong' });
    const code = await world.telephone(user.id);
    // Who has only the password begins anew, as if there were none yet.
    await expect(world.telephone(user.id)).rejects.toThrow('code_wrong');
    const others = await world.use.secondFactor.begin(other.id);
    expect(await world.use.secondFactor.confirm(user.id, others.sealed, code())).toMatchObject({ code: 'code_wrong' });
    world.pass(MINUTE);
    const next = await world.use.secondFactor.begin(user.id);
    const answer = await world.use.secondFactor.confirm(user.id, next.sealed, totpCode(next.secret, world.now), code());
    expect(answer).toMatchObject({ state: 'signed_in' });
    world.pass(MINUTE);
    expect(await world.use.secondFactor.verify(user.id, code())).toMatchObject({ code: 'code_wrong' });
    expect(await world.use.secondFactor.verify(user.id, totpCode(next.secret, world.now))).toMatchObject({
      state: 'signed_in',
    });
  });

  it('of an authority’s officer is their own choice', async () => {
    const user = await world.member();
    const actor = { userId: user.id, organisation: 'BRENT', scope: 'BRENT', roles: user.roles };
    const code = await world.telephone(user.id);
    expect(await signIn(user.email)).toMatchObject({ state: 'second_factor' });
    world.pass(MINUTE);
    expect(await world.use.secondFactor.remove(actor, '000')).toMatchObject({ code: 'code_wrong' });
    expect(await world.use.secondFactor.remove(actor, code())).toMatchObject({ state: 'signed_in' });
    expect(await signIn(user.email)).toMatchObject({ state: 'signed_in' });
  });

  it('that is lost is taken away by an administrator, not by its user', async () => {
    const user = await world.member('MTM', ['administrator']);
    await world.telephone(user.id);
    const id = await world.signedIn(user.id);
    const me = { userId: user.id, organisation: 'MTM', scope: '*', roles: user.roles };
    await expect(world.use.resetSecondFactor.run(me, user.id)).rejects.toMatchObject({ code: 'own_account' });
    const stranger = await world.actor('MTM', ['mtm_approver']);
    await expect(world.use.resetSecondFactor.run(stranger, user.id)).rejects.toMatchObject({
      code: 'role_not_allowed',
    });
    await world.use.resetSecondFactor.run(await world.administrator(), user.id);
    expect(await world.sessions.find(id)).toBeNull();
    expect(await signIn(user.email)).toMatchObject({ state: 'enrol' });
  });

  it('is stored sealed: the secret is nowhere in the database', async () => {
    const user = await world.member('MTM');
    const { secret, sealed } = await world.use.secondFactor.begin(user.id);
    await world.sessions.save(newId(), { pending: { userId: user.id, sealed } });
    await world.telephone(user.id);
    const text = `user_credential c WHERE c::text LIKE '%' || $1 || '%'`;
    expect(await world.count(text, [secret])).toBe(0);
    expect(await world.count(`user_session s WHERE s::text LIKE '%' || $1 || '%'`, [secret])).toBe(0);
    const read = world.uow.read(systemActor, (tx) => tx.query('SELECT totp_sealed FROM user_credential'));
    await expect(read).rejects.toMatchObject({ code: '42501' });
  });
});

describe('changing one’s password', () => {
  const NEXT = 'lantern orchard seven';

  it('takes the present one, and ends every other session', async () => {
    const user = await world.member();
    const actor = { userId: user.id, organisation: 'BRENT', scope: 'BRENT', roles: user.roles };
    const [here, there] = [await world.signedIn(user.id), await world.signedIn(user.id)];
    const { sessionId } = (await world.sessions.find(here))!;
    const change = (current: string, password = NEXT) =>
      world.use.changePassword.run(actor, { current, password }, sessionId);
    expect(await change(WRONG)).toEqual(FAILED);
    await expect(change(PASSWORD, 'short')).rejects.toMatchObject({
      code: 'password_not_allowed',
      problems: [{ path: 'password', code: 'too_short' }],
    });
    expect(await world.sessions.find(there)).not.toBeNull();
    expect(await change(PASSWORD)).toEqual({ state: 'changed' });
    expect(await world.sessions.find(here)).not.toBeNull();
    expect(await world.sessions.find(there)).toBeNull();
    expect(await signIn(user.email)).toEqual(FAILED);
    expect(await signIn(user.email, NEXT)).toMatchObject({ state: 'signed_in' });
    const last = (await world.trail(user.id)).find(
      ({ action, after }) => action === 'user.password_set' && (after as { how: string }).how === 'changed',
    );
    expect(last?.actor_id).toBe(user.id);
  });

  it('locks like signing in: a session left open is no way to guess', async () => {
    const user = await world.member();
    const actor = { userId: user.id, organisation: 'BRENT', scope: 'BRENT', roles: user.roles };
    const change = (current: string) => world.use.changePassword.run(actor, { current, password: NEXT });
    for (let guess = 0; guess < 5; guess++) expect(await change(WRONG)).toEqual(FAILED);
    expect(await change(PASSWORD)).toMatchObject({ code: 'locked' });
    expect(await signIn(user.email)).toMatchObject({ code: 'locked' });
  });
});

it('counted guesses are swept away after a day, and nobody’s name or address is on the trail', async () => {
  world.pass(26 * HOUR);
  expect((await world.use.sweep.run()).attempts).toBeGreaterThan(0);
  expect(await world.count('sign_in_attempt')).toBe(0);
  expect(
    await world.count(
      `user_account u JOIN audit_entry e ON e::text ILIKE '%' || u.email || '%' OR e::text ILIKE '%' || u.name || '%'`,
    ),
  ).toBe(0);
});
