import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { v7 as uuid } from 'uuid';
import { Service, type Reply } from '../support/service.js';
import { Claims, finance, MTM, simpleBody, type Claim, type Items } from './claims-support.js';

const BRENT = finance('BRENT');
let service: Service;
let claims: Claims;
beforeAll(async () => {
  service = await Service.start();
  claims = new Claims(service);
});
afterAll(() => service?.stop());

describe('checks come in one order', () => {
  const put = (who: string | null, id: string, sent: unknown, headers: Record<string, string> = {}) =>
    service.call(who, 'PUT', `/claims/${id}`, { body: sent, headers });
  const status = ({ status: answered }: Reply<unknown>): number => answered;

  it('of a replacement: 401, 400, 404, 403, 428, 412, 409', async () => {
    const right = simpleBody('BRENT');
    const wrong = { ...right, colour: 'red' };
    const claim = await claims.submitted(simpleBody('BRENT', { trainerDays: '0.1', netPence: 10_000 }));
    expect(status(await put(null, uuid(), wrong))).toBe(401);
    expect(status(await put(finance('BRISTOL'), claim.id, wrong))).toBe(400);
    expect(status(await put(finance('BRISTOL'), claim.id, right))).toBe(404);
    expect(status(await put(MTM.finance, claim.id, right))).toBe(403);
    expect(status(await put(BRENT, claim.id, right))).toBe(428);
    expect(status(await put(BRENT, claim.id, right, { 'if-match': '"v1"' }))).toBe(412);
    expect(status(await put(BRENT, claim.id, right, { 'if-match': '"v2"' }))).toBe(409);
  });

  it('of a submission: 401, 400, 404, 403, 412, 409, 422', async () => {
    const bad = await claims.draft(simpleBody('BRENT', { bookedOn: '2017-01-01' }));
    const done = await claims.submitted(simpleBody('BRENT', { trainerDays: '0.1', netPence: 10_000 }));
    const submit = async (who: string | null, id: string, sent: unknown, headers: Record<string, string> = {}) =>
      status(
        await service.call(who, 'POST', `/claims/${id}/submit`, {
          body: sent,
          headers: { 'idempotency-key': uuid(), ...headers },
        }),
      );
    expect(await submit(null, bad.id, { x: 1 })).toBe(401);
    expect(await submit(finance('BRISTOL'), bad.id, { x: 1 })).toBe(400);
    expect(await submit(finance('BRISTOL'), bad.id, {})).toBe(404);
    expect(await submit(MTM.finance, bad.id, {}, { 'if-match': '"v9"' })).toBe(403);
    expect(await submit(BRENT, done.id, {}, { 'if-match': '"v9"' })).toBe(412);
    expect(await submit(BRENT, done.id, {}, { 'if-match': '"v2"' })).toBe(409);
    expect(await submit(BRENT, bad.id, {}, { 'if-match': '"v1"' })).toBe(422);
  });

  it('of tokens: none, another scheme, nonsense', async () => {
    for (const authorization of [undefined, 'Basic eDp5', 'Bearer', 'Bearer x', `Bearer pct_${'A'.repeat(43)}`]) {
      const headers: Record<string, string> = authorization === undefined ? {} : { authorization };
      const answer = await service.call(null, 'GET', '/claims', { headers });
      expect([answer.status, answer.headers.get('www-authenticate')]).toEqual([401, expect.stringMatching(/^Bearer/)]);
    }
  });
});

describe('lists of claims', () => {
  const LEICS = finance('LEICS');
  let made: Claim[];
  beforeAll(async () => {
    made = [];
    for (let at = 0; at < 9; at++) {
      made.push(await claims.draft(simpleBody('LEICS', { trainerDays: '0.1', netPence: 10_000 })));
    }
    await claims.step(LEICS, made[1]!.id, 'submit');
    await claims.step(LEICS, made[2]!.id, 'submit');
    await claims.step(MTM.finance, made[2]!.id, 'hold', { reason: '=HYPERLINK("http://evil.example")' });
  });
  const list = async (who: string, query = '') => {
    const answer = await service.get<Items<Claim>>(who, `/claims${query}`);
    expect([answer.status, answer.status === 200 ? '' : answer.text]).toEqual([200, '']);
    return answer.body;
  };
  const walk = async (who: string, query: string): Promise<string[]> => {
    const seen: string[] = [];
    let cursor: string | null = null;
    do {
      const page: Items<Claim> = await list(who, `?${query}${cursor === null ? '' : `&cursor=${cursor}`}`);
      seen.push(...page.items.map(({ id }) => id));
      cursor = page.nextCursor;
    } while (cursor !== null);
    return seen;
  };

  it('walked in pages of any size are the whole, newest first, none twice', async () => {
    const whole = (await list(LEICS)).items.map(({ id }) => id);
    expect(whole).toEqual(made.map(({ id }) => id).reverse());
    for (const limit of [1, 2, 3, 9, 10, 200]) expect(await walk(LEICS, `limit=${limit}`)).toEqual(whole);
    expect(await walk(MTM.auditor, 'authority=LEICS&limit=4')).toEqual(whole);
    const everything = await walk(MTM.auditor, 'limit=7');
    expect(new Set(everything).size).toBe(everything.length);
    expect(everything).toEqual(expect.arrayContaining(whole));
  });

  it('stay right while claims are added', async () => {
    const first = await list(LEICS, '?limit=4');
    const added = await claims.draft(simpleBody('LEICS', { trainerDays: '0.1', netPence: 10_000 }));
    const rest = await list(LEICS, `?limit=200&cursor=${first.nextCursor}`);
    expect([...first.items, ...rest.items].map(({ id }) => id)).toEqual(made.map(({ id }) => id).reverse());
    await claims.step(LEICS, added.id, 'withdraw');
  });

  it.each([
    ['state=submitted', [2, 1]],
    ['hold=true', [2]],
    ['hold=false&state=submitted', [1]],
    ['dueBy=2018-06-02', [1, 2]],
    ['dueBy=2018-06-02&state=submitted', [1, 2]],
    ['dueBy=2018-06-01', []],
    ['invoiceNumber=EIP2-LEICS-0001', [1]],
    ['programme=OTHER', []],
    ['programme=EIP2&state=submitted&authority=LEICS&hold=true', [2]],
  ] as const)('filtered by %s', async (query, expected) => {
    expect(await walk(LEICS, `${query}&limit=1`)).toEqual(expected.map((at) => made[at]!.id));
  });

  it('leave out what only the whole claim has', async () => {
    const [item] = (await list(LEICS)).items;
    expect(Object.keys(item!)).not.toEqual(expect.arrayContaining(['trainerInvoices']));
    expect(Object.keys(item!)).not.toEqual(expect.arrayContaining(['calculation']));
    expect(item).toMatchObject({ totalPence: 5000, flags: expect.any(Array), version: expect.any(Number) });
  });

  it('as CSV have the same rows, formulas made harmless, and a link to the next page', async () => {
    const json = (await list(LEICS, '?limit=200')).items;
    const csv = await service.get(LEICS, '/claims?limit=200', { accept: 'text/csv' });
    const rows = csv.text.trimEnd().split('\r\n');
    expect(csv.headers.get('content-type')).toBe('text/csv; charset=utf-8; header=present');
    expect(rows[0]).toMatch(/^id,programme,authority,state,hold\.reason,/);
    expect(rows.slice(1).map((row) => row.split(',')[0])).toEqual(json.map(({ id }) => id));
    expect(csv.text).not.toMatch(/(^|[,"])=HYPERLINK/m);
    const paged = await service.get(LEICS, '/claims?limit=2', { accept: 'text/csv' });
    const next = /^<(.+)>; rel="next"$/.exec(paged.headers.get('link') ?? '')![1]!;
    const second = await service.get(LEICS, next, { accept: 'text/csv' });
    expect(second.text.split('\r\n')[1]!.split(',')[0]).toBe(json[2]!.id);
  });

  it('are not sent again to who has them', async () => {
    const answer = await service.get(LEICS, '/claims');
    const again = await service.get(LEICS, '/claims', { 'if-none-match': answer.headers.get('etag')! });
    expect([again.status, again.text]).toEqual([304, '']);
  });

  it('and a claim is read anew though its version is the same: its flags may not be', async () => {
    const [claim] = made;
    const before = await service.get<Claim>(MTM.finance, `/claims/${claim!.id}`);
    expect(before.body.flags.map(({ code }) => code)).toContain('evidence_missing');
    const form = new FormData();
    form.append('files', new Blob(['a,b\n1,2\n'], { type: 'text/csv' }), 'a.csv');
    await service.call(LEICS, 'POST', `/claims/${claim!.id}/evidence`, {
      body: form,
      headers: { 'idempotency-key': uuid() },
    });
    const etag = before.headers.get('etag')!;
    const after = await service.get<Claim>(MTM.finance, `/claims/${claim!.id}`, { 'if-none-match': etag });
    expect(after.status).toBe(200);
    expect(after.body.flags.map(({ code }) => code)).not.toContain('evidence_missing');
  });

  it('give a timeline in pages, too', async () => {
    const path = `/claims/${made[2]!.id}/timeline`;
    const whole = await service.get<Items<{ seq: number; action: string }>>(LEICS, path);
    expect(whole.body.items.map(({ action }) => action)).toEqual(['claim.drafted', 'claim.submitted', 'claim.held']);
    const first = await service.get<Items<{ action: string }>>(LEICS, `${path}?limit=2`);
    const rest = await service.get<Items<{ action: string }>>(LEICS, `${path}?cursor=${first.body.nextCursor}`);
    expect(rest.body).toMatchObject({ items: [{ action: 'claim.held' }], nextCursor: null });
  });
});
