import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { systemActor, UnitOfWork } from '#platform/database';
import { recordRepayment, recoveredMoney, undoRepayment } from '#claims';
import { brokenInvariants } from '../support/invariants.js';
import { Service } from '../support/service.js';
import { Adjustments, type Adjustment } from './adjustments-support.js';
import { finance, MTM, refusal, type Items } from './claims-support.js';

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

const recovered = () =>
  service.app.get(UnitOfWork).read(systemActor, async (tx) => (await recoveredMoney(tx, 'EIP2')).recoveredPence);

/** An adjustment of a funded claim that is in no run: so many pence are owed. */
async function owed(authority: string, pence: number): Promise<Adjustment> {
  const [claim] = await adjustments.funded(authority, pence + 100);
  return adjustments.takenBack(claim!, pence);
}

interface Line {
  at: string;
  match: (body: object) => Promise<{ status: number; body: unknown; text: string }>;
  unmatch: () => Promise<{ status: number; body: unknown; text: string }>;
}

/** A credit that nothing explains yet. */
async function credit(amountPence: number): Promise<Line> {
  const { id } = await adjustments.bankShows({ amountPence });
  const { body } = await service.get<Items<{ id: string }>>(MTM.auditor, `/bank-statements/${id}/lines`);
  const at = `/bank-statements/${id}/lines/${body.items[0]!.id}`;
  const post = (step: string, given: object) => service.post(MTM.finance, `${at}/${step}`, given);
  return {
    at,
    match: (given) => post('match', given),
    unmatch: () => post('unmatch', { reason: 'Another’s' }),
  };
}

const ok = ({ status, text }: { status: number; text: string }) =>
  expect([status, status === 200 ? '' : text]).toEqual([200, '']);

describe('a repayment', () => {
  it('is a matched credit; repaid in full the adjustment is over, undone it is owed again', async () => {
    const { id } = await owed('BRENT', 800);
    const before = await recovered();
    const [part, rest] = [await credit(300), await credit(500)];
    ok(await part.match({ adjustmentIds: [id] }));
    expect(await adjustments.read(id)).toMatchObject({ state: 'approved', balancePence: 500, recoveredPence: 300 });
    ok(await rest.match({ adjustmentIds: [id] }));
    const repaid = await adjustments.read(id, finance('BRENT'));
    expect(repaid).toMatchObject({ state: 'repaid', balancePence: 0, recoveredPence: 800 });
    expect(repaid.repayments.map(({ pence, undoneAt }) => [pence, undoneAt])).toEqual([
      [300, null],
      [500, null],
    ]);
    expect(await recovered()).toBe(before + 800);
    ok(await part.unmatch());
    expect(await adjustments.read(id)).toMatchObject({ state: 'approved', balancePence: 300, recoveredPence: 500 });
    expect(await recovered()).toBe(before + 500);
    ok(await part.match({ adjustmentIds: [id] }));
    expect(await adjustments.read(id)).toMatchObject({ state: 'repaid' });
  });

  it('is never more than is owed and in no payment', async () => {
    const { id } = await owed('BRISTOL', 400);
    const [due] = await adjustments.funded('BRISTOL', 250);
    const run = await adjustments.prepared([due!]);
    expect(run.payments).toMatchObject([{ amountPence: 0, adjustmentIds: [id] }]);
    const much = await credit(151);
    const answer = await much.match({ adjustmentIds: [id], amounts: [{ id, amountPence: 151 }] });
    expect(refusal(answer as never)[0]).toBe(422);
    const exact = await credit(150);
    ok(await exact.match({ adjustmentIds: [id] }));
    await adjustments.endRun(run.id, 'approve');
    // Some of it came as money.
    expect(await adjustments.read(id)).toMatchObject({ state: 'repaid', recoveredPence: 400 });
  });

  it('takes what a bounced payment gave back, which then cannot be restored', async () => {
    const { id } = await owed('LINCS', 600);
    const run = await adjustments.paidRun(await adjustments.funded('LINCS', 900));
    await adjustments.bankPaid(run);
    expect(await adjustments.read(id)).toMatchObject({ state: 'set_off' });
    const { id: statement } = await adjustments.bankShows({
      amountPence: 300,
      endToEndId: run.payments[0]!.endToEndId,
    });
    expect(await adjustments.read(id)).toMatchObject({ state: 'approved', balancePence: 600, recoveredPence: 0 });
    const { body } = await service.get<Items<{ id: string }>>(MTM.auditor, `/bank-statements/${statement}/lines`);
    const undo = () =>
      service.post(MTM.finance, `/bank-statements/${statement}/lines/${body.items[0]!.id}/unmatch`, {
        reason: 'Not ours',
      });
    const money = await credit(200);
    ok(await money.match({ adjustmentIds: [id] }));
    expect(refusal(await undo())).toEqual([409, 'adjustment_taken']);
    ok(await money.unmatch());
    ok(await undo());
    expect(await adjustments.read(id)).toMatchObject({ state: 'set_off', recoveredPence: 600 });
  });

  it('of many at once take no more than there is', async () => {
    const { id } = await owed('SUFFOLK', 500);
    const lines = [await credit(200), await credit(200), await credit(200)];
    const answers = await Promise.all(
      lines.map((line) => line.match({ adjustmentIds: [id], amounts: [{ id, amountPence: 200 }] })),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 200, 422]);
    expect(await adjustments.read(id)).toMatchObject({ state: 'approved', balancePence: 100, recoveredPence: 400 });
  });

  it('is refused of what is not owed, and undone only where there is one', async () => {
    const claim = await adjustments.funding.approved(700, 'NORFOLK');
    const line = claim.trainerInvoices[0]!.lines.find(({ kind }) => kind === 'travel')!;
    const { id } = await adjustments.proposed(claim.id, [{ lineId: line.id }]);
    const run = <T>(work: Parameters<UnitOfWork['run']>[1]) =>
      service.app.get(UnitOfWork).run(systemActor, work) as Promise<T>;
    const bank = (await credit(100)).at.split('/').at(-1)!;
    await expect(run((tx) => recordRepayment(tx, id, 100, bank))).rejects.toMatchObject({ code: 'state_conflict' });
    await expect(run((tx) => recordRepayment(tx, bank, 100, bank))).rejects.toMatchObject({ code: 'not_found' });
    await expect(run((tx) => undoRepayment(tx, id, bank))).rejects.toMatchObject({ code: 'not_found' });
    expect((await adjustments.tryApprove(id)).status).toBe(200);
    await expect(run((tx) => recordRepayment(tx, id, 651, bank))).rejects.toMatchObject({
      code: 'repayment_exceeds_balance',
    });
  });
});
