import { randomUUID } from 'node:crypto';
import { MTM } from '../../apps/standalone/demo/people.js';
import { type Operation } from './openapi-judge.js';
import { API, type Ask } from './openapi-tour-ask.js';
import { type Played } from './story.js';

/** Ids that lead somewhere, for the parameters of any address. */
export type Addresses = (path: string) => string;

let strangers = 0;

/** Every way of being refused that an operation of this shape has, whatever it does. */
export async function refusals(ask: Ask, name: string, operation: Operation, addressOf: Addresses): Promise<void> {
  const [method, path] = name.split(' ') as [string, string];
  const real = addressOf(path);
  const who = path.includes('/users') || path.includes('/jobs') ? MTM.administrator : MTM.auditor;
  // From an address of its own: one may be refused a hundred times a minute, and there are more operations than that.
  await ask(null, method, real, { headers: { 'x-forwarded-for': `192.0.2.${1 + (strangers++ % 250)}` } });
  if (path.includes('{')) {
    await ask(who, method, path.replace(/\{[^}]+\}/g, randomUUID()), { body: method === 'GET' ? undefined : {} });
    await ask(who, method, path.replace(/\{[^}]+\}/g, 'x'), { body: method === 'GET' ? undefined : {} });
  }
  if (method === 'GET') {
    const isList = operation.parameters?.some((one) => one.name === 'limit') ?? false;
    return readRefusals(ask, who, real, isList);
  }
  await ask(who, method, real, { body: { zzz: 1 } });
  await ask(MTM.auditor, method, real, { body: {} });
  await ask(who, method, real, { body: '{"broken"' });
  await ask(who, method, real, { body: '<a/>', type: 'application/xml' });
  await ask(who, method, real, { body: 'x'.repeat(2_100_000) });
  if (method === 'PUT') return writeRefusals(ask, real);
  await ask(who, method, real, { body: {}, headers: { 'idempotency-key': 'with space' } });
  if (operation.parameters?.some((one) => one.name === 'Idempotency-Key' && one.required)) {
    await ask(who, method, real, { body: { reason: 'x' }, headers: { 'idempotency-key': '' } });
  }
}

async function readRefusals(ask: Ask, who: string, real: string, isList: boolean): Promise<void> {
  const found = await ask(who, 'GET', real);
  await ask(who, 'GET', real, { headers: { accept: 'text/csv' } });
  for (const query of isList ? ['zzz=1', 'limit=0', 'cursor=nonsense'] : []) await ask(who, 'GET', `${real}?${query}`);
  await ask('finance@wokingham.example', 'GET', real);
  const etag = found.headers.get('etag');
  if (etag) await ask(who, 'GET', real, { headers: { 'if-none-match': etag } });
}

/** An If-Match that is no ETag, or names another version, with a body that holds nothing. */
async function writeRefusals(ask: Ask, real: string): Promise<void> {
  const owner = real.includes('/users') ? MTM.administrator : 'finance@brent.example';
  await ask(owner, 'PUT', real, { body: {}, headers: { 'if-match': '"v99"' } });
  await ask(owner, 'PUT', real, { body: {}, headers: { 'if-match': 'nonsense' } });
}

/** Refusals by the rules of claims. */
export async function ruleRefusals(ask: Ask, { stage }: Played): Promise<void> {
  await ask(null, 'GET', `${API}/me`, { headers: { authorization: 'Bearer wrong' } });
  const approved = `${API}/claims/${stage.claim('brent-safety').id}`;
  await ask(MTM.approver, 'POST', `${approved}/approve`, { body: {} });
  await ask(MTM.finance, 'POST', `${approved}/release`, { body: {} });
  await ask(MTM.approver, 'POST', `${approved}/reject`, { body: { reason: 'Too late' } });
  const reviewed = `${API}/claims/${stage.claim('suffolk-spring').id}`;
  await ask(MTM.approver, 'POST', `${reviewed}/approve`, { body: {}, headers: { 'if-match': '"v1"' } });
  await ask(MTM.finance, 'POST', `${reviewed}/review`, {
    body: { lines: [{ lineId: randomUUID(), decision: 'allow' }] },
  });
  const move = { programme: 'EIP2', category: 'targeted', days: '900', reason: 'Too many' };
  await ask(MTM.coordinator, 'POST', `${API}/authorities/BRENT/allocations/moves`, { body: move });
  await ask('manager@suffolk.example', 'POST', `${API}/claim-imports`, { body: 'claim\r\n', type: 'text/csv' });
  const profile = { legalName: 'London Borough of Brent', addressLines: ['Civic Centre'] };
  await ask('finance@brent.example', 'PUT', `${API}/authorities/BRENT`, { body: profile });
  const stale = { 'if-match': '"v999"' };
  await ask('finance@brent.example', 'PUT', `${API}/authorities/BRENT`, { body: profile, headers: stale });
  const headers = { 'idempotency-key': 'tour-once' };
  const draft = (number: string) => ({
    programme: 'EIP2',
    authority: 'BRENT',
    trainerInvoices: [
      {
        trainer: { name: 'A Trainer Ltd' },
        number,
        issuedOn: '2018-03-14',
        lines: [{ kind: 'travel', description: 'Rail', netPence: 100, vatRate: '0', vatPence: 0 }],
      },
    ],
  });
  for (const number of ['1', '1', '2']) {
    await ask('finance@brent.example', 'POST', `${API}/claims`, { body: draft(number), headers });
  }
}
