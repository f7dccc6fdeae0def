import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { v7 as uuid } from 'uuid';
import { Service } from '../support/service.js';
import { finance, MTM, refusal, type Items } from './claims-support.js';
import { brokenFunding, Funding, type Request } from './funding-support.js';

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

describe('a funding request', () => {
  it('gathers what is approved, as its preview said, and is numbered without gaps when it is submitted', async () => {
    const ids = await funding.queue(300, 200);
    const bristol = (await funding.approved(500, 'BRISTOL')).id;
    const foreseen = await service.post<Request>(MTM.finance, '/funding-requests/preview', {});
    expect(foreseen.body).toEqual({
      ...{ totalPence: 1000, recoveredPence: 0, requestedPence: 1000, claimCount: 3 },
      claimIds: [...ids, bristol],
    });
    const draft = await funding.draftRequest({ authority: 'BRENT' });
    expect(draft).toMatchObject({ state: 'draft', number: null, totalPence: 500, claimIds: ids });
    // A claim is in one live request: what is left is Bristol's, and then nothing.
    const second = await funding.draftRequest();
    expect(second.claimIds).toEqual([bristol]);
    expect(refusal(await post('/funding-requests'))).toEqual([422, 'nothing_to_request']);
    expect(refusal(await post('/funding-requests', { claimIds: [bristol] }))).toEqual([
      422,
      'claim_not_requestable',
      'claim_not_requestable',
    ]);
    // The first is given up: it never had a number, and its claims can be asked for again.
    expect((await post(`/funding-requests/${draft.id}/cancel`, { reason: 'Too early' })).body).toMatchObject({
      state: 'cancelled',
      number: null,
      claimIds: ids,
    });
    const third = await funding.draftRequest({ claimIds: [ids[1]!] });
    const submitted = await Promise.all([second, third].map(({ id }) => post(`/funding-requests/${id}/submit`)));
    expect(submitted.map(({ status }) => status)).toEqual([200, 200]);
    expect(submitted.map(({ body }) => body.number).sort()).toEqual(['EIP2-FR-0001', 'EIP2-FR-0002']);
    for (const step of ['submit', 'cancel']) {
      const again = await post(`/funding-requests/${third.id}/${step}`, step === 'cancel' ? { reason: 'x' } : {});
      expect([step, ...refusal(again)]).toEqual([step, 409, 'state_conflict']);
    }
    expect(refusal(await post(`/funding-requests/${draft.id}/submit`))).toEqual([409, 'state_conflict']);
  });

  it('has a claim to itself, however many are drafted at once', async () => {
    const [a] = (await funding.queue(100)) as [string];
    const answers = await Promise.all([1, 2, 3].map(() => post('/funding-requests')));
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 422, 422]);
    const drafted = answers.find(({ status }) => status === 201)!.body.id;
    const twice = service.admin.query(
      `WITH other AS (
         INSERT INTO funding_request (id, programme_code, state, total_pence, claim_count, created_by, created_at, updated_at)
         SELECT $1, programme_code, 'draft', 1, 1, created_by, now(), now() FROM funding_request WHERE id = $2
       ) INSERT INTO funding_request_claim (request_id, claim_id, authority_code, pence, amounts) VALUES ($1, $3, 'BRENT', 1, '{}')`,
      [uuid(), drafted, a],
    );
    await expect(twice).rejects.toThrow('funding_request_claim_once');
  });

  it('leaves out what was held or funded since it was drafted', async () => {
    const [a, b, c] = (await funding.queue(100, 200, 300)) as [string, string, string];
    const draft = await funding.draftRequest();
    await funding.claims.step(MTM.finance, b, 'hold', { reason: 'A question' });
    expect((await funding.received(100)).fundedClaimIds).toEqual([a]);
    const submitted = (await post(`/funding-requests/${draft.id}/submit`)).body;
    expect(submitted).toMatchObject({ state: 'submitted', totalPence: 300, claimCount: 1, claimIds: [c] });
    await funding.claims.step(MTM.finance, b, 'release');
    expect((await funding.draftRequest()).claimIds).toEqual([b]);
  });

  it('is refused by whom it is none of the business of, and for claims that are not there', async () => {
    await funding.queue(100);
    expect(refusal(await service.post(MTM.approver, '/funding-requests', {}))).toEqual([403, 'role_not_allowed']);
    expect(refusal(await service.post(finance('BRENT'), '/funding-requests', {}))).toEqual([403, 'role_not_allowed']);
    expect(refusal(await post('/funding-requests', { claimIds: [uuid()] }))).toEqual([404, 'not_found']);
    expect(refusal(await post('/funding-requests', { authority: 'NOWHERE' }))).toEqual([404, 'not_found']);
    const draft = await funding.draftRequest();
    expect((await service.get(finance('BRENT'), `/funding-requests/${draft.id}`)).status).toBe(404);
    const named = { ...funding.body(100), fundingRequestId: draft.id };
    expect(refusal(await post('/funding-receipts', named))).toEqual([422, 'request_not_submitted']);
  });

  it('gives its schedule by authority and category, and its claims, as CSV too', async () => {
    await funding.queue(300, 250);
    await funding.approved(90, 'LINCS');
    const { id } = await funding.submittedRequest();
    const schedule = await service.get<Items<object>>(MTM.auditor, `/funding-requests/${id}/schedule`);
    const label = expect.any(String);
    expect(schedule.body.items).toEqual([
      { authority: 'BRENT', category: 'targeted', label, claimCount: 2, amountPence: 100 },
      { authority: 'BRENT', category: 'travel', label, claimCount: 2, amountPence: 450 },
      { authority: 'LINCS', category: 'targeted', label, claimCount: 1, amountPence: 50 },
      { authority: 'LINCS', category: 'travel', label, claimCount: 1, amountPence: 40 },
    ]);
    const pages: string[] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const path: string = `/funding-requests/${id}/schedule?limit=1${cursor && `&cursor=${cursor}`}`;
      const { body }: { body: Items<{ category: string }> } = await service.get(MTM.finance, path);
      pages.push(...body.items.map(({ category }) => category));
      cursor = body.nextCursor;
    }
    expect(pages).toEqual(['targeted', 'travel', 'targeted', 'travel']);
    const csv = await service.get(MTM.finance, `/funding-requests/${id}/claims`, { accept: 'text/csv' });
    expect(csv.text.split('\r\n')[0]).toBe('claimId,authority,invoiceNumber,amountPence,state');
    expect(csv.text.trim().split('\r\n')).toHaveLength(4);
  });

  it('that was cancelled still tells which claims it had, and by what they added up', async () => {
    const claims = (await funding.queue(300, 250)).sort();
    const { id } = await funding.draftRequest({ claimIds: claims });
    const path = `/funding-requests/${id}`;
    const cancelled = await service.post<Request>(MTM.finance, `${path}/cancel`, { reason: 'Too early' });
    expect([cancelled.status, [...cancelled.body.claimIds].sort()]).toEqual([200, claims]);
    const shown = await service.get<Items<{ claimId: string }>>(MTM.auditor, `${path}/claims`);
    expect(shown.body.items.map(({ claimId }) => claimId)).toEqual(claims);
    const schedule = await service.get<Items<{ amountPence: number }>>(MTM.auditor, `${path}/schedule`);
    expect(schedule.body.items.map(({ amountPence }) => amountPence)).toEqual([100, 450]);
  });
});

describe('a submitted request', () => {
  const reject = (id: string) => service.post(MTM.approver2, `/claims/${id}/reject`, { reason: 'No' });

  it('counts a claim no more that is rejected, and is withdrawn when it has no other', async () => {
    const [a, b, c] = (await funding.queue(100, 200, 300)) as [string, string, string];
    const request = await funding.submittedRequest({ claimIds: [a, b] });
    await funding.received(100, request.id);
    expect(await funding.requestState(request.id)).toBe('part_paid');
    expect((await reject(b)).status).toBe(200);
    expect(await funding.requestState(request.id)).toBe('paid');
    // Its claim waits again, and so does the request; then nothing is asked for any more.
    await post(`/claims/${a}/unfund`, { reason: 'A question' });
    expect(await funding.requestState(request.id)).toBe('submitted');
    expect((await reject(a)).status).toBe(200);
    expect(await funding.requestState(request.id)).toBe('withdrawn');
    const trail = await service.admin.query<{ action: string }>(
      `SELECT action FROM audit_entry WHERE subject_id = $1 ORDER BY seq`,
      [request.id],
    );
    expect(trail.rows.map(({ action }) => action.split('.')[1])).toEqual(
      ['prepared', 'submitted', 'part_paid', 'paid', 'submitted', 'withdrawn'], // prettier-ignore
    );
    // What came for it is anybody's now.
    expect((await funding.received(200)).fundedClaimIds).toEqual([c]);
  });

  it('is not paid while a claim of it is on hold, and does not change when that is released', async () => {
    const [a, held] = (await funding.queue(100, 200)) as [string, string];
    const request = await funding.submittedRequest();
    const states: string[] = [];
    const look = async () => states.push(await funding.requestState(request.id));
    await funding.claims.step(MTM.finance, held, 'hold', { reason: 'A question' });
    await look();
    expect((await funding.received(300, request.id)).fundedClaimIds).toEqual([a]);
    await look();
    await funding.claims.step(MTM.finance, held, 'release');
    await look();
    await funding.received(1, request.id);
    await look();
    expect(states).toEqual(['submitted', 'part_paid', 'part_paid', 'paid']);
  });

  it('and the rejection of its claim while that is being funded: one of the two happens', async () => {
    const [a, b] = (await funding.queue(100, 200)) as [string, string];
    const request = await funding.submittedRequest();
    const { id } = await funding.recorded(300, request.id);
    const [confirmed, rejected] = await Promise.all([funding.tryConfirm(id), reject(b)]);
    expect(confirmed.status).toBe(200);
    expect([200, 409]).toContain(rejected.status);
    expect(await funding.states([a, b])).toEqual(['funded', rejected.status === 200 ? 'rejected' : 'funded']);
    expect(await funding.requestState(request.id)).toBe('paid');
  });
});

describe('a receipt that names a request', () => {
  it('funds that request’s claims first, and the queue only when none of them waits', async () => {
    const [older] = (await funding.queue(100)) as [string];
    const [a, b] = (await funding.queue(200, 300)) as [string, string];
    const request = await funding.submittedRequest({ claimIds: [a, b] });
    const foreseen = await funding.preview(350, request.id);
    const first = await funding.received(350, request.id);
    // B does not fit; what is left is kept for it, though the older claim of nobody's request would fit.
    expect(first).toMatchObject({ fundedClaimIds: [a], unallocatedPence: 150 });
    expect([foreseen.fundedClaimIds, foreseen.unallocatedPence]).toEqual([[a], 150]);
    expect(await funding.requestState(request.id)).toBe('part_paid');
    expect((await funding.received(50)).fundedClaimIds).toEqual([]);
    expect(await funding.states([older])).toEqual(['approved']);

    expect(await funding.preview(200, request.id)).toMatchObject({ fundedClaimIds: [b, older], unallocatedPence: 0 });
    const second = await funding.received(200, request.id);
    expect(second.fundedClaimIds).toEqual([b, older]);
    expect(await funding.requestState(request.id)).toBe('paid');

    await funding.reverse(first.id);
    expect(await funding.states([a, b, older])).toEqual(['approved', 'approved', 'funded']);
    expect(await funding.requestState(request.id)).toBe('submitted');
  });

  it('does not wait for a claim of the request that is on hold', async () => {
    const [other] = (await funding.queue(100)) as [string];
    const [a, held] = (await funding.queue(200, 300)) as [string, string];
    const request = await funding.submittedRequest({ claimIds: [a, held] });
    await funding.claims.step(MTM.finance, held, 'hold', { reason: 'A question' });
    expect((await funding.received(300, request.id)).fundedClaimIds).toEqual([a, other]);
    expect(await funding.requestState(request.id)).toBe('part_paid');
  });
});
