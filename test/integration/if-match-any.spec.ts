import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { v7 as uuid } from 'uuid';
import { Service } from '../support/service.js';
import { Claims, finance, MTM, refusal, simpleBody, type Claim, type Items } from './claims-support.js';

const BRENT = finance('BRENT');
const ANY = { 'if-match': '*' };
let service: Service;
let claims: Claims;
beforeAll(async () => {
  service = await Service.start();
  claims = new Claims(service);
});
afterAll(() => service?.stop());

const put = <T = { version: number }>(who: string, path: string, body: unknown) =>
  service.call<T>(who, 'PUT', path, { body, headers: ANY });

describe('If-Match: * is met by whatever is there (RFC 9110, 13.1.1)', () => {
  it('replaces a draft at whichever version it is', async () => {
    const draft = await claims.draft(simpleBody('BRENT'));
    for (const version of [2, 3]) {
      const answer = await put<Claim>(BRENT, `/claims/${draft.id}`, simpleBody('BRENT'));
      expect([answer.status, answer.body.version]).toEqual([200, version]);
    }
  });

  it('takes a step at whichever version the claim is', async () => {
    const draft = await claims.draft(simpleBody('BRENT'));
    await put(BRENT, `/claims/${draft.id}`, simpleBody('BRENT'));
    const answer = await claims.tryStep(BRENT, draft.id, 'submit', {}, ANY);
    expect([answer.status, answer.body.state]).toEqual([200, 'submitted']);
    const again = await put(BRENT, `/claims/${draft.id}`, simpleBody('BRENT'));
    expect(refusal(again)).toEqual([409, 'state_conflict']);
  });

  it('finds nothing where nothing is, or nothing of one’s own', async () => {
    const theirs = await claims.draft(simpleBody('BRISTOL'));
    for (const id of [uuid(), theirs.id]) {
      expect(refusal(await put(BRENT, `/claims/${id}`, simpleBody('BRENT')))).toEqual([404, 'not_found']);
      expect(refusal(await claims.tryStep(BRENT, id, 'submit', {}, ANY))).toEqual([404, 'not_found']);
    }
    const address = { legalName: 'Nobody', addressLines: ['1 Way'] };
    expect(refusal(await put(BRENT, '/authorities/BRISTOL', address))).toEqual([404, 'not_found']);
    const user = { email: 'x@mtm.example', name: 'X', roles: ['auditor'] };
    expect(refusal(await put(MTM.admin, `/users/${uuid()}`, user))).toEqual([404, 'not_found']);
  });

  it('lets every one of several writers through, one after another', async () => {
    const numbers = ['11111111', '22222222', '33333333', '44444444'];
    const writes = numbers.flatMap((accountNumber) => [
      put(BRENT, '/authorities/BRENT/bank-details', { accountName: 'Brent', sortCode: '000001', accountNumber }),
      put(BRENT, '/authorities/BRENT', { legalName: `Brent ${accountNumber}`, addressLines: ['1 Way'] }),
    ]);
    const answers = await Promise.all(writes);
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
    for (const at of [0, 1]) {
      const versions = answers.filter((_, index) => index % 2 === at).map(({ body }) => body.version);
      expect(versions.sort()).toEqual([2, 3, 4, 5]);
    }
  });

  it('changes a user', async () => {
    const { body } = await service.get<Items<{ id: string; email: string; roles: string[]; version: number }>>(
      MTM.admin,
      '/users?limit=200',
    );
    const user = body.items.find(({ email }) => email === MTM.finance2)!;
    const change = { email: user.email, name: 'Someone Else', roles: user.roles };
    for (const version of [user.version + 1, user.version + 2]) {
      expect((await put(MTM.admin, `/users/${user.id}`, change)).body).toMatchObject({ name: change.name, version });
    }
  });
});
