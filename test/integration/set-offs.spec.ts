import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { systemActor, UnitOfWork } from '#platform/database';
import { recoveredMoney } from '#claims';
import { brokenInvariants } from '../support/invariants.js';
import { needing } from '../support/programs.js';
import { expectRefused } from '../support/refused-by-database.js';
import { Service } from '../support/service.js';
import { Adjustments, type Adjustment, type Run } from './adjustments-support.js';
import { finance, MTM, refusal, type Claim } from './claims-support.js';

let service: Service;
let adjustments: Adjustments;
beforeAll(async () => {
  service = await Service.start();
  adjustments = new Adjustments(service);
});
afterAll(() => service?.stop());
afterEach(async () => {
  expect(await brokenInvariants(service.admin)).toEqual({});
});

const statesOf = (claims: readonly Claim[]) => adjustments.funding.states(claims.map(({ id }) => id));
const recovered = () =>
  service.app.get(UnitOfWork).read(systemActor, async (tx) => (await recoveredMoney(tx, 'EIP2')).recoveredPence);
const where = async (...given: Adjustment[]) =>
  Promise.all(
    given.map(async ({ id }) => {
      const { state, balancePence, recoveredPence } = await adjustments.read(id);
      return [state, balancePence, recoveredPence];
    }),
  );
const pain001 = (run: Run) => service.get(MTM.finance, `/payment-runs/${run.id}/pain001`);

/** An authority that owes for claims paid before: each so many pence, in the order they were approved. */
async function owing(authority: string, ...amounts: number[]): Promise<Adjustment[]> {
  const paid = await adjustments.funded(authority, ...amounts.map((pence) => pence + 100));
  await adjustments.bankPaid(await adjustments.paidRun(paid));
  const made: Adjustment[] = [];
  for (const [at, claim] of paid.entries()) made.push(await adjustments.takenBack(claim, amounts[at]!));
  return made;
}

describe('what is set off in a payment run', () => {
  it('is the oldest first and never more than is due; it is back once the payment is settled', async () => {
    const [first, second] = await owing('BRENT', 300, 900);
    const due = await adjustments.funded('BRENT', 400, 350);
    const other = await adjustments.funded('LINCS', 1_000);
    const ids = [...due, ...other].map(({ id }) => id);
    const preview = await service.post<Run>(MTM.finance, '/payment-runs/preview', { claimIds: ids });
    const run = await adjustments.prepared([...due, ...other]);
    expect(run.payments).toMatchObject([
      { authority: 'BRENT', amountPence: 0, adjustmentIds: [first!.id, second!.id], remittanceNumber: null },
      { authority: 'LINCS', amountPence: 1_000, adjustmentIds: [] },
    ]);
    expect(run.totalPence).toBe(1_000);
    expect(preview.body).toMatchObject({
      totalPence: 1_000,
      payments: run.payments.map(({ authority, amountPence, claimIds, adjustmentIds }) => ({
        ...{ authority, amountPence, claimIds, adjustmentIds },
      })),
    });
    expect(await where(first!, second!)).toEqual([
      ['approved', 0, 0],
      ['approved', 450, 0],
    ]);
    const before = await recovered();
    const approved = await adjustments.endRun(run.id, 'approve');
    expect(approved.payments.map(({ remittanceNumber }) => remittanceNumber)).toEqual([
      expect.stringMatching(/^EIP2-BRENT-RA-\d{4}$/),
      null,
    ]);
    // Brent's claims are wholly set off: the bank is not asked, and nothing of them will be on a statement.
    expect(await statesOf([...due, ...other])).toEqual(['reconciled', 'reconciled', 'scheduled']);
    expect(await where(first!, second!)).toEqual([
      ['set_off', 0, 300],
      ['approved', 450, 450],
    ]);
    expect(await recovered()).toBe(before + 750);
    const { text } = await pain001(approved);
    expect(text).toContain('<NbOfTxs>1</NbOfTxs>');
    expect(text).toContain('<CtrlSum>10.00</CtrlSum>');
    expect(text).not.toContain(run.payments[0]!.endToEndId);
    await adjustments.bankPaid(approved);
    expect(await statesOf(other)).toEqual(['paid']);
    const rest = await adjustments.funded('BRENT', 1_000);
    const next = await adjustments.paidRun(rest);
    expect(next.payments).toMatchObject([{ amountPence: 550, adjustmentIds: [second!.id] }]);
    expect(await where(second!)).toEqual([['approved', 0, 450]]);
    await adjustments.bankPaid(next);
    expect(await where(second!)).toEqual([['set_off', 0, 900]]);
    expect(await recovered()).toBe(before + 1_200);
    const shown = await adjustments.read(second!.id, finance('BRENT'));
    expect(shown.setOffs).toEqual([
      { paymentId: run.payments[0]!.id, reference: run.payments[0]!.reference, pence: 450, state: 'settled' },
      { paymentId: next.payments[0]!.id, reference: next.payments[0]!.reference, pence: 450, state: 'settled' },
    ]);
  });

  it('takes what was approved of a claim that is paid in the same run', async () => {
    const [claim] = await adjustments.funded('BRISTOL', 2_000);
    const adjustment = await adjustments.takenBack(claim!, 700);
    const run = await adjustments.paidRun([claim!]);
    expect(run.payments).toMatchObject([{ amountPence: 1_300, adjustmentIds: [adjustment.id] }]);
    await adjustments.bankPaid(run);
    expect(await where(adjustment)).toEqual([['set_off', 0, 700]]);
  });

  it('makes a run without a bank file where nothing is left to pay', async () => {
    const [owed] = await owing('SUFFOLK', 600);
    const due = await adjustments.funded('SUFFOLK', 600);
    const run = await adjustments.paidRun(due);
    expect(run).toMatchObject({ state: 'approved', totalPence: 0, fileSha256: null });
    expect(refusal(await pain001(run))).toEqual([404, 'no_bank_file']);
    expect(await statesOf(due)).toEqual(['reconciled']);
    expect(await where(owed!)).toEqual([['set_off', 0, 600]]);
  });

  it('is locked before the trail by the approval that settles it', async () => {
    const [owed] = await owing('LEICS', 600);
    const run = await adjustments.prepared(await adjustments.funded('LEICS', 600));
    const { admin } = service;
    await admin.query('BEGIN');
    await admin.query('SELECT 1 FROM adjustment WHERE id = $1 FOR UPDATE', [owed!.id]);
    const approved = adjustments.endRun(run.id, 'approve');
    for (let waits = 0; waits === 0;) {
      const { rows } = await admin.query(
        `SELECT count(*)::int AS waits FROM pg_locks l JOIN pg_stat_activity a USING (pid) WHERE NOT l.granted AND a.datname = current_database()`,
      );
      waits = (rows as [{ waits: number }])[0].waits;
    }
    const free = await admin.query(`SELECT FROM audit_head WHERE chain = 'LEICS' FOR UPDATE SKIP LOCKED`);
    await admin.query('COMMIT');
    expect(free.rowCount).toBe(1);
    expect((await approved).state).toBe('approved');
    expect(await where(owed!)).toEqual([['set_off', 0, 600]]);
  });

  it('comes back when the run is cancelled: the adjustment is owed again, and set off in the next', async () => {
    const [owed] = await owing('NORFOLK', 500);
    const due = await adjustments.funded('NORFOLK', 800);
    const run = await adjustments.prepared(due);
    expect(await where(owed!)).toEqual([['approved', 0, 0]]);
    await adjustments.endRun(run.id, 'cancel');
    expect(await where(owed!)).toEqual([['approved', 500, 0]]);
    const next = await adjustments.paidRun(due);
    expect(next.payments).toMatchObject([{ amountPence: 300, adjustmentIds: [owed!.id] }]);
    await adjustments.bankPaid(next);
    expect(await where(owed!)).toEqual([['set_off', 0, 500]]);
    expect((await adjustments.read(owed!.id)).setOffs.map(({ state }) => state)).toEqual(['freed', 'settled']);
  });

  it('comes back when the payment bounces, and what was recovered falls again', async () => {
    const [owed] = await owing('WAKEFIELD', 500);
    const due = await adjustments.funded('WAKEFIELD', 800);
    const run = await adjustments.paidRun(due);
    await adjustments.bankPaid(run);
    expect(await where(owed!)).toEqual([['set_off', 0, 500]]);
    const before = await recovered();
    await adjustments.bankReturned(run.payments[0]!);
    expect(await statesOf(due)).toEqual(['funded']);
    expect(await where(owed!)).toEqual([['approved', 500, 0]]);
    expect(await recovered()).toBe(before - 500);
    const again = await adjustments.paidRun(due);
    expect(again.payments).toMatchObject([{ amountPence: 300, adjustmentIds: [owed!.id] }]);
    await adjustments.bankPaid(again);
    expect(await where(owed!)).toEqual([['set_off', 0, 500]]);
  });

  it('is taken by one of many runs at once', async () => {
    const [owed] = await owing('WSUSSEX', 500);
    const claims = await adjustments.funded('WSUSSEX', 400, 400, 400);
    const replies = await Promise.all(claims.map(({ id }) => adjustments.tryPrepare({ claimIds: [id] })));
    expect(replies.map(({ status }) => status)).toEqual([201, 201, 201]);
    const amounts = replies.map(({ body }) => body.payments[0]!.amountPence).sort((a, b) => a - b);
    expect(amounts).toEqual([0, 300, 400]);
    expect(await where(owed!)).toEqual([['approved', 0, 0]]);
    const ends = await Promise.all([
      adjustments.endRun(replies[0]!.body.id, 'approve'),
      adjustments.endRun(replies[1]!.body.id, 'cancel'),
    ]);
    expect(ends.map(({ state }) => state)).toEqual(['approved', 'cancelled']);
    await adjustments.endRun(replies[2]!.body.id, 'cancel');
  });

  it('is not of another programme or authority, nor of a proposal', async () => {
    const [claim] = await adjustments.funded('TOWERHAM', 2_000);
    const line = claim!.trainerInvoices[0]!.lines.find(({ kind }) => kind === 'travel')!;
    const proposed = await adjustments.proposed(claim!.id, [{ lineId: line.id, netPence: line.netPence - 200 }]);
    await owing('LINCS', 100);
    const run = await adjustments.prepared([claim!]);
    expect(run.payments).toMatchObject([{ amountPence: 2_000, adjustmentIds: [] }]);
    expect((await adjustments.tryApprove(proposed.id)).status).toBe(200);
    await adjustments.endRun(run.id, 'cancel');
  });
});

needing('xmllint')('by xmllint and the schema of ISO 20022', () => {
  it('a bank file with amounts after set-offs, and without what is wholly set off, is a valid pain.001.001.09', async () => {
    await owing('BRENT', 250);
    await owing('LINCS', 9_000);
    const due = [...(await adjustments.funded('BRENT', 1_000)), ...(await adjustments.funded('LINCS', 700))];
    const run = await adjustments.paidRun(due);
    expect(run.payments.map(({ amountPence }) => amountPence)).toEqual([750, 0]);
    const schema = fileURLToPath(new URL('../fixtures/iso20022/pain.001.001.09.xsd', import.meta.url));
    const { text } = await pain001(run);
    expect(text).toContain('<InstdAmt Ccy="GBP">7.50</InstdAmt>');
    execFileSync('xmllint', ['--nonet', '--noout', '--schema', schema, '-'], { input: text, stdio: 'pipe' });
    await adjustments.bankPaid(run);
  });
});

describe('the database itself', () => {
  it('refuses set-offs that do not add up', async () => {
    const [owed] = await owing('BRISTOL', 400);
    const [due] = await adjustments.funded('BRISTOL', 500);
    const run = await adjustments.prepared([due!]);
    const [payment] = run.payments;
    const fails = (sql: string, why: RegExp) => expectRefused(service.admin, sql, why);
    const one = `adjustment_id = '${owed!.id}' AND payment_id = '${payment!.id}'`;
    await fails(`UPDATE adjustment_set_off SET pence = 1 WHERE ${one}`, /append-only/);
    await fails(`DELETE FROM adjustment_set_off WHERE ${one}`, /append-only/);
    await fails(`UPDATE adjustment_set_off SET settled = true WHERE ${one}`, /not recovered by what its columns say/);
    await fails(`UPDATE adjustment_set_off SET live = false WHERE ${one}`, /not recovered by what its columns say/);
    await fails(`UPDATE adjustment_set_off SET live = false, settled = true WHERE ${one}`, /set_off_live_settles/);
    const { rows } = await service.admin.query<{ id: string }>(
      `SELECT id FROM adjustment WHERE authority_code = 'BRISTOL' AND id <> $1 LIMIT 1`,
      [owed!.id],
    );
    const insert = (adjustment: string, authority: string) =>
      `INSERT INTO adjustment_set_off VALUES ('${adjustment}', '${payment!.id}', '${authority}', 'P', 1, false, false)`;
    await fails(insert(rows[0]!.id, 'BRISTOL'), /less what is set off/);
    await fails(insert(rows[0]!.id, 'LINCS'), /foreign key/);
    await fails(`UPDATE payment SET amount_pence = amount_pence WHERE id = '${payment!.id}'`, /append-only/);
    await adjustments.endRun(run.id, 'cancel');
  });
});
