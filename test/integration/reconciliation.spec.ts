import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { brokenInvariants } from '../support/invariants.js';
import { finance, MTM } from '../support/people.js';
import { Service } from '../support/service.js';
import { refusal } from './claims-support.js';
import { Bank } from './reconciliation-support.js';

let service: Service;
let bank: Bank;
beforeAll(async () => {
  service = await Service.start();
  bank = new Bank(service);
});
afterAll(() => service?.stop());
afterEach(async () => {
  expect(await brokenInvariants(service.admin)).toEqual({});
  expect(await bank.unexplained()).toBe(0);
});

const balance = async (account: string): Promise<number> => {
  const { body } = await service.get<{ accounts: { account: string; balancePence: number }[] }>(
    MTM.auditor,
    '/ledger/trial-balance',
  );
  return body.accounts.find((one) => one.account === account)?.balancePence ?? 0;
};

describe('a statement that shows what was asked', () => {
  it('confirms the receipt, settles the payments, and when it is closed reconciles the claims', async () => {
    const [brent, lincs] = await bank.scheduled(['BRENT', 400], ['LINCS', 300]);
    const payable = await balance('liabilities:payable:BRENT');
    const { id, matchedCount, lines } = await bank.statement(
      { amountPence: -400, endToEndId: brent!.endToEndId },
      { amountPence: -300, remittance: `/ROC/${lincs!.reference}/x` },
    );
    expect(matchedCount).toBe(2);
    expect(lines.map(({ state, matches }) => [state, matches[0]!.kind, matches[0]!.how, matches[0]!.targetId])).toEqual(
      [
        ['matched', 'payment', 'exact', brent!.id],
        ['matched', 'payment', 'exact', lincs!.id],
      ],
    );
    expect([await bank.stateOf(brent!), await bank.stateOf(lincs!)]).toEqual([
      ['settled', 'paid'],
      ['settled', 'paid'],
    ]);
    expect(await balance('liabilities:payable:BRENT')).toBe(payable + 400);
    expect(await bank.report(id)).toMatchObject({
      differencePence: 0,
      differences: [{ code: 'earlier_statement_open' }],
    });
    expect(refusal(await bank.tryClose(id))).toEqual([422, 'statement_differs', 'earlier_statement_open']);
    await bank.closeAll();
    const report = await bank.report(id);
    expect(report).toMatchObject({ differences: [], differencePence: 0, state: 'closed' });
    expect(report.booksNowPence).toBe(report.closingPence);
    expect(await bank.stateOf(brent!)).toEqual(['settled', 'reconciled']);
    expect(refusal(await bank.tryClose(id))).toEqual([409, 'state_conflict']);
    expect(refusal(await bank.try('unmatch', id, lines[0]!.id, { reason: 'Late' }))).toEqual([409, 'statement_closed']);
  });

  it('is seen by the authority that was paid, and by no other', async () => {
    const [payment] = await bank.scheduled(['BRENT', 120]);
    await bank.statement({ amountPence: -120, endToEndId: payment!.endToEndId });
    expect(await bank.payment(payment!.id, finance('BRENT'))).toMatchObject({ state: 'settled', amountPence: 120 });
    expect(await bank.payment(payment!.id, finance('LINCS'))).toMatchObject({ status: 404 });
    const own = await service.get<{ items: { id: string; authority: string }[] }>(
      finance('BRENT'),
      '/payments?state=settled',
    );
    expect(new Set(own.body.items.map(({ authority }) => authority))).toEqual(new Set(['BRENT']));
    expect(own.body.items[0]!.id).toBe(payment!.id);
    expect((await service.get(finance('LINCS'), `/payments?state=settled&authority=BRENT`)).body).toMatchObject({
      items: [],
    });
  });
});

describe('parts and several at once', () => {
  it('settles a payment when its lines make it up; until then they lie in suspense', async () => {
    const [payment] = await bank.scheduled(['BRENT', 500]);
    const suspense = await balance('liabilities:suspense');
    const first = await bank.statement({ amountPence: -200, endToEndId: payment!.endToEndId });
    expect([first.matchedCount, await bank.stateOf(payment!)]).toEqual([1, ['scheduled', 'scheduled']]);
    expect(await balance('liabilities:suspense')).toBe(suspense + 200);
    const rest = await bank.statement({ amountPence: -300, remittance: payment!.reference });
    expect(await bank.stateOf(payment!)).toEqual(['settled', 'paid']);
    expect(await balance('liabilities:suspense')).toBe(suspense);
    await bank.do('unmatch', first.id, first.lines[0]!.id, { reason: 'Not this one' });
    expect(await bank.stateOf(payment!)).toEqual(['scheduled', 'scheduled']);
    expect(await balance('liabilities:suspense')).toBe(suspense + 300);
    const [line] = await bank.lines(first.id);
    expect(line!.suggestions[0]).toMatchObject({ kind: 'payment', id: payment!.id });
    const matched = await bank.do('match', first.id, line!.id, { paymentIds: [payment!.id] });
    expect(matched).toMatchObject({
      state: 'matched',
      matches: [{ kind: 'payment', how: 'suggestion', amountPence: -200 }],
    });
    expect(await bank.stateOf(payment!)).toEqual(['settled', 'paid']);
    await bank.closeAll();
    expect((await bank.report(rest.id)).booksNowPence).toBe((await bank.report(rest.id)).closingPence);
  });

  it('takes one line for several payments, by hand or where it names them all', async () => {
    const payments = await bank.scheduled(['BRENT', 110], ['LINCS', 130], ['NORFOLK', 150]);
    const [brent, lincs, norfolk] = payments;
    const both = await bank.statement({ amountPence: -240, remittance: `${brent!.reference} ${lincs!.reference}` });
    expect(both.lines[0]!.matches.map(({ amountPence }) => amountPence).sort()).toEqual([-110, -130]);
    expect(await bank.stateOf(lincs!)).toEqual(['settled', 'paid']);
    await bank.do('unmatch', both.id, both.lines[0]!.id, { reason: 'By hand, then' });
    expect(await bank.stateOf(lincs!)).toEqual(['scheduled', 'scheduled']);
    const more = { paymentIds: payments.map(({ id }) => id) };
    expect(refusal(await bank.try('match', both.id, both.lines[0]!.id, more))).toEqual([
      422,
      'match_does_not_fit',
      'match_exceeds_line',
    ]);
    const amounts = [{ id: norfolk!.id, amountPence: 100 }];
    const parts = { paymentIds: [brent!.id, norfolk!.id], amounts };
    expect(await bank.do('match', both.id, both.lines[0]!.id, parts)).toMatchObject({ matchedPence: -210 });
    expect([await bank.stateOf(brent!), await bank.stateOf(norfolk!)]).toEqual([
      ['settled', 'paid'],
      ['scheduled', 'scheduled'],
    ]);
    await bank.do('match', both.id, both.lines[0]!.id, { account: 'expenses:bank charges' });
    const last = await bank.statement(
      { amountPence: -130, endToEndId: lincs!.endToEndId },
      { amountPence: -50, endToEndId: norfolk!.endToEndId },
    );
    expect(last.matchedCount).toBe(2);
    expect(await bank.stateOf(norfolk!)).toEqual(['settled', 'paid']);
    await bank.closeAll();
  });

  it('leaves a line that is more than the payment, and suggests it', async () => {
    const [payment] = await bank.scheduled(['BRENT', 170]);
    const { id, matchedCount, lines } = await bank.statement(
      { amountPence: -175, endToEndId: payment!.endToEndId },
      {
        amountPence: -170,
        remittance: `${payment!.reference.slice(0, -3)}${payment!.reference.slice(-3).split('').reverse().join('')}`,
      },
    );
    expect(matchedCount).toBe(0);
    expect(lines[0]!.suggestions[0]).toMatchObject({ id: payment!.id });
    expect(lines[1]!.suggestions[0]).toMatchObject({ kind: 'payment', id: payment!.id });
    expect((await bank.lines(id, '?state=suggested')).length).toBe(2);
    expect(await bank.lines(id, '?state=unmatched')).toEqual([]);
    await bank.do('match', id, lines[0]!.id, { paymentIds: [payment!.id], account: 'expenses:bank charges' });
    expect(await bank.stateOf(payment!)).toEqual(['settled', 'paid']);
    await bank.do('match', id, lines[1]!.id, { account: 'liabilities:suspense' });
    await bank.closeAll();
  });
});

describe('money that comes back', () => {
  it('makes a settled payment bounced, its claims payable again, and tells the authority', async () => {
    const [payment] = await bank.scheduled(['BRENT', 610]);
    await bank.statement({ amountPence: -610, endToEndId: payment!.endToEndId });
    await bank.closeAll();
    expect(await bank.stateOf(payment!)).toEqual(['settled', 'reconciled']);
    const payable = await balance('liabilities:payable:BRENT');
    const back = await bank.statement({ amountPence: 610, endToEndId: payment!.endToEndId });
    expect(back.lines[0]!.matches).toMatchObject([{ kind: 'payment_return', how: 'exact' }]);
    expect(await bank.stateOf(payment!)).toEqual(['bounced', 'funded']);
    expect(await balance('liabilities:payable:BRENT')).toBe(payable - 610);
    const { rows } = await service.admin.query<{ letter: { subject: string } }>(
      `SELECT letter FROM delivery WHERE notice_key = $1`,
      [`payment.bounced:${payment!.id}:1`],
    );
    expect(rows[0]!.letter.subject).toContain(`Payment ${payment!.reference}`);
    await bank.do('unmatch', back.id, back.lines[0]!.id, { reason: 'It is another’s' });
    expect(await bank.stateOf(payment!)).toEqual(['settled', 'reconciled']);
    await bank.do('match', back.id, back.lines[0]!.id, { paymentIds: [payment!.id] });
    const [again] = await bank.run(payment!.claimIds);
    expect(again!.endToEndId).not.toBe(payment!.endToEndId);
    expect(again!.reference).not.toBe(payment!.reference);
    expect(refusal(await bank.try('unmatch', back.id, back.lines[0]!.id, { reason: 'Too late' }))).toEqual([
      409,
      'payment_paid_again',
    ]);
    await bank.statement({ amountPence: -610, remittance: again!.reference });
    await bank.closeAll();
    expect([await bank.stateOf(again!), (await bank.payment(payment!.id)).state]).toEqual([
      ['settled', 'reconciled'],
      'bounced',
    ]);
  });

  it('waits in suspense while only a part is back, and lets nobody undo the payment meanwhile', async () => {
    const [payment] = await bank.scheduled(['LINCS', 220]);
    const out = await bank.statement({ amountPence: -220, endToEndId: payment!.endToEndId });
    const back = await bank.statement(
      { amountPence: 20, remittance: `RTN ${payment!.reference}` },
      { amountPence: 200 },
    );
    expect(back.matchedCount).toBe(0);
    await bank.do('match', back.id, back.lines[0]!.id, { paymentIds: [payment!.id] });
    expect(await bank.stateOf(payment!)).toEqual(['settled', 'paid']);
    expect(refusal(await bank.try('unmatch', out.id, out.lines[0]!.id, { reason: 'x' }))).toEqual([
      409,
      'payment_returned',
    ]);
    await bank.do('match', back.id, back.lines[1]!.id, { paymentIds: [payment!.id] });
    expect(await bank.stateOf(payment!)).toEqual(['bounced', 'funded']);
    await bank.do('unmatch', back.id, back.lines[0]!.id, { reason: 'The first part was not ours' });
    expect(await bank.stateOf(payment!)).toEqual(['settled', 'paid']);
    await bank.do('match', back.id, back.lines[0]!.id, { account: 'liabilities:suspense' });
    await bank.closeAll();
  });
});

describe('a payment that the bank refuses', () => {
  it('gives its claims back, once; what a line shows of it cannot be refused', async () => {
    const [brent, lincs] = await bank.scheduled(['BRENT', 310], ['LINCS', 320]);
    const refuse = (id: string, by: string = MTM.finance, headers = {}) =>
      service.post<{ code: string }>(by, `/payments/${id}/refuse`, { reason: 'AC04' }, headers);
    expect((await refuse(brent!.id, finance('BRENT'))).body.code).toBe('role_not_allowed');
    expect((await refuse(brent!.id, finance('LINCS'))).status).toBe(404);
    const key = { 'idempotency-key': `refuse-${brent!.id}` };
    const answers = await Promise.all(Array.from({ length: 4 }, () => refuse(brent!.id, MTM.finance, key)));
    expect(answers.map(({ status }) => status).filter((status) => status !== 409)).not.toEqual([]);
    expect(await bank.stateOf(brent!)).toEqual(['refused', 'funded']);
    expect((await refuse(brent!.id)).body.code).toBe('state_conflict');
    expect(await bank.payment(brent!.id)).toMatchObject({ reason: 'AC04' });
    const part = await bank.statement({ amountPence: -20, endToEndId: lincs!.endToEndId });
    expect((await refuse(lincs!.id)).body.code).toBe('state_conflict');
    await bank.do('unmatch', part.id, part.lines[0]!.id, { reason: 'Another' });
    expect((await refuse(lincs!.id)).status).toBe(200);
    const late = await bank.statement({ amountPence: -310, endToEndId: brent!.endToEndId });
    expect(late.matchedCount).toBe(0);
    expect(refusal(await bank.try('match', late.id, late.lines[0]!.id, { paymentIds: [brent!.id] }))).toEqual([
      409,
      'state_conflict',
    ]);
    await bank.closeAll({ rest: 'suspense' });
    for (const id of brent!.claimIds) {
      expect((await service.post(MTM.finance, `/claims/${id}/release`, { reason: 'It came back' })).status).toBe(200);
    }
    await bank.run([...brent!.claimIds, ...lincs!.claimIds]);
  });

  it('is not refused, nor matched, before its run is approved', async () => {
    const claimIds = await bank.fundedClaims(['NORFOLK', 90]);
    const made = await service.post<{ id: string; payments: { id: string; endToEndId: string }[] }>(
      MTM.finance,
      '/payment-runs',
      {
        claimIds,
      },
    );
    const [payment] = made.body.payments;
    const refused = await service.post<{ code: string }>(MTM.finance, `/payments/${payment!.id}/refuse`, {
      reason: 'AC04',
    });
    expect(refused.body.code).toBe('run_not_approved');
    const early = await bank.statement({ amountPence: -90, endToEndId: payment!.endToEndId });
    expect(early.matchedCount).toBe(0);
    expect(refusal(await bank.try('match', early.id, early.lines[0]!.id, { paymentIds: [payment!.id] }))).toEqual([
      409,
      'run_not_approved',
    ]);
    expect((await service.post(MTM.finance, `/payment-runs/${made.body.id}/cancel`, { reason: 'Wrong' })).status).toBe(
      200,
    );
    expect((await bank.payment(payment!.id)).state).toBe('cancelled');
    await bank.do('match', early.id, early.lines[0]!.id, { account: 'liabilities:suspense' });
  });
});
