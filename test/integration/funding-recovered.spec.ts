import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { v7 as uuid } from 'uuid';
import { brokenInvariants } from '../support/invariants.js';
import { Service } from '../support/service.js';
import { Adjustments, type Run } from './adjustments-support.js';
import { MTM, refusal, type Items } from './claims-support.js';
import { Funding, type Receipt, type Request } from './funding-support.js';

let service: Service;
let funding: Funding;
let adjustments: Adjustments;
beforeAll(async () => {
  service = await Service.start();
  funding = new Funding(service);
  adjustments = new Adjustments(service);
});
afterAll(() => service?.stop());
beforeEach(() => funding.clear());
afterEach(async () => {
  expect(await brokenInvariants(service.admin)).toEqual({});
});

/** An authority gave so much back: set off against a payment, which the bank's statement shows. */
async function recovered(pence: number): Promise<Run> {
  const [claim] = await adjustments.funded('BRISTOL', pence + 1000);
  await adjustments.takenBack(claim!, pence);
  const run = await adjustments.paidRun([claim!]);
  await adjustments.bankPaid(run);
  return run;
}

const post = (path: string, body: unknown = {}) => service.post<Request>(MTM.finance, path, body);
const submit = async (id: string): Promise<Request> => {
  const answer = await post(`/funding-requests/${id}/submit`);
  expect([answer.status, answer.status === 200 ? '' : answer.text]).toEqual([200, '']);
  return answer.body;
};
const receiptOf = async (requestId: string): Promise<Receipt & { source: string; bankReference: string }> => {
  const path = `/funding-receipts?source=recovered&fundingRequestId=${requestId}`;
  const { items } = (await service.get<Items<Receipt>>(MTM.auditor, path)).body;
  expect(items).toHaveLength(1);
  return (await service.get<Receipt & { source: string; bankReference: string }>(MTM.auditor, `/funding-receipts/${items[0]!.id}`)).body; // prettier-ignore
};

const ACCOUNTS = {
  owed: 'liabilities:owed:DfE',
  advance: 'liabilities:received in advance:DfE',
  receivable: 'assets:receivable:DfE',
  cash: 'assets:restricted cash',
};
type Balances = Record<keyof typeof ACCOUNTS, number>;

async function balances(): Promise<Balances> {
  const { rows } = await service.admin.query<{ name: string; pence: string }>(
    'SELECT a.name, sum(p.amount_pence) AS pence FROM posting p JOIN ledger_account a ON a.id = p.account_id GROUP BY 1',
  );
  const of = (name: string) => Number(rows.find((row) => row.name === name)?.pence ?? 0);
  return Object.fromEntries(Object.entries(ACCOUNTS).map(([key, name]) => [key, of(name)])) as Balances;
}

/** What some work changed in the books; accounts it left alone are not there. */
async function changes(work: () => Promise<unknown>): Promise<Partial<Balances>> {
  const before = await balances();
  await work();
  const after = await balances();
  const keys = Object.keys(ACCOUNTS) as (keyof Balances)[];
  return Object.fromEntries(
    keys.filter((key) => before[key] !== after[key]).map((key) => [key, after[key] - before[key]]),
  );
}

/** Uses up what other tests left recovered and unused. */
async function nothingRecovered(): Promise<void> {
  const foreseen = await funding.approved(50);
  const preview = (await post('/funding-requests/preview', { claimIds: [foreseen.id] })).body;
  if (preview.recoveredPence === 0) return;
  const { rows } = await service.admin.query<{ left: string }>(
    `SELECT coalesce((SELECT sum(recovered_pence) FROM adjustment), 0)
          - coalesce((SELECT sum(CASE WHEN q.state IN ('paid', 'withdrawn') THEN r.allocated_pence ELSE r.amount_pence - r.released_pence END)
                        FROM funding_receipt r JOIN funding_request q ON q.id = r.request_id WHERE r.source = 'recovered'), 0) AS left`,
  );
  const [big] = await funding.queue(Number(rows[0]!.left));
  await submit((await funding.draftRequest({ claimIds: [big!] })).id);
}

describe('money that authorities gave back', () => {
  beforeEach(async () => {
    await nothingRecovered();
    await funding.clear();
  });

  it('is taken off the next request, as its preview said, and funds its claims when it is submitted', async () => {
    await recovered(300);
    const [a, b] = (await funding.queue(200, 250)) as [string, string];
    const asked = { totalPence: 450, recoveredPence: 300, requestedPence: 150 };
    expect((await post('/funding-requests/preview')).body).toMatchObject(asked);
    const draft = await funding.draftRequest();
    expect(draft).toMatchObject({ state: 'draft', ...asked });
    expect(await funding.states([a, b])).toEqual(['approved', 'approved']);

    let request!: Request;
    const booked = await changes(async () => (request = await submit(draft.id)));
    expect(request).toMatchObject({ state: 'part_paid', ...asked });
    expect(await funding.states([a, b])).toEqual(['funded', 'approved']);
    expect(booked).toEqual({ owed: 200, receivable: -200 });
    const receipt = await receiptOf(request.id);
    expect(receipt).toMatchObject({
      ...{ source: 'recovered', state: 'confirmed', amountPence: 300, unallocatedPence: 100, fundedClaimIds: [a] },
      bankReference: request.number,
    });
    // Used once: the next request asks for all of it.
    const [c] = (await funding.queue(70)) as [string];
    expect((await post('/funding-requests/preview')).body).toMatchObject({ claimIds: [c], recoveredPence: 0 });

    // The funder pays what it was asked for, and both sources together fund the other claim.
    const paid = await changes(() => funding.received(150, request.id));
    expect(paid).toEqual({ cash: 150, owed: 100, receivable: -250 });
    expect(await funding.states([a, b, c])).toEqual(['funded', 'funded', 'approved']);
    expect(await funding.requestState(request.id)).toBe('paid');
  });

  it('pays for all of a request that it covers: nothing is asked for', async () => {
    await recovered(500);
    const [a] = (await funding.queue(320)) as [string];
    const request = await submit((await funding.draftRequest()).id);
    expect(request).toMatchObject({ state: 'paid', recoveredPence: 320, requestedPence: 0, claimIds: [a] });
    const [b] = (await funding.queue(300)) as [string];
    const next = (await post('/funding-requests/preview')).body;
    expect(next).toMatchObject({ claimIds: [b], recoveredPence: 180, requestedPence: 120 });
  });

  it('that a withdrawn request did not use is used by the next, once', async () => {
    await recovered(200);
    const [a] = (await funding.queue(600)) as [string];
    const first = await submit((await funding.draftRequest()).id);
    expect(first).toMatchObject({ state: 'submitted', recoveredPence: 200, requestedPence: 400 });
    await funding.claims.step(MTM.approver2, a, 'reject', { reason: 'No' });
    expect(await funding.requestState(first.id)).toBe('withdrawn');

    const [b] = (await funding.queue(150)) as [string];
    const asked = { totalPence: 150, recoveredPence: 150, requestedPence: 0 };
    expect((await post('/funding-requests/preview')).body).toMatchObject(asked);
    const draft = await funding.draftRequest();
    const booked = await changes(async () => expect(await submit(draft.id)).toMatchObject({ state: 'paid', ...asked }));
    expect(booked).toEqual({ owed: 150, receivable: -150 });
    expect(await funding.states([b])).toEqual(['funded']);
    expect(await receiptOf(first.id)).toMatchObject({ unallocatedPence: 0, releasedPence: 200 });

    // What is left of it is for the request after that, and funds nothing as the first one's.
    const [c] = (await funding.queue(90)) as [string];
    expect((await funding.received(20)).fundedClaimIds).toEqual([]);
    expect((await post('/funding-requests/preview')).body).toMatchObject({ claimIds: [c], recoveredPence: 50 });
  });

  it('is owed again when the funding of its claims is taken back, by the parts it had paid', async () => {
    await recovered(100);
    const [a, b] = (await funding.queue(60, 90)) as [string, string];
    const request = await submit((await funding.draftRequest()).id);
    const funder = await funding.received(50, request.id);
    expect(await funding.states([a, b])).toEqual(['funded', 'funded']);
    const taken = await changes(() => post(`/claims/${b}/unfund`, { reason: 'A question' }));
    expect(taken).toEqual({ receivable: 90, owed: -40, advance: -50 });
    // The oldest first: the funder's came on 1 April, recovered money was used on the 3rd.
    const again = await changes(() => funding.received(1, request.id));
    expect(again).toEqual({ cash: 1, advance: 50, owed: 39, receivable: -90 });
    // The funder's receipt never came: what it and the others had paid for goes back, each to where it was.
    const reversed = await changes(() => funding.reverse(funder.id));
    expect(reversed).toEqual({ cash: -50, owed: -39, receivable: 90, advance: -1 });
    expect(await funding.requestState(request.id)).toBe('part_paid');
  });

  it('goes on to the queue when its request needs no more, and is told apart there too', async () => {
    await recovered(400);
    const [a, b] = (await funding.queue(150, 250)) as [string, string];
    const request = await submit((await funding.draftRequest()).id);
    expect(request.state).toBe('paid');
    await post(`/claims/${a}/unfund`, { reason: 'A question' });
    await service.post(MTM.approver2, `/claims/${a}/reject`, { reason: 'No' });
    expect(await funding.requestState(request.id)).toBe('paid');
    const [other] = (await funding.queue(160)) as [string];
    const used = await changes(() => funding.received(10));
    expect(used).toEqual({ cash: 10, owed: 150, receivable: -160 });
    expect(await funding.states([b, other])).toEqual(['funded', 'funded']);
  });

  it('is used once, however many requests are submitted at once', async () => {
    await recovered(100);
    const [a, b] = (await funding.queue(80, 80)) as [string, string];
    const drafts = [await funding.draftRequest({ claimIds: [a] }), await funding.draftRequest({ claimIds: [b] })];
    const requests = await Promise.all(drafts.map(({ id }) => submit(id)));
    const [more, less] = requests.map((one) => one.recoveredPence).sort((x, y) => y - x);
    expect([more, less]).toEqual([80, 20]);
  });

  it('that comes undone after it was used is made good before any is used again', async () => {
    const [payment] = (await recovered(100)).payments;
    await funding.queue(100);
    expect((await submit((await funding.draftRequest()).id)).recoveredPence).toBe(100);
    // The payment it was set off against bounces: nothing is recovered, though a hundred were used.
    await adjustments.bankReturned(payment!);
    const foreseen = async (id: string) => (await post('/funding-requests/preview', { claimIds: [id] })).body;
    const [next] = (await funding.queue(500)) as [string];
    expect(await foreseen(next)).toMatchObject({ recoveredPence: 0, requestedPence: 500 });
    await funding.clear();
    // The next payment takes both off, the old hundred first: that was used, the rest is not.
    await recovered(130);
    const [another] = (await funding.queue(500)) as [string];
    expect(await foreseen(another)).toMatchObject({ recoveredPence: 130, requestedPence: 370 });
  });

  it('is no history of how long the funder takes', async () => {
    await recovered(60);
    await funding.queue(60);
    const before = await history();
    await submit((await funding.draftRequest()).id);
    expect(await history()).toEqual(before);
  });

  const history = async () => (await service.admin.query('SELECT * FROM funding_intervals($1)', ['EIP2'])).rows;

  it('is reversed by nobody, and the funder may give the request’s number as its own reference', async () => {
    await recovered(100);
    await funding.queue(200);
    const request = await submit((await funding.draftRequest()).id);
    const receipt = await receiptOf(request.id);
    expect(refusal(await funding.tryReverse(receipt.id))).toEqual([409, 'receipt_recovered']);
    expect(refusal(await funding.tryConfirm(receipt.id))[0]).toBe(409);
    const body = { ...funding.body(100, request.id), bankReference: request.number };
    expect((await service.post(MTM.finance, '/funding-receipts', body)).status).toBe(201);
  });
});

describe('the database', () => {
  it('keeps what a submitted request says, and its claims', async () => {
    await funding.queue(90, 100);
    const { id } = await funding.submittedRequest();
    for (const change of ['total_pence = total_pence + 1', 'schedule_sha256 = repeat(\'0\', 64)', 'recovered_pence = 1']) {
      const changed = service.admin.query(`UPDATE funding_request SET ${change} WHERE id = $1`, [id]);
      await expect(changed).rejects.toThrow('never changed');
    }
    const left = service.admin.query('UPDATE funding_request_claim SET live = false WHERE request_id = $1', [id]);
    await expect(left).rejects.toThrow('keeps its claims');
  }); // prettier-ignore

  it('refuses recovered money that its request does not say, and that anybody records or reverses', async () => {
    await funding.queue(90);
    const { id } = await funding.submittedRequest();
    const insert = (state: string, request: string | null) =>
      service.admin.query(
        `INSERT INTO funding_receipt (id, programme_code, source, state, amount_pence, received_on, bank_reference, reference_key, request_id,
           recorded_by, recorded_at, evidence, confirmed_by, confirmed_at, updated_at)
         SELECT $1, 'EIP2', 'recovered', $2, 5, '2018-04-03', 'x', 'X', $3, $1, now(), e, c, t, now()
           FROM (VALUES ('recorded', NULL, NULL::uuid, NULL::timestamptz), ('confirmed', 'x', $1, now())) AS v (s, e, c, t) WHERE s = $2`,
        [uuid(), state, request],
      );
    await expect(insert('confirmed', id)).rejects.toThrow('does not use the recovered money');
    await expect(insert('recorded', id)).rejects.toThrow('funding_receipt_recovered_stays');
    await expect(insert('confirmed', null)).rejects.toThrow('funding_receipt_recovered_stays');
  });
});
