import { createServer } from 'node:http';
import { once } from 'node:events';
import { type AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { OidcSignIn, type OidcTransaction, type UserView } from '#identity';
import { loadConfig } from '#platform/config';
import { systemActor } from '#platform/database';
import { OidcClients } from '../../libs/identity/oidc/oidc-clients.js';
import { CLIENT, OidcServer, type OidcPerson } from './sign-in-oidc-support.js';
import { MINUTE, SignInWorld } from './sign-in-support.js';

const TENANT = '0b1c5f6e-1111-4222-8333-444455556666';
const OTHER = '0b1c5f6e-9999-4222-8333-444455556666';
const PUBLIC_URL = 'https://claims.example';
const callbackOf = (key: number): string => `${PUBLIC_URL}/sign-in/oidc/${key}/callback`;

let world: SignInWorld;
let first: OidcServer;
let second: OidcServer;
let signIn: OidcSignIn;

const provider = (key: number, issuer: string, tenants: string): Record<string, string> => ({
  [`OIDC_ISSUER_${key}`]: issuer,
  [`OIDC_CLIENT_ID_${key}`]: CLIENT.id,
  [`OIDC_CLIENT_SECRET_${key}`]: CLIENT.secret,
  [`OIDC_NAME_${key}`]: `Provider ${key}`,
  [`OIDC_TENANTS_${key}`]: tenants,
});

function make(env: Record<string, string>): OidcSignIn {
  const config = loadConfig({ NODE_ENV: 'test', PUBLIC_URL, ...env });
  return new OidcSignIn(new OidcClients(config, world.clock), world.uow, world.guesses, world.clock);
}

beforeAll(async () => {
  Logger.overrideLogger(false);
  // The provider says at length that it is only good for a test.
  for (const way of ['info', 'warn'] as const) jest.spyOn(console, way).mockImplementation(() => undefined);
  world = await SignInWorld.start();
  first = await OidcServer.start([callbackOf(1)], true);
  second = await OidcServer.start([callbackOf(2)], false);
  signIn = make({ ...provider(1, first.issuer, TENANT), ...provider(2, second.issuer, 'brent.example') });
});
afterAll(async () => {
  await first?.stop();
  await second?.stop();
  await world?.stop();
});

/** Goes to a provider as somebody and comes back: what the session kept, and where the browser was sent. */
async function visit(key: 1 | 2, person: OidcPerson): Promise<{ transaction: OidcTransaction; back: string }> {
  const server = key === 1 ? first : second;
  server.person = person;
  const { url, transaction } = await signIn.begin(String(key));
  return { transaction, back: await server.visit(url, callbackOf(key)) };
}
const come = async (key: 1 | 2, person: OidcPerson) => {
  const { transaction, back } = await visit(key, person);
  return signIn.finish(transaction, back);
};
let subjects = 0;
const personOf = (user: UserView, more: Partial<OidcPerson> = {}): OidcPerson => ({
  sub: `subject-${++subjects}`,
  email: user.email,
  email_verified: true,
  tid: TENANT,
  ...more,
});
const refused = (code: string) => ({ state: 'refused', code });

describe('sign-in at a provider', () => {
  it('offers the providers of the settings, and goes there with PKCE, state and nonce', async () => {
    expect(signIn.providers()).toEqual([
      { key: '1', name: 'Provider 1' },
      { key: '2', name: 'Provider 2' },
    ]);
    const { url, transaction } = await signIn.begin('1');
    const { searchParams, origin } = new URL(url);
    expect(origin).toBe(first.issuer);
    expect(Object.fromEntries(searchParams)).toMatchObject({
      redirect_uri: callbackOf(1),
      response_type: 'code',
      code_challenge_method: 'S256',
      state: transaction.state,
      nonce: transaction.nonce,
    });
    expect(url).not.toContain(transaction.codeVerifier);
    const again = await signIn.begin('1');
    expect(again.transaction.state).not.toBe(transaction.state);
    await expect(signIn.begin('3')).rejects.toMatchObject({ kind: 'not_found' });
  });

  it('is the user’s whose verified address it is, and from then on whoever has the subject', async () => {
    const user = await world.user('BRENT');
    const person = personOf(user);
    expect(await come(1, person)).toEqual({ state: 'signed_in', userId: user.id });
    expect(await come(1, { ...person, email: 'elsewhere@nowhere.example', email_verified: false })).toEqual({
      state: 'signed_in',
      userId: user.id,
    });
    const linked = (await world.trail(user.id)).filter(({ action }) => action === 'user.identity_linked');
    expect(linked).toMatchObject([{ after: { issuer: first.issuer }, actor_id: user.id }]);
    expect(await world.use.access.run(systemActor, user.id)).toMatchObject({ identities: [{ issuer: first.issuer }] });
  });

  it('asks for the address where the provider tells it', async () => {
    const user = await world.user('BRENT');
    expect(await come(2, personOf(user))).toEqual({ state: 'signed_in', userId: user.id });
  });

  it.each<[string, Partial<OidcPerson>, string]>([
    ['nobody here has the address', { email: 'nobody@brent.example' }, 'oidc_unknown_user'],
    ['the address is not verified', { email_verified: false }, 'oidc_email_unverified'],
    ['the provider tells no address', { email: undefined }, 'oidc_email_unverified'],
    ['they are of another tenant', { tid: OTHER }, 'oidc_tenant_not_allowed'],
    ['they are of no tenant', { tid: undefined }, 'oidc_tenant_not_allowed'],
  ])('refuses a person when %s', async (_what, more, code) => {
    const user = await world.user('BRENT');
    expect(await come(1, personOf(user, more))).toEqual(refused(code));
    expect(await world.count('user_identity WHERE user_id = $1', [user.id])).toBe(0);
  });

  it('refuses a council’s provider that vouches for another council’s address', async () => {
    const user = await world.user('LEICS');
    expect(await come(2, personOf(user))).toEqual(refused('oidc_tenant_not_allowed'));
  });

  it('does not let a second person of the provider be the same user, even with the address', async () => {
    const user = await world.user('BRENT');
    expect(await come(1, personOf(user))).toMatchObject({ state: 'signed_in' });
    expect(await come(1, personOf(user))).toEqual(refused('oidc_unknown_user'));
    // Another address, given by an administrator, begins anew.
    const body = { email: `new-${user.email}`, name: user.name, roles: user.roles };
    await world.use.update.run(systemActor, user.id, body, 1);
    expect(await come(1, personOf({ ...user, email: body.email }))).toEqual({ state: 'signed_in', userId: user.id });
  });

  it('refuses a user who is deactivated, linked or not', async () => {
    const [linked, never] = [await world.user('BRENT'), await world.user('BRENT')];
    const person = personOf(linked);
    await come(1, person);
    for (const user of [linked, never]) await world.use.active.run(systemActor, user.id, false, {}, undefined);
    expect(await come(1, person)).toEqual(refused('oidc_unknown_user'));
    expect(await come(1, personOf(never))).toEqual(refused('oidc_unknown_user'));
  });
});

describe('a callback', () => {
  it('replayed opens nothing, and the provider is not even asked', async () => {
    const user = await world.user('BRENT');
    const { transaction, back } = await visit(1, personOf(user));
    expect(await signIn.finish(transaction, back)).toMatchObject({ state: 'signed_in' });
    const asked = first.exchanges;
    expect(await signIn.finish(transaction, back)).toEqual(refused('oidc_failed'));
    expect(first.exchanges).toBe(asked);
  });

  it('delivered twice at the same time opens once', async () => {
    const { transaction, back } = await visit(1, personOf(await world.user('BRENT')));
    const answers = await Promise.all([signIn.finish(transaction, back), signIn.finish(transaction, back)]);
    expect(answers.map(({ state }) => state).sort()).toEqual(['refused', 'signed_in']);
  });

  it.each<[string, (transaction: OidcTransaction, other: OidcTransaction) => OidcTransaction]>([
    ['another session’s state', (transaction, other) => ({ ...transaction, state: other.state })],
    ['another nonce', (transaction, other) => ({ ...transaction, nonce: other.nonce })],
    ['another code verifier', (transaction, other) => ({ ...transaction, codeVerifier: other.codeVerifier })],
    ['another session altogether', (_transaction, other) => other],
    ['another provider', (transaction) => ({ ...transaction, provider: '2' })],
  ])('with %s opens nothing', async (_what, changed) => {
    const { transaction, back } = await visit(1, personOf(await world.user('BRENT')));
    const { transaction: other } = await signIn.begin('1');
    expect(await signIn.finish(changed(transaction, other), back)).toEqual(refused('oidc_failed'));
  });

  it.each([
    ['without anything', () => callbackOf(1)],
    ['that is no address', () => 'https://['],
    ['that says the person refused', (back: string) => `${callbackOf(1)}?error=access_denied&state=${stateOf(back)}`],
    ['with a code of nobody', (back: string) => back.replace(/code=[^&]*/, 'code=made-up')],
    ['that names another issuer', (back: string) => back.replace(/iss=[^&]*/, 'iss=https%3A%2F%2Fevil.example')],
    ['with its parameters twice', (back: string) => `${back}&state=x&code=y`],
  ])('%s opens nothing', async (_what, changed) => {
    const { transaction, back } = await visit(1, personOf(await world.user('BRENT')));
    expect(await signIn.finish(transaction, changed(back))).toEqual(refused('oidc_failed'));
  });
  const stateOf = (back: string): string => new URL(back).searchParams.get('state')!;

  it('counts by its query alone: the address is the one of the settings', async () => {
    const user = await world.user('BRENT');
    const { transaction, back } = await visit(1, personOf(user));
    const behindProxy = back.replace(PUBLIC_URL, 'http://10.0.0.5:3000');
    expect(await signIn.finish(transaction, behindProxy)).toEqual({ state: 'signed_in', userId: user.id });
  });

  it('is good for ten minutes', async () => {
    const { transaction, back } = await visit(1, personOf(await world.user('BRENT')));
    world.pass(10 * MINUTE + 1);
    expect(await signIn.finish(transaction, back)).toEqual(refused('oidc_failed'));
  });
});

describe('a provider', () => {
  it('is asked for its addresses once, and again after it was away', async () => {
    const fresh = make(provider(1, first.issuer, TENANT));
    const before = first.discoveries;
    first.down = true;
    await expect(fresh.begin('1')).rejects.toMatchObject({ kind: 'unavailable', code: 'oidc_unavailable' });
    first.down = false;
    await Promise.all([fresh.begin('1'), fresh.begin('1')]);
    await fresh.begin('1');
    expect(first.discoveries - before).toBe(1);
  });

  it('that says it is another one is not believed, nor one that sends us elsewhere', async () => {
    let answer: (issuer: string) => { status: number; headers: Record<string, string>; body: string };
    const liar = createServer((_request, response) => {
      const { status, headers, body } = answer(`http://127.0.0.1:${(liar.address() as AddressInfo).port}`);
      response.writeHead(status, headers).end(body);
    });
    liar.listen(0, '127.0.0.1');
    await once(liar, 'listening');
    const issuer = `http://127.0.0.1:${(liar.address() as AddressInfo).port}`;
    try {
      const json = { 'content-type': 'application/json' };
      answer = () => ({ status: 200, headers: json, body: JSON.stringify({ issuer: 'https://id.example' }) });
      await expect(make(provider(1, issuer, TENANT)).begin('1')).rejects.toMatchObject({ code: 'oidc_unavailable' });
      const before = first.discoveries;
      const location = `${first.issuer}/.well-known/openid-configuration`;
      answer = () => ({ status: 302, headers: { location }, body: '' });
      await expect(make(provider(1, issuer, TENANT)).begin('1')).rejects.toMatchObject({ code: 'oidc_unavailable' });
      expect(first.discoveries).toBe(before);
    } finally {
      liar.close();
    }
  });
});
