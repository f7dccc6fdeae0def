import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { v7 as uuid } from 'uuid';
import { Service, type Reply } from '../support/service.js';
import { Claims, finance, MTM, simpleBody } from './claims-support.js';
import { Funding } from './funding-support.js';

interface Run {
  id: string;
  number: string;
  payments: { id: string; authority: string; endToEndId: string; claimIds: string[] }[];
}
interface Report {
  id: string;
  state: string;
  known: boolean;
  paymentRun: string | null;
  statusCount: number;
  appliedCount: number;
  reasonCode: string | null;
  reason: string | null;
  statuses: {
    endToEndId: string;
    paymentId: string | null;
    outcome: string;
    reasonCode: string | null;
    effect: string;
  }[];
}

let service: Service;
let claims: Claims;
let funding: Funding;
beforeAll(async () => {
  service = await Service.start();
  claims = new Claims(service);
  funding = new Funding(service);
});
afterAll(() => service?.stop());

/** An approved run that pays a claim of each of these. */
async function sent(...authorities: string[]): Promise<Run> {
  const made = [];
  for (const authority of authorities)
    made.push(await claims.approved(simpleBody(authority, { trainerDays: '0.01', netPence: 1_000 })));
  await funding.received(made.reduce((sum, claim) => sum + claim.approvedPence!, 0));
  const claimIds = made.map(({ id }) => id);
  const run = await service.post<Run>(MTM.finance, '/payment-runs', { claimIds });
  expect(run.status).toBe(201);
  expect((await service.post(MTM.approver2, `/payment-runs/${run.body.id}/approve`)).status).toBe(200);
  return run.body;
}

const transaction = (endToEndId: string, status: string, reason?: string): string =>
  `<TxInfAndSts><OrgnlEndToEndId>${endToEndId}</OrgnlEndToEndId><TxSts>${status}</TxSts>${
    reason ? `<StsRsnInf><Rsn><Cd>${reason}</Cd></Rsn></StsRsnInf>` : ''
  }</TxInfAndSts>`;

const report = (run: string, group: string, parts = '', message = uuid().slice(0, 30)): string =>
  `<?xml version="1.0"?><Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.002.001.10"><CstmrPmtStsRpt>
   <GrpHdr><MsgId>${message}</MsgId><CreDtTm>2018-05-03T07:15:00</CreDtTm></GrpHdr>
   <OrgnlGrpInfAndSts><OrgnlMsgId>${run}</OrgnlMsgId><OrgnlMsgNmId>pain.001.001.09</OrgnlMsgNmId><GrpSts>${group}</GrpSts>
   <StsRsnInf><Rsn><Cd>AM05</Cd></Rsn></StsRsnInf></OrgnlGrpInfAndSts>${parts}</CstmrPmtStsRpt></Document>`;
const part = (run: string, content: string): string =>
  `<OrgnlPmtInfAndSts><OrgnlPmtInfId>${run}-D</OrgnlPmtInfId>${content}</OrgnlPmtInfAndSts>`;

const send = (file: string, who: string = MTM.finance, key = uuid()): Promise<Reply<Report>> =>
  service.call<Report>(who, 'POST', '/payment-status-files', {
    body: file,
    headers: { 'content-type': 'application/xml', 'idempotency-key': key },
  });
async function taken(file: string): Promise<Report> {
  const { status, text, body } = await send(file);
  expect([status, status === 201 ? '' : text]).toEqual([201, '']);
  return body;
}
const statesOf = (run: Run) => funding.states(run.payments.flatMap(({ claimIds }) => claimIds));
const paymentStates = async (run: Run): Promise<string[]> => {
  const { rows } = await service.admin.query<{ state: string }>(
    'SELECT state FROM payment WHERE run_id = $1 ORDER BY authority_code',
    [run.id],
  );
  return rows.map(({ state }) => state);
};

describe('a report of the bank on a run', () => {
  it('refuses the payment it rejects: its claims are funded again; the others wait for the statement', async () => {
    const run = await sent('BRENT', 'LINCS');
    const [brent, lincs] = run.payments;
    const file = report(
      run.number,
      'PART',
      part(run.number, transaction(brent!.endToEndId, 'RJCT', 'AC04') + transaction(lincs!.endToEndId, 'ACSC')),
    );
    const answer = await taken(file);
    expect(answer).toMatchObject({
      state: 'read',
      known: false,
      paymentRun: run.number,
      statusCount: 2,
      appliedCount: 1,
    });
    expect(answer.statuses).toMatchObject([
      {
        endToEndId: brent!.endToEndId,
        paymentId: brent!.id,
        outcome: 'rejected',
        reasonCode: 'AC04',
        effect: 'applied',
      },
      { endToEndId: lincs!.endToEndId, paymentId: lincs!.id, outcome: 'settled', reasonCode: null, effect: 'noted' },
    ]);
    expect(await paymentStates(run)).toEqual(['refused', 'scheduled']);
    expect(await statesOf(run)).toEqual(['funded', 'scheduled']);
    expect(await taken(file)).toMatchObject({ id: answer.id, known: true, appliedCount: 1 });
    const list = await service.get<{ items: object[] }>(MTM.auditor, `/payment-status-files/${answer.id}/statuses`);
    expect(list.body.items).toHaveLength(2);
    expect((await service.get(MTM.auditor, `/payment-status-files/${answer.id}/file`)).text).toBe(file);
    const again = await service.post<Run>(MTM.finance, '/payment-runs', { claimIds: brent!.claimIds });
    expect(again.status).toBe(201);
  });

  it('that rejects the whole file, or a part of it, need not name the payments', async () => {
    const [whole, partly] = [await sent('BRENT', 'LINCS'), await sent('NORFOLK', 'SUFFOLK')];
    expect(await taken(report(whole.number, 'RJCT'))).toMatchObject({ appliedCount: 2 });
    expect(await paymentStates(whole)).toEqual(['refused', 'refused']);
    const named = transaction(partly.payments[0]!.endToEndId, 'ACSP');
    const answer = await taken(
      report(partly.number, 'PART', part(partly.number, `<PmtInfSts>RJCT</PmtInfSts>${named}`)),
    );
    expect(answer).toMatchObject({ statusCount: 2, appliedCount: 1 });
    expect(await paymentStates(partly)).toEqual(['scheduled', 'refused']);
  });

  it('that rejects the whole file rejects what it names without a status of its own too, for its own reason', async () => {
    const [run, other] = [await sent('BRENT', 'LINCS'), await sent('NORFOLK', 'SUFFOLK')];
    const mute = (endToEndId: string) => transaction(endToEndId, 'XXXX', 'AC04').replace('<TxSts>XXXX</TxSts>', '');
    const answer = await taken(report(run.number, 'RJCT', part(run.number, mute(run.payments[0]!.endToEndId))));
    expect(answer.appliedCount).toBe(2);
    expect(answer.statuses.map(({ reasonCode }) => reasonCode)).toEqual(['AC04', 'AM05']);
    expect(await paymentStates(run)).toEqual(['refused', 'refused']);
    const told = await taken(report(other.number, 'ACCP', part(other.number, mute(other.payments[0]!.endToEndId))));
    expect(told).toMatchObject({ appliedCount: 0, statuses: [{ outcome: 'unknown', effect: 'noted' }] });
    expect(await paymentStates(other)).toEqual(['scheduled', 'scheduled']);
  });

  it('that refuses payments for several reasons, whichever it names first', async () => {
    const run = await sent('BRENT', 'LINCS');
    const of = (authority: string) => run.payments.find((payment) => payment.authority === authority)!.endToEndId;
    const parts = transaction(of('LINCS'), 'RJCT', 'AC04') + transaction(of('BRENT'), 'RJCT', 'AC01');
    expect(await taken(report(run.number, 'PART', part(run.number, parts)))).toMatchObject({ appliedCount: 2 });
    expect(await paymentStates(run)).toEqual(['refused', 'refused']);
  });

  it('says what it could not do: refused twice, none of ours', async () => {
    const run = await sent('BRENT');
    const refused = part(run.number, transaction(run.payments[0]!.endToEndId, 'RJCT', 'AC04'));
    expect(await taken(report(run.number, 'PART', refused))).toMatchObject({ appliedCount: 1 });
    const again = part(run.number, transaction('NOT-OURS', 'RJCT') + transaction(run.payments[0]!.endToEndId, 'RJCT'));
    const answer = await taken(report(run.number, 'PART', again));
    expect(answer).toMatchObject({
      appliedCount: 0,
      statuses: [{ effect: 'unknown', paymentId: null }, { effect: 'noted' }],
    });
  });

  it('by many at once is applied once', async () => {
    const run = await sent('BRENT');
    const file = report(run.number, 'RJCT');
    const answers = await Promise.all(Array.from({ length: 4 }, () => taken(file)));
    expect(answers.map(({ known }) => known).sort()).toEqual([false, true, true, true]);
    expect(new Set(answers.map(({ id }) => id)).size).toBe(1);
    expect(await paymentStates(run)).toEqual(['refused']);
  });

  it.each([
    ['broken', () => report('EIP2-PR-0001', 'RJCT').slice(0, -20), 'truncated'],
    ['about a file that was never sent', () => report('EIP2-PR-9999', 'RJCT'), 'unknown_payment_run'],
    [
      'about another kind of file',
      () => report('EIP2-PR-0001', 'RJCT').replace('pain.001', 'pain.008'),
      'unsupported_message',
    ],
  ])('%s is quarantined, with the file, and changes nothing', async (_what, made, code) => {
    const file = made();
    const answer = await taken(file);
    expect(answer).toMatchObject({ state: 'quarantined', reasonCode: code, statusCount: 0, statuses: [] });
    expect((await service.get(MTM.finance, `/payment-status-files/${answer.id}/file`)).text).toBe(file);
    const list = await service.get<{ items: Report[] }>(MTM.auditor, '/payment-status-files?state=quarantined');
    expect(list.body.items[0]!.id).toBe(answer.id);
  });

  it('is loaded by MTM finance alone, and not there to an authority', async () => {
    for (const who of [MTM.coordinator, MTM.auditor, finance('BRENT')]) {
      expect((await send(report('EIP2-PR-0001', 'RJCT'), who)).status).toBe(403);
    }
    const { id } = await taken(report('EIP2-PR-9998', 'RJCT'));
    expect((await service.get(finance('BRENT'), `/payment-status-files/${id}`)).status).toBe(404);
  });
});
