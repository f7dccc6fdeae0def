import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { v7 as uuid } from 'uuid';
import { changeState } from '#claims';
import { ConfirmReceipt, ReverseReceipt } from '#funding';
import { systemActor, UnitOfWork } from '#platform/database';
import { Service } from '../support/service.js';
import { finance, manager, MTM, refusal } from './claims-support.js';
import { brokenInvariants, CLAIM_INVARIANTS } from '../support/invariants.js';
import { brokenFunding, Funding, type Receipt } from './funding-support.js';

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

/** Which receipts paid for a claim, as amounts. */
async function slices(claimId: string): Promise<{ receipt: string; pence: number }[]> {
  const { rows } = await service.admin.query<{ receipt: string; pence: string }>(
    'SELECT receipt_id AS receipt, pence FROM funding_slice WHERE claim_id = $1 AND ended_by IS NULL ORDER BY seq',
    [claimId],
  );
  return rows.map(({ receipt, pence }) => ({ receipt, pence: Number(pence) }));
}

const schedule = (ids: readonly string[]) =>
  service.app.get(UnitOfWork).run(systemActor, (tx) => changeState(tx, ids, 'schedule'));

describe('confirming a receipt', () => {
  it('gives worked example 11: none overtakes, and two receipts pay for one claim', async () => {
    const [a, b, c] = (await funding.queue(100_000, 50_000, 20_000)) as [string, string, string];
    const foreseen = await funding.preview(120_000);
    expect(await funding.states([a, b, c])).toEqual(['approved', 'approved', 'approved']);
    const first = await funding.received(120_000);
    expect(first).toMatchObject({ state: 'confirmed', fundedClaimIds: [a], unallocatedPence: 20_000 });
    expect([foreseen.fundedClaimIds, foreseen.unallocatedPence]).toEqual([[a], 20_000]);
    expect(await funding.states([a, b, c])).toEqual(['funded', 'approved', 'approved']);

    expect(await funding.preview(30_000)).toMatchObject({ fundedClaimIds: [b], unallocatedPence: 0 });
    const second = await funding.received(30_000);
    expect(second).toMatchObject({ fundedClaimIds: [b], unallocatedPence: 0 });
    expect(await slices(b)).toEqual([
      { receipt: first.id, pence: 20_000 },
      { receipt: second.id, pence: 30_000 },
    ]);
    expect(await funding.states([c])).toEqual(['approved']);
    const again = await service.get<Receipt>(MTM.auditor, `/funding-receipts/${first.id}`);
    expect(again.body).toMatchObject({ unallocatedPence: 0, fundedClaimIds: [a] });
  });

  it('is for another person than who recorded it', async () => {
    const { id } = await funding.recorded(500);
    expect(refusal(await funding.tryConfirm(id, MTM.finance))).toEqual([403, 'maker_cannot_confirm']);
    expect(refusal(await funding.tryConfirm(id, MTM.approver))).toEqual([403, 'role_not_allowed']);
    // The database refuses it as well.
    const forced = service.admin.query(
      `UPDATE funding_receipt SET state = 'confirmed', evidence = 'x', confirmed_by = recorded_by, confirmed_at = now() WHERE id = $1`,
      [id],
    );
    await expect(forced).rejects.toThrow('funding_receipt_confirmed_by_other');
    await funding.confirm(id);
  });

  it('or a line of a bank statement, which any of them may match; undoing the match reverses it', async () => {
    const [claim] = (await funding.queue(600)) as [string];
    const { id } = await funding.recorded(600);
    const { rows } = await service.admin.query<{ userId: string }>(
      'SELECT recorded_by AS "userId" FROM funding_receipt WHERE id = $1',
      [id],
    );
    const recorder = { ...systemActor, userId: rows[0]!.userId };
    const uow = service.app.get(UnitOfWork);
    const line = { lineId: uuid(), evidence: 'Line 3 of statement 7' };
    const match = () => uow.run(recorder, (tx) => service.app.get(ConfirmReceipt).confirmMatched(tx, id, line));
    await match();
    expect(await funding.states([claim])).toEqual(['funded']);
    await expect(match()).rejects.toMatchObject({ code: 'state_conflict' });
    await uow.run(recorder, (tx) => service.app.get(ReverseReceipt).reverseMatched(tx, id, 'Not this one'));
    expect(await funding.states([claim])).toEqual(['approved']);
  });

  it('happens once: a replay gives the first answer, another try is refused', async () => {
    const [claim] = (await funding.queue(700)) as [string];
    const { id } = await funding.recorded(700);
    const key = { 'idempotency-key': uuid() };
    const first = await funding.tryConfirm(id, MTM.finance2, key);
    const replay = await funding.tryConfirm(id, MTM.finance2, key);
    expect([replay.status, replay.text]).toEqual([200, first.text]);
    expect(replay.headers.get('idempotency-hit')).toBe('true');
    expect(refusal(await funding.tryConfirm(id))).toEqual([409, 'state_conflict']);
    expect(await slices(claim)).toEqual([{ receipt: id, pence: 700 }]);
  });

  it('funds each claim once however many receipts are confirmed at once', async () => {
    const ids = await funding.queue(...Array.from({ length: 12 }, (_, at) => 400 + at));
    const receipts: Receipt[] = [];
    for (let at = 0; at < 6; at++) receipts.push(await funding.recorded(900));
    const answers = await Promise.all(receipts.map(({ id }) => funding.tryConfirm(id)));
    expect(answers.map(({ status }) => status)).toEqual(receipts.map(() => 200));
    const funded = answers.flatMap(({ body }) => body.fundedClaimIds);
    expect(new Set(funded).size).toBe(funded.length);
    // 6 × 900 covers the first twelve's prefix whose sum is at most 5400, wherever the amounts were cut.
    expect(ids.filter((id) => funded.includes(id))).toEqual(ids.slice(0, funded.length));
    expect(funded).toHaveLength(12);
  });

  it('leaves a held claim out, and keeps what the queue does not need', async () => {
    const [held, next] = (await funding.queue(300, 200)) as [string, string];
    await funding.claims.step(MTM.finance, held, 'hold', { reason: 'A question' });
    const receipt = await funding.received(1000);
    expect(receipt).toMatchObject({ fundedClaimIds: [next], unallocatedPence: 800 });
    await funding.claims.step(MTM.finance, held, 'release');
    expect((await funding.received(1)).fundedClaimIds).toEqual([held]);
    expect(await slices(held)).toEqual([{ receipt: receipt.id, pence: 300 }]);
  });
});

describe('recording a receipt', () => {
  it('refuses the same money twice, whatever the bank did to the reference', async () => {
    const body = { amountPence: 4711, receivedOn: '2018-04-02', bankReference: 'DfE EIP2/77' };
    const first = await service.post<Receipt>(MTM.finance, '/funding-receipts', body);
    expect([first.status, first.body.state]).toEqual([201, 'recorded']);
    const same = { ...body, bankReference: 'DFE EIP2 77', receivedOn: '2018-04-03' };
    for (const path of ['/funding-receipts', '/funding-receipts/preview']) {
      expect(refusal(await service.post(MTM.finance2, path, same))).toEqual([409, 'duplicate_receipt']);
    }
    const both = await Promise.all(
      [1, 2].map(() => service.post(MTM.finance, '/funding-receipts', { ...body, amountPence: 9 })),
    );
    expect(both.map(({ status }) => status).sort()).toEqual([201, 409]);
    // One that was recorded by mistake is reversed, and then it can be recorded again.
    expect((await funding.reverse(first.body.id)).state).toBe('reversed');
    expect((await service.post(MTM.finance, '/funding-receipts', body)).status).toBe(201);
    expect(refusal(await funding.tryConfirm(first.body.id))).toEqual([409, 'state_conflict']);
  });

  it('refuses what cannot be', async () => {
    const body = { amountPence: 1, receivedOn: '2018-04-04', bankReference: 'X' };
    expect(refusal(await service.post(MTM.finance, '/funding-receipts', body))).toEqual([422, 'received_in_future']);
    const nobodys = { ...body, receivedOn: '2018-04-03', fundingRequestId: uuid() };
    expect(refusal(await service.post(MTM.finance, '/funding-receipts', nobodys))).toEqual([404, 'not_found']);
    expect((await service.post(MTM.finance, '/funding-receipts', { ...body, amountPence: 0 })).status).toBe(400);
    expect((await service.post(MTM.auditor, '/funding-receipts', body)).status).toBe(403);
    const keyless = await service.call(MTM.finance, 'POST', '/funding-receipts', { body });
    expect(refusal(keyless)).toEqual([400, 'idempotency_key_missing']);
  });
});

describe('reversing a receipt', () => {
  it('lets its claims wait again, and frees what other receipts gave them', async () => {
    const [a, b] = (await funding.queue(1000, 600)) as [string, string];
    const first = await funding.received(1200);
    const second = await funding.received(400);
    expect(await funding.states([a, b])).toEqual(['funded', 'funded']);
    const reversed = await funding.reverse(first.id);
    expect(reversed).toMatchObject({ state: 'reversed', unallocatedPence: 0, fundedClaimIds: [] });
    expect(await funding.states([a, b])).toEqual(['approved', 'approved']);
    // The second's money stays with it until the next confirmation: it does not cover A, and B does not overtake.
    const left = await service.get<Receipt>(MTM.finance, `/funding-receipts/${second.id}`);
    expect(left.body).toMatchObject({ unallocatedPence: 400, fundedClaimIds: [] });
    expect((await funding.received(600)).fundedClaimIds).toEqual([a]);
    expect(await slices(a)).toHaveLength(2);
    expect(refusal(await funding.tryReverse(first.id))).toEqual([409, 'state_conflict']);
  });

  it('is refused while a claim it funds is on its way to be paid', async () => {
    const [a, b] = (await funding.queue(100, 100)) as [string, string];
    const receipt = await funding.received(200);
    await schedule([b]);
    expect(refusal(await funding.tryReverse(receipt.id))).toEqual([409, 'receipt_in_use']);
    expect(await funding.states([a, b])).toEqual(['funded', 'scheduled']);
    await service.app.get(UnitOfWork).run(systemActor, (tx) => changeState(tx, [b], 'unschedule'));
    await funding.reverse(receipt.id);
  });

  it('and scheduling one of its claims at once: one of the two happens', async () => {
    const [a] = (await funding.queue(100)) as [string];
    const receipt = await funding.received(100);
    const [reversed, scheduled] = await Promise.all([
      funding.tryReverse(receipt.id),
      schedule([a]).then(
        () => true,
        () => false,
      ),
    ]);
    expect([200, 409]).toContain(reversed.status);
    expect(reversed.status === 200).toBe(!scheduled);
    expect(await funding.states([a])).toEqual([scheduled ? 'scheduled' : 'approved']);
  });
});

describe('taking one claim’s funding back', () => {
  it('needs a reason and the right person, and lets it wait again', async () => {
    const [a, b] = (await funding.queue(100, 100)) as [string, string];
    const receipt = await funding.received(200);
    const path = `/claims/${a}/unfund`;
    expect((await service.post(MTM.finance, path, {})).status).toBe(400);
    expect(refusal(await service.post(MTM.approver, path, { reason: 'x' }))).toEqual([403, 'role_not_allowed']);
    expect(refusal(await service.post(finance('BRISTOL'), path, { reason: 'x' }))).toEqual([404, 'not_found']);
    const answer = await service.post(MTM.finance, path, { reason: 'Paid twice by DfE' });
    expect([answer.status, answer.body['state'], answer.body['id']]).toEqual([200, 'approved', a]);
    expect(await funding.states([a, b])).toEqual(['approved', 'funded']);
    expect(refusal(await service.post(MTM.finance, path, { reason: 'x' }))).toEqual([409, 'state_conflict']);
    const left = await service.get<Receipt>(MTM.finance, `/funding-receipts/${receipt.id}`);
    expect(left.body).toMatchObject({ unallocatedPence: 100, fundedClaimIds: [b] });
  });
});

describe('the database', () => {
  const insert = (values: unknown[]) =>
    service.admin.query(
      `INSERT INTO funding_slice (funded_by, place, seq, claim_id, authority_code, receipt_id, pence, at)
       VALUES ($1, $2, $3, $4, 'BRENT', $1, $5, now())`,
      values,
    );

  it('refuses more than a receipt has, part of a claim, a second funding, and money that is not confirmed', async () => {
    const [a, b, c] = (await funding.queue(100, 100, 100)) as [string, string, string];
    await funding.claims.step(MTM.finance, c, 'hold', { reason: 'x' });
    const receipt = await funding.received(250);
    expect(receipt.fundedClaimIds).toEqual([a, b]);
    await expect(insert([receipt.id, 9, 1, c, 100])).rejects.toThrow('funding_receipt_not_overdrawn');
    await expect(insert([receipt.id, 9, 1, c, 50])).rejects.toThrow('whole or not at all');
    await expect(insert([receipt.id, 9, 1, a, 100])).rejects.toThrow('funding_slice_live');
    const recorded = await funding.recorded(100);
    await expect(insert([recorded.id, 1, 1, c, 100])).rejects.toThrow('funding_receipt_only_confirmed_funds');
    const gone = service.admin
      .query(`UPDATE funding_receipt SET state = 'reversed', reversed_by = recorded_by, reversed_at = now(),
       reverse_reason = 'x' WHERE id = '${receipt.id}'`);
    await expect(gone).rejects.toThrow('funding_receipt_only_confirmed_funds');
    await expect(service.admin.query('DELETE FROM funding_slice')).rejects.toThrow('append-only');
  });

  it('lets nobody but its triggers write what a receipt has given', async () => {
    const { id } = await funding.recorded(100);
    for (const sql of [
      `UPDATE funding_receipt SET allocated_pence = 0 WHERE id = '${id}'`,
      `UPDATE funding_receipt SET amount_pence = 1 WHERE id = '${id}'`,
      `UPDATE funding_slice SET pence = 0`,
    ]) {
      const work = service.app.get(UnitOfWork).run(systemActor, (tx) => tx.execute(sql));
      await expect(work).rejects.toThrow('permission denied');
    }
  });
});

describe('an authority', () => {
  it('sees nothing of receipts and requests', async () => {
    await funding.queue(100);
    const receipt = await funding.received(100);
    for (const who of [finance('BRENT'), manager('BRENT')]) {
      expect((await service.get(who, `/funding-receipts/${receipt.id}`)).status).toBe(404);
      for (const path of ['/funding-receipts', '/funding-requests']) {
        expect(refusal(await service.get(who, path))).toEqual([403, 'role_not_allowed']);
      }
    }
  });
});

describe('all that was done', () => {
  it('is told by the trail, and breaks nothing of claims', async () => {
    const broken = await brokenInvariants(service.admin, CLAIM_INVARIANTS);
    expect(broken).toEqual({});
    expect((await service.get<{ ok: boolean }>(MTM.auditor, '/audit/verify')).body.ok).toBe(true);
  });
});
