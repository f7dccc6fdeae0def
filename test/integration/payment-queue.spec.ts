import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { systemActor, UnitOfWork } from '#platform/database';
import { Service } from '../support/service.js';
import { finance, manager, MTM, refusal, type Items } from './claims-support.js';
import { bodyWorth, brokenFunding, Funding, type Request } from './funding-support.js';

interface QueueItem {
  claimId: string;
  authority: string;
  amountPence: number;
  state: string;
  position: number | null;
  dueOn: string;
  ageDays: number;
  waitingFor: string;
  expectedPaymentOn: string | null;
  estimatedFrom: string | null;
}

let service: Service;
let funding: Funding;
beforeAll(async () => {
  service = await Service.start();
  funding = new Funding(service);
});
afterAll(() => service?.stop());
afterEach(async () => {
  expect(await brokenFunding(service.admin)).toEqual({});
  await funding.clear();
});

const post = (path: string, body: unknown = {}) => service.post<Request>(MTM.finance, path, body);
const queue = async (who: string, query = '?limit=200') =>
  (await service.get<Items<QueueItem>>(who, `/payment-queue${query}`)).body.items;
/** Without what earlier tests held out of the way. */
const waiting = async (who: string, query = '?state=approved&limit=200') =>
  (await queue(who, query)).filter(({ waitingFor }) => !waitingFor.includes('hold'));

describe('the payment queue', () => {
  it('tells each claim’s place, why it waits, and nothing of the date while there is no history', async () => {
    await service.admin.query('UPDATE funding_receipt SET request_id = NULL');
    const [a, b] = (await funding.queue(100, 200)) as [string, string];
    const bristol = (await funding.approved(300, 'BRISTOL')).id;
    service.clock.set('2018-04-13T09:00:00.000Z');
    await funding.submittedRequest({ claimIds: [a] });
    const items = await waiting(MTM.finance);
    expect(items.map(({ claimId, position }) => [claimId, position])).toEqual([
      [a, 1],
      [b, 2],
      [bristol, 3],
    ]);
    expect(items[0]).toMatchObject({
      authority: 'BRENT',
      amountPence: 100,
      state: 'approved',
      dueOn: '2018-06-02',
      ageDays: 10,
      waitingFor: 'DfE to pay MTM, asked on 13 April 2018',
      expectedPaymentOn: null,
      estimatedFrom: 'not known yet: DfE has not paid a request so far',
    });
    expect(items[1]!.waitingFor).toBe('MTM to ask DfE for the money');
    // Bristol sees its own and where it stands among all; nothing of the others.
    for (const who of [finance('BRISTOL'), manager('BRISTOL')]) {
      const own = await waiting(who);
      expect(own.map(({ claimId, position }) => [claimId, position])).toEqual([[bristol, 3]]);
      expect(await queue(who, '?authority=BRENT')).toEqual([]);
    }
    const csv = await service.get(finance('BRISTOL'), '/payment-queue', { accept: 'text/csv' });
    expect(csv.text).toContain(`3,${bristol},BRISTOL`);
    expect(csv.text).not.toContain('BRENT');
  });

  it('estimates the date from how long the funder took, and says so', async () => {
    const [a] = (await funding.queue(100)) as [string];
    const request = await funding.submittedRequest({ claimIds: [a] });
    service.clock.set('2018-05-04T09:00:00.000Z');
    service.signInAgain();
    const body = { ...funding.body(100, request.id), receivedOn: '2018-05-04' };
    const receipt = await post('/funding-receipts', body);
    await funding.confirm(receipt.body.id);
    const [b] = (await funding.queue(200)) as [string];
    const item = (await waiting(finance('BRENT'))).find(({ claimId }) => claimId === b)!;
    expect(item).toMatchObject({
      expectedPaymentOn: '2018-05-25',
      estimatedFrom: 'the median of 1 past payment of DfE: 21 days after it was asked; as if asked today',
    });
    const funded = (await queue(finance('BRENT'), '?state=funded&limit=200')).find(({ claimId }) => claimId === a)!;
    expect(funded).toMatchObject({ position: null, waitingFor: 'MTM to pay you', expectedPaymentOn: null });
    // Claims say the same, one and in a list; those of which nothing is foreseen say nothing.
    const foreseen = { expectedPaymentOn: item.expectedPaymentOn, estimatedFrom: item.estimatedFrom };
    expect(await funding.claims.read(finance('BRENT'), b)).toMatchObject(foreseen);
    const draft = (await funding.claims.draft(bodyWorth('BRENT', 60))).id;
    const listed = (await service.get<Items<{ id: string }>>(finance('BRENT'), '/claims?limit=200')).body.items;
    const nothing = { expectedPaymentOn: null, estimatedFrom: null };
    expect(listed.find(({ id }) => id === b)).toMatchObject(foreseen);
    expect(listed.find(({ id }) => id === draft)).toMatchObject(nothing);
    const why = { expectedPaymentOn: null, estimatedFrom: 'not known yet: it is in no payment run so far' };
    expect(listed.find(({ id }) => id === a)).toMatchObject(why);
    await funding.claims.step(MTM.finance, b, 'hold', { reason: 'A question' });
    expect((await funding.claims.read(MTM.finance, b)).estimatedFrom).toBe('not known yet: it is on hold');
  });

  it('knows the day a payment run is approved, and so does each of its claims', async () => {
    const [a] = (await funding.queue(100)) as [string];
    await funding.received(100);
    const run = (await service.post<{ id: string; number: string }>(MTM.finance, '/payment-runs', { claimIds: [a] }))
      .body;
    const seen = async () => {
      const { expectedPaymentOn, estimatedFrom } = await funding.claims.read(finance('BRENT'), a);
      const item = (await queue(finance('BRENT'), '?state=scheduled')).find(({ claimId }) => claimId === a)!;
      expect([item.expectedPaymentOn, item.estimatedFrom]).toEqual([expectedPaymentOn, estimatedFrom]);
      return [expectedPaymentOn, estimatedFrom];
    };
    expect(await seen()).toEqual([null, `not known yet: payment run ${run.number} is not approved so far`]);
    // Late in the evening of the 8th in UTC it is the 9th in London.
    service.clock.set('2018-05-08T23:30:00.000Z');
    service.signInAgain();
    expect((await service.post(MTM.approver2, `/payment-runs/${run.id}/approve`)).status).toBe(200);
    expect(await seen()).toEqual(['2018-05-09', `payment run ${run.number} is paid on the day of its approval`]);
    // Whoever is told of its claims is told nothing of another's.
    const sql = 'SELECT * FROM payment_days($1::uuid[])';
    const asked = (scope: string) =>
      service.app.get(UnitOfWork).read({ ...systemActor, scope }, (tx) => tx.query(sql, [[a]]));
    expect(await asked('BRENT')).toHaveLength(1);
    expect(await asked('BRISTOL')).toEqual([]);
  });

  it('shows a held claim without a place, and pages in order', async () => {
    const ids = await funding.queue(100, 200, 300, 400);
    await funding.claims.step(MTM.finance, ids[1]!, 'hold', { reason: 'A question' });
    const seen: QueueItem[] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const path: string = `/payment-queue?state=approved&limit=3${cursor && `&cursor=${cursor}`}`;
      const { body }: { body: Items<QueueItem> } = await service.get(MTM.finance, path);
      seen.push(...body.items);
      cursor = body.nextCursor;
    }
    expect(new Set(seen.map(({ claimId }) => claimId)).size).toBe(seen.length);
    const ours = seen.filter(({ claimId }) => ids.includes(claimId));
    expect(ours.map(({ claimId }) => claimId)).toEqual(ids);
    expect(ours.map(({ position }) => position)).toEqual([1, null, 2, 3]);
    expect(ours[1]!.waitingFor).toBe('MTM to release its hold');
    const made = (values: unknown[]) => Buffer.from(JSON.stringify(values)).toString('base64url');
    for (const cursor of ['x', made(['2018-04-01', 'no instant', ids[0]])]) {
      const answer = await service.get(MTM.finance, `/payment-queue?cursor=${cursor}`);
      expect(refusal(answer).slice(0, 2)).toEqual([400, 'cursor_unknown']);
    }
  });
});
