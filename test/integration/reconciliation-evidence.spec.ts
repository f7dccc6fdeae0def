import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { brokenInvariants } from '../support/invariants.js';
import { MTM } from '../support/people.js';
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

describe('lines that together show a receipt', () => {
  it('confirm no other receipt than the one they show: a part taken away takes the confirmation with it', async () => {
    const [asked, came] = [await bank.recorded(70_001, 'DFE NEVER'), await bank.recorded(70_000, 'DFE CAME')];
    const first = await bank.statement({ amountPence: 70_000 });
    const second = await bank.statement({ amountPence: 1 });
    await bank.do('match', first.id, first.lines[0]!.id, { receiptIds: [asked.id] });
    await bank.do('match', second.id, second.lines[0]!.id, { receiptIds: [asked.id] });
    await bank.do('unmatch', first.id, first.lines[0]!.id, { reason: 'It is another receipt' });
    await bank.do('match', first.id, first.lines[0]!.id, { receiptIds: [came.id] });
    expect([(await bank.receipt(asked.id)).state, (await bank.receipt(came.id)).state]).toEqual([
      'reversed',
      'confirmed',
    ]);
    expect((await bank.lines(second.id))[0]).toMatchObject({ matchedPence: 0, matches: [] });
    await bank.do('unmatch', first.id, first.lines[0]!.id, { reason: 'To go on with the other tests' });
    await bank.closeAll({ rest: 'suspense' });
  });

  it('stay where a closed statement shows a part', async () => {
    const { id } = await bank.recorded(900, 'DFE PARTS 2');
    const first = await bank.statement({ amountPence: 500 });
    await bank.do('match', first.id, first.lines[0]!.id, { receiptIds: [id] });
    await bank.closeAll();
    const second = await bank.statement({ amountPence: 400 });
    await bank.do('match', second.id, second.lines[0]!.id, { receiptIds: [id] });
    const undone = await bank.try('unmatch', second.id, second.lines[0]!.id, { reason: 'Not the funder’s' });
    expect(refusal(undone)).toEqual([409, 'receipt_shown_elsewhere']);
    await bank.closeAll();
  });
});

describe('a line', () => {
  it('shows one thing once: more of it is refused in words, and matched once the first is undone', async () => {
    const [payment] = await bank.scheduled(['BRENT', 500]);
    const { id, lines } = await bank.statement({ amountPence: -300 });
    const lineId = lines[0]!.id;
    const part = (amountPence: number) => ({
      paymentIds: [payment!.id],
      amounts: [{ id: payment!.id, amountPence }],
    });
    await bank.do('match', id, lineId, part(100));
    const again = await bank.try('match', id, lineId, part(200));
    expect(refusal(again)).toEqual([409, 'line_matched']);
    expect(again.body.detail).toContain('Undo that match');
    const charged = await bank.do('match', id, lineId, { account: 'expenses:bank charges' });
    const first = charged.matches.find(({ kind }) => kind === 'payment')!;
    await bank.do('unmatch', id, lineId, { reason: 'More of it', matchIds: [first.id] });
    expect(refusal(await bank.try('match', id, lineId, { account: 'expenses:bank charges' }))).toEqual([
      409,
      'line_matched',
    ]);
    await bank.do('unmatch', id, lineId, { reason: 'All of it' });
    const line = await bank.do('match', id, lineId, part(300));
    expect(line.matches.map(({ kind, amountPence }) => [kind, amountPence])).toEqual([['payment', -300]]);
  });
});

describe('what the bank takes for a payment', () => {
  it('is no part of it, though it names it, whichever comes first', async () => {
    const [payment] = await bank.scheduled(['BRISTOL', 5_000]);
    const { lines, matchedCount } = await bank.statement(
      { amountPence: -1_500, remittance: `Fee for ${payment!.reference}` },
      { amountPence: -5_000, endToEndId: payment!.endToEndId },
    );
    expect([matchedCount, lines.map(({ matches }) => matches.length)]).toEqual([1, [0, 1]]);
    expect(await bank.stateOf(payment!)).toEqual(['settled', 'paid']);
  });

  it('is told by the bank’s code, also when it comes days before', async () => {
    const [payment] = await bank.scheduled(['BRISTOL', 5_100]);
    const fee = await bank.statement({ amountPence: -1_500, endToEndId: payment!.endToEndId, code: 'NCHG' });
    expect([fee.matchedCount, fee.lines[0]!.suggestions[0]]).toMatchObject([0, { id: 'expenses:bank charges' }]);
    expect(await bank.stateOf(payment!)).toEqual(['scheduled', 'scheduled']);
    await bank.statement({ amountPence: -5_100, endToEndId: payment!.endToEndId });
    expect(await bank.stateOf(payment!)).toEqual(['settled', 'paid']);
    await bank.closeAll({ rest: 'suspense' });
  });
});

describe('a return that was none', () => {
  it('leaves the claims as its payment’s closed statement had left them: reconciled', async () => {
    const [payment] = await bank.scheduled(['LINCS', 620]);
    await bank.statement({ amountPence: -620, endToEndId: payment!.endToEndId });
    await bank.closeAll({ rest: 'suspense' });
    expect(await bank.stateOf(payment!)).toEqual(['settled', 'reconciled']);
    const back = await bank.statement({ amountPence: 620, endToEndId: payment!.endToEndId });
    expect(await bank.stateOf(payment!)).toEqual(['bounced', 'funded']);
    await bank.do('unmatch', back.id, back.lines[0]!.id, { reason: 'It was the funder’s' });
    expect(await bank.stateOf(payment!)).toEqual(['settled', 'reconciled']);
    await bank.closeAll({ rest: 'suspense' });
  });

  it('leaves them paid while that statement is open', async () => {
    const [payment] = await bank.scheduled(['LINCS', 630]);
    await bank.statement({ amountPence: -630, endToEndId: payment!.endToEndId });
    const back = await bank.statement({ amountPence: 630, endToEndId: payment!.endToEndId });
    await bank.do('unmatch', back.id, back.lines[0]!.id, { reason: 'It was the funder’s' });
    expect(await bank.stateOf(payment!)).toEqual(['settled', 'paid']);
    await bank.closeAll({ rest: 'suspense' });
    expect(await bank.stateOf(payment!)).toEqual(['settled', 'reconciled']);
  });
});

describe('a refused payment that the bank makes after all', () => {
  const refuse = async (id: string) =>
    expect((await service.post(MTM.finance, `/payments/${id}/refuse`, { reason: 'AC04' })).status).toBe(200);

  it('holds its claims, so that nobody pays them twice before the bank was asked', async () => {
    const [payment] = await bank.scheduled(['LEICS', 740]);
    await refuse(payment!.id);
    const { lines } = await bank.statement({ amountPence: -740, remittance: `To LEICS ${payment!.reference}` });
    expect(lines[0]!.matches).toEqual([]);
    const again = () => service.post(MTM.finance, '/payment-runs', { claimIds: payment!.claimIds });
    const refused = await again();
    expect([refused.status, refused.text]).toEqual([422, expect.stringContaining('on hold')]);
    const [claim] = payment!.claimIds;
    const timeline = await service.get(MTM.auditor, `/claims/${claim}/timeline`);
    expect(timeline.text).toContain(`Payment ${payment!.reference} was refused, and a bank statement shows it`);
    expect((await service.post(MTM.finance2, `/claims/${claim}/release`, { reason: 'It came back' })).status).toBe(200);
    expect((await again()).status).toBe(201);
  });

  it('keeps a run from being approved that had taken its claims before', async () => {
    const [payment] = await bank.scheduled(['NORFOLK', 750]);
    await refuse(payment!.id);
    service.clock.set('2018-04-03T09:10:00.000Z');
    const prepare = () => service.post<{ id: string }>(MTM.finance, '/payment-runs', { claimIds: payment!.claimIds });
    const { body: run } = await prepare();
    // The loading began before the run was prepared, and waited for it.
    service.clock.set('2018-04-03T09:05:00.000Z');
    await bank.statement({ amountPence: -750, endToEndId: payment!.endToEndId });
    const approve = (id: string) => service.post(MTM.approver2, `/payment-runs/${id}/approve`);
    expect(refusal((await approve(run.id)) as never)).toEqual([409, 'refused_payment_shown']);
    service.clock.set('2018-04-03T09:20:00.000Z');
    const cancelled = await service.post(MTM.finance, `/payment-runs/${run.id}/cancel`, { reason: 'Paid after all' });
    expect(cancelled.status).toBe(200);
    // Who has read that, and has asked the bank, prepares it again.
    const { body: later } = await prepare();
    expect((await approve(later.id)).status).toBe(200);
    await bank.closeAll({ rest: 'suspense' });
  });
});
