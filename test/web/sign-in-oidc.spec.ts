import { createServer } from 'node:net';
import { once } from 'node:events';
import { type AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { CLIENT, OidcServer } from '../integration/sign-in-oidc-support.js';
import { Service } from '../support/service.js';
import { Accounts } from './accounts-support.js';

const TENANT = '0b1c5f6e-1111-4222-8333-444455556666';
const PUBLIC_URL = 'http://claims.example:3000';
const CALLBACK = '/sign-in/oidc/1/callback';

let service: Service;
let provider: OidcServer;
let accounts: Accounts;

beforeAll(async () => {
  // The provider says at length that it is only good for a test.
  for (const way of ['info', 'warn'] as const) jest.spyOn(console, way).mockImplementation(() => undefined);
  provider = await OidcServer.start([`${PUBLIC_URL}${CALLBACK}`], true);
  const closed = await closedPort();
  service = await Service.start({
    web: true,
    env: {
      PUBLIC_URL,
      OIDC_ISSUER_1: provider.issuer,
      OIDC_CLIENT_ID_1: CLIENT.id,
      OIDC_CLIENT_SECRET_1: CLIENT.secret,
      OIDC_NAME_1: 'Brent Council',
      OIDC_TENANTS_1: TENANT,
      OIDC_ISSUER_2: `http://127.0.0.1:${closed}`,
      OIDC_CLIENT_ID_2: CLIENT.id,
      OIDC_CLIENT_SECRET_2: CLIENT.secret,
      OIDC_NAME_2: 'Nobody at home',
      OIDC_TENANTS_2: TENANT,
    },
  });
  accounts = new Accounts(service);
});
afterAll(async () => {
  await service?.stop();
  await provider?.stop();
});

/** A port of this machine that nobody listens at. */
async function closedPort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  await new Promise((closed) => server.close(closed));
  return port;
}

/** Where the link on the sign-in page leads, and where the provider then sends the browser back to. */
async function atProvider(visitor = accounts.visitor()) {
  const page = await visitor.open('/sign-in?next=%2Fclaims');
  const link = page.links().find(({ text }) => text === 'Sign in with Brent Council');
  const sent = await visitor.raw(link!.href);
  const back = await provider.visit(sent.headers.get('location') ?? '', PUBLIC_URL);
  return { visitor, sent, back: back.slice(PUBLIC_URL.length) };
}
const person = (email: string, more: object = {}) => ({
  sub: email,
  email,
  email_verified: true,
  tid: TENANT,
  ...more,
});

describe('sign-in at a provider, on the pages', () => {
  it('goes there and comes back signed in, in a new session, to where the person wanted to go', async () => {
    const user = await accounts.create();
    provider.person = person(user.email);
    const { visitor, sent, back } = await atProvider();
    expect(sent.status).toBe(303);
    expect(new URL(sent.headers.get('location')!).searchParams.get('code_challenge_method')).toBe('S256');
    const before = visitor.cookie;
    const page = await visitor.open(back);
    expect([page.path, page.status]).toEqual(['/claims', 200]);
    expect(visitor.cookie).not.toBe(before);
  });

  it('refuses a callback that was seen before, of another browser, or of nobody', async () => {
    const user = await accounts.create();
    provider.person = person(user.email);
    const { visitor, back } = await atProvider();
    const thief = await accounts.visitor().open(back);
    expect([thief.path, thief.notice]).toEqual(['/sign-in', expect.stringContaining('not finished')]);
    const other = await atProvider();
    expect((await other.visitor.open(back)).path).toBe('/sign-in');
    // Its own one try is used up by that.
    expect((await other.visitor.open(other.back)).path).toBe('/sign-in');
    expect((await visitor.open(back)).path).toBe('/claims');
    await (await visitor.open('/')).press('Sign out');
    expect((await visitor.open(back)).path).toBe('/sign-in');
  });

  it('says why somebody is not let in', async () => {
    const user = await accounts.create();
    const said = async (who: typeof provider.person) => {
      provider.person = who;
      const { visitor, back } = await atProvider();
      return (await visitor.open(back)).notice;
    };
    expect(await said(person('stranger@brent.example'))).toContain('Nobody here has the e-mail address');
    expect(await said(person(user.email, { tid: '0b1c5f6e-9999-4222-8333-444455556666' }))).toContain('organisation');
    expect(await said(person(user.email, { email_verified: false }))).toContain('not verified');
  });

  it('says that a provider is away, and knows no other', async () => {
    const away = await accounts.visitor().open('/sign-in/oidc/2');
    expect([away.status, Number(away.headers.get('retry-after')) > 0]).toEqual([503, true]);
    expect((await accounts.visitor().open('/sign-in/oidc/9')).status).toBe(404);
  });
});
