import { createHash } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { brokenInvariants, PAYMENT_INVARIANTS } from '../support/invariants.js';
import { expectRefused } from '../support/refused-by-database.js';
import { Service } from '../support/service.js';
import { Claims, finance, MTM, refusal, simpleBody, type Claim } from './claims-support.js';
import type { Run } from './payment-run-bodies.js';
import { Funding } from './funding-support.js';

let service: Service;
let claims: Claims;
let funding: Funding;
beforeAll(async () => {
  service = await Service.start();
  claims = new Claims(service);
  funding = new Funding(service);
});
afterAll(() => service?.stop());
beforeEach(async () => {
  // What an earlier test left to be paid is out of the way.
  await service.admin.query(
    `UPDATE claim SET held_at = updated_at, held_by = created_by, hold_reason = 'Out of the way' WHERE state = 'funded' AND held_at IS NULL`,
  );
  await funding.clear();
});

/** Claims of 250 pounds each, approved and funded. */
async function funded(...authorities: string[]): Promise<Claim[]> {
  const made: Claim[] = [];
  for (const authority of authorities)
    made.push(await claims.approved(simpleBody(authority, { trainerDays: '0.01', netPence: 1_000 })));
  await funding.received(made.reduce((sum, claim) => sum + claim.approvedPence!, 0));
  expect(new Set(await funding.states(made.map(({ id }) => id)))).toEqual(new Set(['funded']));
  return made;
}

const tryPrepare = (body: object = {}, by: string = MTM.finance, headers: Record<string, string> = {}) =>
  service.post<Run>(by, '/payment-runs', body, headers);
async function prepare(body: object = {}): Promise<Run> {
  const answer = await tryPrepare(body);
  expect([answer.status, answer.status === 201 ? '' : answer.text]).toEqual([201, '']);
  return answer.body;
}
const step = (id: string, name: string, by: string, body: object = {}, headers: Record<string, string> = {}) =>
  service.post<Run>(by, `/payment-runs/${id}/${name}`, body, headers);
const statesOf = async (made: readonly Claim[]) => new Set(await funding.states(made.map(({ id }) => id)));
const allWell = async () => expect(await brokenInvariants(service.admin, PAYMENT_INVARIANTS)).toEqual({});

/** The authority enters an account; by whom of MTM it is confirmed, if it is. */
async function account(authority: string, accountNumber: string, confirmedBy: string | null): Promise<void> {
  const path = `/authorities/${authority}/bank-details`;
  const before = await service.get(finance(authority), path);
  service.clock.set(new Date(service.clock.now().getTime() + 1000).toISOString());
  const answer = await service.call(finance(authority), 'PUT', path, {
    body: { accountName: 'An authority', sortCode: '00-00-01', accountNumber },
    headers: { 'if-match': before.headers.get('etag')! },
  });
  expect(answer.status).toBe(200);
  if (confirmedBy === null) return;
  const call = { calledNumber: '020 7946 0991', spokeTo: 'Exchequer' };
  expect((await service.post(confirmedBy, `${path}/confirm`, call)).status).toBe(200);
}

describe('preparing a payment run', () => {
  it('pays what is funded, one payment an authority, as its preview said; and schedules the claims', async () => {
    const made = await funded('BRENT', 'LINCS', 'BRENT');
    const held = await funded('LINCS');
    await claims.step(MTM.finance, held[0]!.id, 'hold', { reason: 'A question' });
    const preview = await service.post<Run>(MTM.finance, '/payment-runs/preview', {});
    expect(await statesOf(made)).toEqual(new Set(['funded']));
    const run = await prepare();
    const expected = [
      { authority: 'BRENT', amountPence: 1000, claimIds: [made[0]!.id, made[2]!.id], adjustmentIds: [] },
      { authority: 'LINCS', amountPence: 500, claimIds: [made[1]!.id], adjustmentIds: [] },
    ];
    expect(run).toMatchObject({ state: 'prepared', totalPence: 1500, claimCount: 3, paymentCount: 2, leftOut: [] });
    expect(run.payments).toMatchObject(expected);
    expect(preview.body).toMatchObject({ totalPence: 1500, claimCount: 3, payments: expected, leftOut: [] });
    expect(run.number).toMatch(/^EIP2-PR-\d{4}$/);
    for (const payment of run.payments) {
      expect(payment.reference).toMatch(/^P\d{10}$/);
      expect(payment.endToEndId).toBe(`${run.number}-${payment.authority}`);
    }
    expect(await statesOf(made)).toEqual(new Set(['scheduled']));
    expect(await statesOf(held)).toEqual(new Set(['funded']));
    expect((await claims.read(finance('BRENT'), made[0]!.id)).waitingFor).toContain('bank');
    expect(refusal(await tryPrepare())).toEqual([422, 'nothing_to_pay']);
    expect(refusal(await service.post(MTM.finance, '/payment-runs/preview', {}))).toEqual([422, 'nothing_to_pay']);
    await allWell();
  });

  it('pays the claims that are named and no other; one that cannot be paid refuses all', async () => {
    const [first, second] = await funded('BRENT', 'SUFFOLK');
    const approved = await claims.approved(simpleBody('BRENT', { trainerDays: '0.01', netPence: 1_000 }));
    const both = await tryPrepare({ claimIds: [first!.id, approved.id] });
    expect([refusal(both), both.body.errors[0]!.path]).toEqual([
      [422, 'claim_not_payable', 'claim_not_payable'],
      'claimIds[1]',
    ]);
    expect(refusal(await tryPrepare({ claimIds: [first!.id, '00000000-0000-7000-8000-00000000abcd'] }))[0]).toBe(404);
    expect(refusal(await tryPrepare({ claimIds: [] }))[0]).toBe(400);
    const run = await prepare({ claimIds: [first!.id, first!.id.toUpperCase()] });
    expect(run.payments.map(({ claimIds }) => claimIds)).toEqual([[first!.id]]);
    expect(await statesOf([second!])).toEqual(new Set(['funded']));
    await allWell();
  });

  it('leaves out an authority whose account nobody, or the preparer, has confirmed, and says so', async () => {
    await account('NORFOLK', '66374958', null);
    await account('WAKEFIELD', '66374959', MTM.finance);
    const made = await funded('NORFOLK', 'WAKEFIELD', 'BRISTOL');
    const run = await prepare();
    expect(run.payments.map(({ authority }) => authority)).toEqual(['BRISTOL']);
    expect(run.leftOut.map(({ authority, code }) => [authority, code])).toEqual([
      ['NORFOLK', 'account_unconfirmed'],
      ['WAKEFIELD', 'confirmed_by_you'],
    ]);
    const named = await tryPrepare({ claimIds: made.map(({ id }) => id) });
    expect(refusal(named)).toEqual([422, 'claim_not_payable', ...Array.from({ length: 3 }, () => 'claim_not_payable')]);
    expect(refusal(await tryPrepare())).toEqual([422, 'nothing_to_pay']);
    const other = await tryPrepare({}, MTM.finance2);
    expect(other.body.payments.map(({ authority }) => authority)).toEqual(['WAKEFIELD']);
    await allWell();
  });

  it('leaves out an account of which no bank file can hold the name, entered before that was refused', async () => {
    await service.admin.query(
      `INSERT INTO bank_details (authority_code, version, account_name, sort_code, account_number, entered_by, entered_at)
       SELECT authority_code, version + 1, 'Δήμος Αθηναίων', sort_code, account_number, entered_by, entered_at FROM bank_details
        WHERE authority_code = 'LEICS' ORDER BY version DESC LIMIT 1`,
    );
    await service.admin.query(
      `INSERT INTO bank_details_confirmation SELECT (jsonb_populate_record(k, jsonb_build_object('version', k.version + 1))).*
         FROM bank_details_confirmation k WHERE authority_code = 'LEICS' ORDER BY version DESC LIMIT 1`,
    );
    const [claim] = await funded('LEICS', 'BRENT');
    const run = await prepare();
    expect(run.leftOut.map(({ authority, code }) => [authority, code])).toEqual([['LEICS', 'account_name']]);
    expect(refusal(await tryPrepare({ claimIds: [claim!.id] }))).toEqual([
      422,
      'claim_not_payable',
      'claim_not_payable',
    ]);
    expect((await step(run.id, 'approve', MTM.approver2)).status).toBe(200);
    await allWell();
  });

  it('is done once for a key, and by one of many at once', async () => {
    const made = await funded('BRENT', 'LINCS');
    const key = { 'idempotency-key': 'pay-once' };
    const replies = await Promise.all([
      ...Array.from({ length: 4 }, () => tryPrepare({}, MTM.finance, key)),
      ...Array.from({ length: 4 }, () => tryPrepare({}, MTM.finance2)),
    ]);
    const ids = new Set(replies.filter(({ status }) => status === 201).map(({ body }) => body.id));
    expect([...ids]).toHaveLength(1);
    expect(replies.every(({ status }) => [201, 409, 422].includes(status))).toBe(true);
    const { rows } = await service.admin.query(
      'SELECT claim_id FROM payment_claim WHERE live AND claim_id = ANY ($1::uuid[])',
      [made.map(({ id }) => id)],
    );
    expect(rows).toHaveLength(2);
    const { rows: gaps } = await service.admin.query('SELECT max(seq) = count(*) AS gapless FROM payment_run');
    expect(gaps).toEqual([{ gapless: true }]);
    await allWell();
  });

  it('is for MTM finance; an authority does not even see runs', async () => {
    const [claim] = await funded('BRENT');
    for (const by of [MTM.approver, MTM.coordinator, MTM.auditor, MTM.admin, finance('BRENT')]) {
      expect([by, (await tryPrepare({}, by)).status]).toEqual([by, 403]);
    }
    const run = await prepare({ claimIds: [claim!.id] });
    expect((await service.get(finance('BRENT'), '/payment-runs')).status).toBe(403);
    for (const path of ['', '/payments', '/pain001']) {
      expect([path, (await service.get(finance('BRENT'), `/payment-runs/${run.id}${path}`)).status]).toEqual([
        path,
        404,
      ]);
    }
    const read = await service.get<Run>(MTM.auditor, `/payment-runs/${run.id}`);
    const { leftOut: _, ...kept } = run;
    expect(read.body).toEqual(kept);
    const csv = await service.get(MTM.auditor, `/payment-runs/${run.id}/payments`, { accept: 'text/csv' });
    expect(csv.text.split('\r\n')[1]).toContain(run.payments[0]!.reference);
  });
});

describe('a programme whose terms name no account to pay from', () => {
  it('pays nothing, and says what is missing', async () => {
    await funded('BRENT');
    await service.admin.query('CREATE TABLE put_aside AS TABLE demo_debtor_account; DELETE FROM demo_debtor_account');
    expect(refusal(await tryPrepare())).toEqual([422, 'debtor_account_missing']);
    await service.admin.query('INSERT INTO demo_debtor_account TABLE put_aside; DROP TABLE put_aside');
    expect((await prepare()).payments).toHaveLength(1);
  });
});

describe('approving and cancelling a run', () => {
  it('needs another person, who approved none of its claims; then there is a file, the same for ever', async () => {
    const made = await funded('BRENT', 'LINCS');
    const run = await prepare({ claimIds: made.map(({ id }) => id) });
    expect(refusal(await service.get(MTM.finance, `/payment-runs/${run.id}/pain001`))).toEqual([
      409,
      'run_not_approved',
    ]);
    expect(refusal(await step(run.id, 'approve', MTM.finance))).toEqual([403, 'role_not_allowed']);
    // The claims were approved by the first approver.
    expect(refusal(await step(run.id, 'approve', MTM.approver))).toEqual([403, 'approver_cannot_approve']);
    expect(refusal(await step(run.id, 'approve', MTM.approver2, {}, { 'if-match': '"v9"' }))[0]).toBe(412);
    const approved = await step(run.id, 'approve', MTM.approver2);
    expect(approved.body).toMatchObject({ state: 'approved', totalPence: run.totalPence });
    const file = await service.get(MTM.finance, `/payment-runs/${run.id}/pain001`);
    expect(createHash('sha256').update(file.text).digest('hex')).toBe(approved.body.fileSha256);
    expect(file.headers.get('content-disposition')).toBe(`attachment; filename="${run.number}.xml"`);
    expect(file.text).toContain('<NbOfTxs>2</NbOfTxs>');
    expect(file.text).toContain('<CtrlSum>10.00</CtrlSum>');
    for (const { reference, endToEndId } of run.payments) {
      expect(file.text).toContain(`<EndToEndId>${endToEndId}</EndToEndId>`);
      expect(file.text).toContain(reference);
    }
    const again = await service.get(MTM.approver, `/payment-runs/${run.id}/pain001`);
    expect(again.text).toBe(file.text);
    for (const by of [MTM.coordinator, MTM.auditor]) {
      const refused = await service.get(by, `/payment-runs/${run.id}/pain001`);
      expect([by, ...refusal(refused as never)]).toEqual([by, 403, 'role_not_allowed']);
    }
    expect(refusal(await step(run.id, 'approve', MTM.approver2))).toEqual([409, 'state_conflict']);
    expect(refusal(await step(run.id, 'cancel', MTM.finance, { reason: 'Too late' }))).toEqual([409, 'state_conflict']);
    await allWell();
  });

  it('cancelled, gives its claims back; paid again they have other references', async () => {
    const made = await funded('SUFFOLK');
    const claimIds = made.map(({ id }) => id);
    const run = await prepare({ claimIds });
    expect(refusal(await step(run.id, 'cancel', MTM.finance))[0]).toBe(400);
    expect(refusal(await step(run.id, 'cancel', MTM.approver, { reason: 'x' }))).toEqual([403, 'role_not_allowed']);
    const cancelled = await step(run.id, 'cancel', MTM.finance, { reason: 'Wrong day' });
    expect(cancelled.body).toMatchObject({ state: 'cancelled', cancelReason: 'Wrong day' });
    expect(await statesOf(made)).toEqual(new Set(['funded']));
    expect(refusal(await step(run.id, 'approve', MTM.approver2))).toEqual([409, 'state_conflict']);
    const second = await prepare({ claimIds });
    expect(second.number).not.toBe(run.number);
    expect(second.payments[0]!.endToEndId).not.toBe(run.payments[0]!.endToEndId);
    expect(second.payments[0]!.reference).not.toBe(run.payments[0]!.reference);
    await allWell();
  });

  it('keeps DfE’s money where it is: a receipt that pays for a scheduled claim is not reversed, and nothing is approved and cancelled at once', async () => {
    const [claim] = await funded('BRISTOL');
    const { rows } = await service.admin.query<{ receipt_id: string }>(
      'SELECT DISTINCT receipt_id FROM funding_slice WHERE claim_id = $1 AND ended_by IS NULL',
      [claim!.id],
    );
    const run = await prepare({ claimIds: [claim!.id] });
    for (const { receipt_id: id } of rows)
      expect(refusal(await funding.tryReverse(id))).toEqual([409, 'receipt_in_use']);
    expect(refusal(await service.post(MTM.finance, `/claims/${claim!.id}/unfund`, { reason: 'x' }))[0]).toBe(409);
    const both = await Promise.all([
      step(run.id, 'approve', MTM.approver2),
      step(run.id, 'cancel', MTM.finance, { reason: 'x' }),
    ]);
    expect(both.map(({ status }) => status).sort()).toEqual([200, 409]);
    await allWell();
  });

  it('pays to the account that was confirmed when it was prepared, whatever is entered later', async () => {
    await account('WSUSSEX', '66374960', MTM.finance2);
    const made = await funded('WSUSSEX');
    const run = await prepare({ claimIds: made.map(({ id }) => id) });
    await account('WSUSSEX', '66374961', MTM.finance2);
    await step(run.id, 'approve', MTM.approver2);
    const file = await service.get(MTM.finance, `/payment-runs/${run.id}/pain001`);
    expect(file.text).toContain('66374960');
    expect(file.text).not.toContain('66374961');
    const trail = await service.get(MTM.auditor, '/audit?chain=EIP2&limit=200');
    expect(trail.text).not.toMatch(/6637496|000001/);
  });
});

describe('the database itself', () => {
  it('refuses a claim in two live runs, one that is not funded, sums that differ, and any change of a payment', async () => {
    const [claim] = await funded('BRENT');
    const approved = await claims.approved(simpleBody('BRENT', { trainerDays: '0.01', netPence: 1_000 }));
    const run = await prepare({ claimIds: [claim!.id] });
    const payment = run.payments[0]!.id;
    const fails = (sql: string, why: RegExp) => expectRefused(service.admin, sql, why);
    const another = `INSERT INTO payment (id, run_id, authority_code, amount_pence, reference, end_to_end_id, account_version)
      SELECT gen_random_uuid(), run_id, 'LINCS', 1, 'X', 'X', 1 FROM payment WHERE id = '${payment}'`;
    await fails(another, /not the sum of its claims/);
    await fails(
      `INSERT INTO payment_claim SELECT '${payment}', id, authority_code, approved_pence FROM claim WHERE id = '${approved.id}'`,
      /not funded in full/,
    );
    await fails(
      `ALTER TABLE payment DISABLE TRIGGER payment_adds_up;
       INSERT INTO payment SELECT gen_random_uuid(), run_id, 'LINCS', 1, 'X', 'X', 1 FROM payment WHERE id = '${payment}';
       INSERT INTO payment_claim SELECT p.id, '${claim!.id}', 'BRENT', 1 FROM payment p WHERE reference = 'X'`,
      /violates (foreign key|unique)|payment_claim_once/,
    );
    await fails(`UPDATE payment SET amount_pence = 1 WHERE id = '${payment}'`, /append-only/);
    await fails(`DELETE FROM payment WHERE id = '${payment}'`, /append-only/);
    await fails(
      `UPDATE payment_run SET state = 'approved', approved_by = prepared_by, approved_at = prepared_at, file_key = 'k',
         file_sha256 = repeat('0', 64), file_size = 1 WHERE id = '${run.id}'`,
      /payment_run_approved_by_other/,
    );
    await fails(`UPDATE payment_run SET state = 'approved' WHERE id = '${run.id}'`, /payment_run_approval_whole/);
  });
});
