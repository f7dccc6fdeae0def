import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { may, scopeOf, type Action, type Role } from '#identity/domain';
import { OPERATION_ACTIONS } from '../../apps/api/actions.js';
import { WorkerModule } from '../../apps/worker/worker.module.js';
import { callAs, type AccessCall } from '../support/access-calls.js';
import { finance, manager, MTM } from '../support/people.js';
import { findAddresses } from '../support/openapi-addresses.js';
import { asking } from '../support/openapi-tour-ask.js';
import { rest } from '../support/openapi-tour.js';
import { Service, type Reply } from '../support/service.js';
import { playOn } from '../support/story.js';

interface Described {
  paths: Record<string, Record<string, { 'x-action'?: Action }>>;
}
interface Call extends AccessCall {
  name: string;
  /** Null for whoever is signed in. */
  action: Action | null;
  /** Whose it is that the address leads to. */
  owner: string;
}

const PAYER: readonly (readonly [Role, string])[] = [
  ['mtm_finance', MTM.finance2],
  ['mtm_approver', MTM.approver],
  ['coordinator', MTM.coordinator],
  ['auditor', MTM.auditor],
  ['administrator', MTM.admin],
];
const API = '/api/v1';

let service: Service;
let calls: Call[];

beforeAll(async () => {
  service = await Service.start({ clock: '2018-01-15T09:00:00.000Z', modules: [WorkerModule] });
  const played = await playOn(service, fetch);
  await rest(service, asking(service, fetch), played);
  const addressOf = await findAddresses(played);
  calls = await Promise.all(
    (await described()).map(async ({ name, action }) => {
      const [method, path] = name.split(' ') as [string, string];
      const address = addressOf(path);
      return { name, action, method, path, address, owner: await ownerOf(path, address) };
    }),
  );
}, 240_000);
afterAll(() => service?.stop());

async function described(): Promise<{ name: string; action: Action | null }[]> {
  const { body } = await service.call<Described>(null, 'GET', '/api/docs-json');
  return Object.entries(body.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({
      name: `${method.toUpperCase()} ${path.slice(API.length)}`,
      action: operation['x-action'] ?? null,
    })),
  );
}

/** Most are Brent's; a few say themselves whose they are. */
async function ownerOf(path: string, address: string): Promise<string> {
  const item = /^\/(payments|adjustments|assurance-items|deliveries)\/[^/]+/.exec(address)?.[0];
  if (item === undefined || !path.includes('{id}')) return 'BRENT';
  const { body } = await service.get<{ authority: string }>(MTM.auditor, item);
  return body.authority;
}

interface Asker {
  role: Role;
  email: string;
  organisation: string;
}

const ofThePayer: Asker[] = PAYER.map(([role, email]) => ({ role, email, organisation: 'MTM' }));
const ofAuthority = (code: string): Asker[] => [
  { role: 'la_finance', email: finance(code), organisation: code },
  { role: 'la_manager', email: manager(code), organisation: code },
];
const strangersTo = (owner: string): Asker[] => ofAuthority(owner === 'BRISTOL' ? 'LEICS' : 'BRISTOL');

/** As the permission function says it of somebody with this role, about something that is neither of theirs nor their making. */
const mayDo = (asker: Asker, action: Action | null): boolean =>
  action === null ||
  may({ userId: 'somebody', scope: scopeOf(asker.organisation), roles: [asker.role] }, action).allowed;

const told = ({ status, body }: Reply): string => `${status} ${String((body as { code?: string }).code ?? '')}`.trim();

/** Asks as each, a few at a time, and lists what is not as it must be. */
async function wrong(asked: [Asker, Call][], right: (answer: Reply, asker: Asker, call: Call) => boolean) {
  const found: string[] = [];
  for (let at = 0; at < asked.length; at += 6) {
    await Promise.all(
      asked.slice(at, at + 6).map(async ([asker, call]) => {
        const answer = await callAs(service, asker.email, call);
        if (!right(answer, asker, call))
          found.push(`${call.name} as ${asker.role} (${asker.organisation}): ${told(answer)}`);
      }),
    );
  }
  return found.sort();
}

const pairs = (askers: (call: Call) => Asker[], good: (asker: Asker, call: Call) => boolean): [Asker, Call][] =>
  calls.flatMap((call) => askers(call).flatMap((asker): [Asker, Call][] => (good(asker, call) ? [[asker, call]] : [])));

const hasId = ({ path }: Call): boolean => path.includes('{') && !path.startsWith('/programmes/');

describe('every call of the API', () => {
  it('is in the table of permissions, and the table names no other', async () => {
    const names = (await described()).map(({ name }) => name);
    expect(names.filter((name) => !(name in OPERATION_ACTIONS))).toEqual([]);
    expect(Object.keys(OPERATION_ACTIONS).filter((name) => !names.includes(name))).toEqual([]);
    const open = calls.filter(({ action }) => action === null).map(({ name }) => name);
    expect(open.sort()).toEqual(['GET /claim-imports/template', 'GET /grant-imports/template', 'GET /me', 'PUT /me']);
  });

  // Who may do nothing changes nothing: these come before those who may.
  it('is refused to those of MTM whose role may not, as such', async () => {
    const asked = pairs(
      () => ofThePayer,
      (asker, { action }) => !mayDo(asker, action),
    );
    expect(asked.length).toBeGreaterThan(200);
    expect(await wrong(asked, (answer) => told(answer) === '403 role_not_allowed')).toEqual([]);
  }, 120_000);

  it('is refused to those of the authority itself whose role may not, or is not there for them at all', async () => {
    const asked = pairs(
      ({ owner }) => ofAuthority(owner),
      (asker, { action }) => !mayDo(asker, action),
    );
    expect(asked.length).toBeGreaterThan(100);
    // What is MTM's own is invisible to authorities by row-level security, before anybody asks for a role.
    const right = (answer: Reply, _: Asker, call: Call) =>
      told(answer) === '403 role_not_allowed' || (hasId(call) && told(answer) === '404 not_found');
    expect(await wrong(asked, right)).toEqual([]);
  }, 120_000);

  it('with an id of another authority is not there, whatever the role', async () => {
    const asked = pairs(
      ({ owner }) => strangersTo(owner),
      (_, call) => hasId(call),
    );
    expect(await wrong(asked, (answer) => told(answer) === '404 not_found')).toEqual([]);
  }, 120_000);

  it('that reads is answered to every role that may', async () => {
    const asked = pairs(
      ({ owner }) => [...ofThePayer, ...ofAuthority(owner)],
      (asker, { method, action }) => method === 'GET' && mayDo(asker, action),
    );
    // Not made yet, or of another step: not a matter of who asks.
    const right = (answer: Reply) => [200, 409].includes(answer.status) || told(answer) === '404 no_bank_file';
    expect(await wrong(asked, right)).toEqual([]);
  }, 120_000);

  it('that changes something is not refused to a role that may', async () => {
    const asked = pairs(
      ({ owner }) => [...ofThePayer, ...ofAuthority(owner)],
      (asker, { method, action }) => method !== 'GET' && mayDo(asker, action),
    );
    const right = (answer: Reply) => answer.status < 500 && told(answer) !== '403 role_not_allowed';
    expect(await wrong(asked, right)).toEqual([]);
  }, 120_000);
});
