import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { v7 as uuid } from 'uuid';
import { claimBody, training, trainerInvoice } from '../builders/claim-body.js';
import { Service } from '../support/service.js';
import { Claims, finance, manager, MTM, nextNumber, refusal, type Claim, type Items } from './claims-support.js';

const RECORDER = 'recorder@mtm.example';
const JOINT = { name: 'Joint Events LLP' };
const ELSEWHERE = 'trainer_invoice_at_other_authority';

let service: Service;
let claims: Claims;
beforeAll(async () => {
  service = await Service.start();
  claims = new Claims(service);
  const roles = ['mtm_finance', 'mtm_approver'];
  const body = { email: RECORDER, name: 'Recorder (test)', organisation: 'MTM', roles };
  expect((await service.post(MTM.admin, '/users', body)).status).toBe(201);
});
afterAll(() => service?.stop());

/** A small claim of unpaid trainer invoices, one for each number. */
const unpaid = (authority: string, ...numbers: string[]) =>
  claimBody(
    (numbers.length > 0 ? numbers : [nextNumber()]).map((number) =>
      trainerInvoice([training({ trainerDays: '0.1', netPence: 10_000 })], { number, paidOn: null }),
    ),
    { authority },
  );

/** The same trainer's invoice of a number, claimed by an authority, paid. */
const joint = (authority: string, number: string) => {
  const lines = [training({ trainerDays: '0.1', netPence: 10_000, vatRate: '0', vatPence: 0 })];
  return claimBody([trainerInvoice(lines, { number, trainer: JOINT })], { authority });
};

const invoiceIds = (claim: Claim) => claim.trainerInvoices.map(({ id }) => id);
const proof = (trainerInvoiceId: string, paidOn = '2018-03-30', note: string | null = null) => ({
  paymentProof: [{ trainerInvoiceId, paidOn, note }],
});
const distinct = (trainerInvoiceId: string, note = 'Joint event, checked with the trainer') => ({
  distinct: [{ trainerInvoiceId, note }],
});

interface Entry {
  action: string;
  actorId: string;
  before: object | null;
  after: object | null;
  reason: string | null;
  subjectId: string;
}
const timeline = async (who: string, id: string) =>
  (await service.get<Items<Entry>>(who, `/claims/${id}/timeline?limit=200`)).body.items;
const programmeTrail = async (id: string) => {
  const { body } = await service.get<Items<Entry>>(MTM.auditor, '/audit?chain=EIP2&limit=200');
  return body.items.filter(({ subjectId, action }) => subjectId === id && action === 'claim.invoices_found_distinct');
};

describe('what a review left open is recorded afterwards', () => {
  it('a proof of payment: the flag goes, the claim is approved', async () => {
    const claim = await claims.reviewed(unpaid('BRENT'));
    const [invoice] = invoiceIds(claim);
    expect(await claims.flags(MTM.approver, claim.id)).toContain('trainer_not_paid');
    expect(refusal(await claims.tryStep(MTM.approver, claim.id, 'approve'))).toEqual([
      422,
      'payment_proof_missing',
      'payment_proof_missing',
    ]);
    const found = await claims.step(MTM.finance2, claim.id, 'findings', proof(invoice!, '2018-03-30', 'Bank, p. 2'));
    expect(found).toMatchObject({ state: 'reviewed', version: claim.version + 1, waitingFor: 'MTM to approve' });
    expect(found.trainerInvoices[0]!.paymentProof).toEqual({ paidOn: '2018-03-30', note: 'Bank, p. 2' });
    expect(found.trainerInvoices[0]!.lines).toEqual(claim.trainerInvoices[0]!.lines);
    expect(await claims.flags(MTM.approver, claim.id)).not.toContain('trainer_not_paid');
    expect((await claims.step(MTM.approver, claim.id, 'approve')).state).toBe('approved');
  });

  it('that an invoice met at another authority is another one', async () => {
    const number = nextNumber();
    const here = await claims.reviewed(joint('BRENT', number));
    expect(await claims.flags(MTM.approver, here.id)).not.toContain(ELSEWHERE);
    const there = await claims.submitted(joint('NORFOLK', number));
    expect(await claims.flags(MTM.approver, here.id)).toContain(ELSEWHERE);
    const missing = [422, 'distinct_not_recorded', 'distinct_not_recorded'];
    expect(refusal(await claims.tryStep(MTM.approver, here.id, 'approve'))).toEqual(missing);
    await claims.step(MTM.finance, here.id, 'findings', distinct(invoiceIds(here)[0]!));
    expect(await claims.flags(MTM.approver, here.id)).not.toContain(ELSEWHERE);
    expect(await claims.flags(MTM.approver, there.id)).toContain(ELSEWHERE);

    // A third authority's invoice is one that nobody has looked at.
    service.clock.set('2018-04-03T10:00:00.000Z');
    await claims.submitted(joint('SUFFOLK', number));
    expect(await claims.flags(MTM.approver, here.id)).toContain(ELSEWHERE);
    expect(refusal(await claims.tryStep(MTM.approver, here.id, 'approve'))).toEqual(missing);
    await claims.step(MTM.finance, here.id, 'findings', distinct(invoiceIds(here)[0]!, 'All three checked'));
    expect((await claims.step(MTM.approver, here.id, 'approve')).state).toBe('approved');
    service.clock.set('2018-04-03T09:00:00.000Z');
  });

  it('before the review too, which takes nothing of it away', async () => {
    const claim = await claims.submitted(unpaid('BRENT', nextNumber(), nextNumber()));
    const [first, second] = invoiceIds(claim);
    const found = await claims.step(MTM.finance, claim.id, 'findings', proof(first!));
    expect(found).toMatchObject({ state: 'submitted', version: claim.version + 1 });
    expect(found.trainerInvoices[0]!.lines[0]!.decision).toBeNull();
    const reviewed = await claims.step(MTM.finance2, claim.id, 'review', proof(second!, '2018-03-31'));
    expect(reviewed.trainerInvoices.map(({ paymentProof }) => paymentProof)).toEqual([
      { paidOn: '2018-03-30', note: null },
      { paidOn: '2018-03-31', note: null },
    ]);
    await claims.step(MTM.approver, claim.id, 'approve');
  });
});

describe('who records findings', () => {
  it('neither approves nor rejects the claim', async () => {
    const claim = await claims.reviewed(unpaid('BRENT'));
    await claims.step(RECORDER, claim.id, 'findings', proof(invoiceIds(claim)[0]!));
    expect(refusal(await claims.tryStep(RECORDER, claim.id, 'approve'))).toEqual([403, 'maker_cannot_approve']);
    expect(refusal(await claims.tryStep(RECORDER, claim.id, 'reject', { reason: 'x' }))).toEqual([
      403,
      'maker_cannot_reject',
    ]);
    expect((await claims.step(MTM.approver, claim.id, 'approve')).state).toBe('approved');
  });

  it('of an invoice at another authority too, even after a return and another’s review', async () => {
    const number = nextNumber();
    await claims.submitted(joint('NORFOLK', number));
    const claim = await claims.submitted(joint('BRENT', number));
    await claims.step(RECORDER, claim.id, 'findings', distinct(invoiceIds(claim)[0]!));
    await claims.step(MTM.finance, claim.id, 'return', { reason: 'Attach the invoice' });
    await claims.step(finance('BRENT'), claim.id, 'submit');
    await claims.step(MTM.finance, claim.id, 'review');
    expect(refusal(await claims.tryStep(RECORDER, claim.id, 'approve'))).toEqual([403, 'maker_cannot_approve']);
    await claims.step(MTM.approver, claim.id, 'approve');
  });
});

describe('the trail of findings', () => {
  it('keeps a finding and the one that took its place, of the review or not', async () => {
    const claim = await claims.submitted(unpaid('BRENT'));
    const trainerInvoiceId = invoiceIds(claim)[0]!;
    await claims.step(MTM.finance, claim.id, 'findings', proof(trainerInvoiceId, '2018-03-29', 'Not to be told'));
    await claims.step(MTM.finance, claim.id, 'review', proof(trainerInvoiceId, '2018-03-30'));
    const last = await claims.step(MTM.finance2, claim.id, 'findings', proof(trainerInvoiceId, '2018-04-01'));
    expect(last.trainerInvoices[0]!.paymentProof).toEqual({ paidOn: '2018-04-01', note: null });
    const told = (paidOn: string) => ({ paymentProof: [{ trainerInvoiceId, paidOn }] });
    const entries = (await timeline(finance('BRENT'), claim.id)).slice(-3);
    expect(entries).toMatchObject([
      {
        action: 'claim.findings_recorded',
        before: { version: 2, paymentProof: [] },
        after: { version: 3, ...told('2018-03-29') },
      },
      {
        action: 'claim.reviewed',
        before: { state: 'submitted', version: 3, ...told('2018-03-29') },
        after: { state: 'reviewed', version: 4, ...told('2018-03-30') },
      },
      {
        action: 'claim.findings_recorded',
        before: { version: 4, ...told('2018-03-30') },
        after: { version: 5, ...told('2018-04-01') },
      },
    ]);
    expect(JSON.stringify(entries)).not.toContain('Not to be told');
  });

  it('tells of another authority’s claim in the programme’s trail only', async () => {
    const number = nextNumber();
    await claims.submitted(joint('NORFOLK', number));
    const claim = await claims.reviewed(joint('BRENT', number));
    const [id] = invoiceIds(claim);
    await claims.step(MTM.finance, claim.id, 'findings', distinct(id!, 'As the trainer says'));
    const again = await claims.step(MTM.finance, claim.id, 'findings', distinct(id!, 'As the event’s list says'));
    expect(again.trainerInvoices[0]!.distinct).toEqual({ note: 'As the event’s list says' });
    expect(
      (await programmeTrail(claim.id)).sort((one, other) => one.reason!.localeCompare(other.reason!)),
    ).toMatchObject([
      { reason: 'As the event’s list says', before: { trainerInvoiceIds: [id] }, after: { trainerInvoiceIds: [id] } },
      { reason: 'As the trainer says', before: { trainerInvoiceIds: [] }, after: { trainerInvoiceIds: [id] } },
    ]);
    for (const who of [finance('BRENT'), manager('BRENT')]) {
      expect((await claims.read(who, claim.id)).trainerInvoices[0]!.distinct).toBeNull();
      for (const path of [`/claims/${claim.id}`, `/claims/${claim.id}/timeline`, '/audit?limit=200']) {
        const { status, text } = await service.get(who, path);
        expect([path, status, /As the |NORFOLK|distinct"?:[^n]/.test(text)]).toEqual([path, 200, false]);
      }
      const told = (await timeline(who, claim.id)).filter(({ action }) => action === 'claim.findings_recorded');
      expect(told).toHaveLength(2);
      expect(JSON.stringify(told)).not.toContain(id);
    }
  });
});

describe('findings are refused', () => {
  const record = (who: string, claim: Claim, body: unknown, headers = {}) =>
    claims.tryStep(who, claim.id, 'findings', body, headers);

  it('when there is nothing in them, or nothing of this claim', async () => {
    const claim = await claims.reviewed(unpaid('BRENT', nextNumber(), nextNumber()));
    const other = await claims.reviewed(unpaid('BRENT'));
    const [first] = invoiceIds(claim);
    const once = proof(first!).paymentProof[0];
    for (const [body, code] of [
      [{}, 'required'],
      [{ paymentProof: [], distinct: [] }, 'required'],
      [{ lines: [] }, 'unknown_field'],
      [{ paymentProof: [{ trainerInvoiceId: first, paidOn: 'x' }] }, 'not_a_date'],
      [{ distinct: [{ trainerInvoiceId: first }] }, 'required'],
      [proof(uuid()), 'not_one_of'],
      [proof(invoiceIds(other)[0]!), 'not_one_of'],
      [distinct(invoiceIds(other)[0]!), 'not_one_of'],
      [distinct(claim.trainerInvoices[0]!.lines[0]!.id), 'not_one_of'],
      [{ paymentProof: [once, once] }, 'repeated'],
    ] as const) {
      expect([body, ...refusal(await record(MTM.finance, claim, body))]).toEqual([body, 400, 'malformed', code]);
    }
    expect(refusal(await record(MTM.finance, claim, proof(first!, '2018-04-04')))).toEqual([
      422,
      'payment_proof_in_future',
      'payment_proof_in_future',
    ]);
    expect(await claims.read(MTM.finance, claim.id)).toEqual(claim);
  });

  it('in any other state, and on hold', async () => {
    const draft = await claims.draft(unpaid('BRENT'));
    const returned = await claims.reviewed(unpaid('BRENT'));
    await claims.step(MTM.finance, returned.id, 'return', { reason: 'x' });
    const withdrawn = await claims.submitted(unpaid('BRENT'));
    await claims.step(finance('BRENT'), withdrawn.id, 'withdraw');
    const rejected = await claims.submitted(unpaid('BRENT'));
    await claims.step(MTM.approver, rejected.id, 'reject', { reason: 'x' });
    const approved = await claims.approved(joint('BRENT', nextNumber()));
    for (const claim of [draft, returned, withdrawn, rejected, approved]) {
      const answer = await record(MTM.finance, claim, proof(invoiceIds(claim)[0]!));
      expect(refusal(answer)).toEqual([409, 'state_conflict']);
      expect(answer.body.detail).toContain('only while a claim is submitted or reviewed');
    }
    const held = await claims.reviewed(unpaid('BRENT'));
    await claims.step(MTM.finance, held.id, 'hold', { reason: 'Asking' });
    const body = proof(invoiceIds(held)[0]!);
    expect(refusal(await record(MTM.finance, held, body))).toEqual([409, 'claim_held']);
    await claims.step(MTM.finance, held.id, 'release');
    expect((await record(MTM.finance, held, body)).status).toBe(200);
  });

  it('to anybody but MTM finance, another authority being told that there is no such claim', async () => {
    const claim = await claims.reviewed(unpaid('BRENT'));
    const body = proof(invoiceIds(claim)[0]!);
    for (const who of [finance('BRENT'), manager('BRENT'), MTM.approver, MTM.coordinator, MTM.auditor, MTM.admin]) {
      expect([who, ...refusal(await record(who, claim, body))]).toEqual([who, 403, 'role_not_allowed']);
    }
    expect(refusal(await record(finance('NORFOLK'), claim, body))).toEqual([404, 'not_found']);
    expect(await claims.read(MTM.finance, claim.id)).toEqual(claim);
  });

  it('to who saw an older version, and the same key records them once', async () => {
    const claim = await claims.reviewed(unpaid('BRENT'));
    const body = proof(invoiceIds(claim)[0]!);
    const seen = { 'if-match': `"v${claim.version}"` };
    const key = { 'idempotency-key': `findings-${claim.id}` };
    const first = await record(MTM.finance, claim, body, { ...seen, ...key });
    expect([first.status, first.body.version]).toEqual([200, claim.version + 1]);
    const again = await record(MTM.finance, claim, body, { ...seen, ...key });
    expect([again.status, again.headers.get('idempotency-hit'), again.body]).toEqual([200, 'true', first.body]);
    expect(refusal(await record(MTM.finance, claim, body, seen))).toEqual([412, 'version_stale']);
    expect((await claims.read(MTM.finance, claim.id)).version).toBe(claim.version + 1);
  });
});
