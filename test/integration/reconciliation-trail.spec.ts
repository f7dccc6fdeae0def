import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { lockHeads } from '#audit';
import { systemActor, UnitOfWork } from '#platform/database';
import { brokenInvariants } from '../support/invariants.js';
import { MTM } from '../support/people.js';
import { Service } from '../support/service.js';
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
  expect((await service.get<{ ok: boolean }>(MTM.auditor, '/audit/verify')).body.ok).toBe(true);
});

/** Two receipts that wait to be shown; the first funds the first authority's claim and the second the other's. */
async function twoReceipts(first: string, second: string, pence: readonly [number, number]) {
  const claims = [
    (await bank.funding.approved(pence[0], first)).id,
    (await bank.funding.approved(pence[1], second)).id,
  ];
  const receipts = [];
  for (const amountPence of pence) {
    const bankReference = `TRAIL ${first} ${second} ${amountPence}`;
    const body = { amountPence, receivedOn: '2018-04-01', bankReference };
    const { status, body: made } = await service.post<{ id: string }>(MTM.finance, '/funding-receipts', body);
    expect(status).toBe(201);
    receipts.push({ id: made.id, amountPence, bankReference });
  }
  return { claims, receipts };
}

/** As in every test, a head that is asked for out of order is an error. */
describe('what tells several authorities by turns keeps the order of the trail’s heads', () => {
  it('a statement with a payment and two receipts of different authorities', async () => {
    const [lincs] = await bank.scheduled(['LINCS', 300]);
    const { claims, receipts } = await twoReceipts('NORFOLK', 'BRENT', [110, 220]);
    const { matchedCount } = await bank.statement(
      { amountPence: -300, endToEndId: lincs!.endToEndId },
      ...receipts.map(({ amountPence, bankReference }) => ({ amountPence, reference: bankReference })),
    );
    expect(matchedCount).toBe(3);
    expect(await bank.stateOf(lincs!)).toEqual(['settled', 'paid']);
    expect(await bank.funding.states(claims)).toEqual(['funded', 'funded']);
  });

  it('a statement with two receipts of different authorities and no payment', async () => {
    const { claims, receipts } = await twoReceipts('NORFOLK', 'BRENT', [130, 240]);
    const entries = receipts.map(({ amountPence, bankReference }) => ({ amountPence, reference: bankReference }));
    expect((await bank.statement(...entries)).matchedCount).toBe(2);
    expect(await bank.funding.states(claims)).toEqual(['funded', 'funded']);
  });

  it('a statement that pays one authority and returns what another was paid', async () => {
    const [brent] = await bank.scheduled(['BRENT', 410]);
    await bank.statement({ amountPence: -410, endToEndId: brent!.endToEndId });
    const [lincs] = await bank.scheduled(['LINCS', 310]);
    const { matchedCount } = await bank.statement(
      { amountPence: -310, endToEndId: lincs!.endToEndId },
      { amountPence: 410, endToEndId: brent!.endToEndId },
    );
    expect(matchedCount).toBe(2);
    expect([await bank.stateOf(lincs!), await bank.stateOf(brent!)]).toEqual([
      ['settled', 'paid'],
      ['bounced', 'funded'],
    ]);
  });

  it('one line that a person says is two receipts, and takes back', async () => {
    const { claims, receipts } = await twoReceipts('NORFOLK', 'BRENT', [150, 260]);
    const { id, lines } = await bank.statement({ amountPence: 410 });
    await bank.do('match', id, lines[0]!.id, { receiptIds: receipts.map((receipt) => receipt.id) });
    expect(await bank.funding.states(claims)).toEqual(['funded', 'funded']);
    await bank.do('unmatch', id, lines[0]!.id, { reason: 'Not these' });
    expect(await bank.funding.states(claims)).toEqual(['approved', 'approved']);
  });

  it('a line that returns one authority’s payment and is a receipt that funds another', async () => {
    await bank.funding.received(410);
    const [lincs] = await bank.scheduled(['LINCS', 320]);
    await bank.statement({ amountPence: -320, endToEndId: lincs!.endToEndId });
    const claim = await bank.funding.approved(170, 'BRENT');
    const receipt = await bank.funding.recorded(170);
    const { id, lines } = await bank.statement({ amountPence: 490 });
    await bank.do('match', id, lines[0]!.id, { paymentIds: [lincs!.id], receiptIds: [receipt.id] });
    expect(await bank.stateOf(lincs!)).toEqual(['bounced', 'funded']);
    expect(await bank.funding.states([claim.id])).toEqual(['funded']);
    await bank.do('unmatch', id, lines[0]!.id, { reason: 'Neither' });
    expect(await bank.stateOf(lincs!)).toEqual(['settled', 'paid']);
  });
});

describe('a head that was locked and told of nothing', () => {
  it('is nothing that checkpoints name, and nothing that verification finds', async () => {
    const lock = (chains: string[]) => service.app.get(UnitOfWork).run(systemActor, (tx) => lockHeads(tx, chains));
    await lock(['EIP2', 'UNTOLD', 'BRENT', 'UNTOLD']);
    const { rows } = await service.admin.query(`SELECT seq::int FROM audit_head WHERE chain = 'UNTOLD'`);
    expect(rows).toEqual([{ seq: 0 }]);
    const { status, body } = await service.post<{ heads: { chain: string }[] }>(MTM.admin, '/audit/checkpoints');
    expect(status).toBe(201);
    const sealed = body.heads.map(({ chain }) => chain);
    expect(sealed).toContain('BRENT');
    expect(sealed).not.toContain('UNTOLD');
    const verified = await service.get<{ ok: boolean; findings: object[] }>(MTM.auditor, '/audit/verify?chain=UNTOLD');
    expect(verified.body).toMatchObject({ ok: true, findings: [] });
    await lock([]);
  });
});
