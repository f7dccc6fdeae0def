import { type ReceiptView } from '#funding';
import { type PaymentView } from '#payments';
import { CSV_MAPPING } from '../bank.js';
import { financeOf, MTM } from '../people.js';
import { type Stage } from '../stage.js';
import { type Chapter } from './chapter.js';

/** Approved by the first approver, and by the second: neither approves a run with what they approved. */
const FIRST_APPROVERS = ['brent-safety', 'norfolk-leaders', 'suffolk-coaching', 'wakefield'];
const SECOND_APPROVERS = ['brent-course', 'towerham-course'];

const idsOf = (stage: Stage, names: readonly string[]): string[] => names.map((name) => stage.claim(name).id);
const ofAuthority = (payments: readonly PaymentView[], authority: string): PaymentView =>
  payments.find((payment) => payment.authority === authority)!;

/** DfE pays its first request in two parts: one confirmed by a second person, the other by the bank's statement. */
export const dfePays: Chapter = {
  at: '2018-03-13T09:15:00Z',
  title: 'DfE pays in two tranches, MTM pays what they fund',
  async play(stage) {
    const { treasury } = stage;
    const request = treasury.requests[0]!;
    const first = { amountPence: 500_000, on: '2018-03-09', reference: 'EIP2-FR-0001 1/2' };
    await treasury.confirm(await treasury.received(request, first), 'Bank’s advice of 9 March');
    const rest = { amountPence: request.totalPence - first.amountPence, on: '2018-03-12' };
    const second = await treasury.received(request, { ...rest, reference: 'EIP2-FR-0001 2/2' });
    const paper = treasury.bank.statement('camt.053', '2018-03-12');
    const statement = await treasury.load(paper);
    treasury.tellFunded(await stage.client.get<ReceiptView>(MTM.finance, `/funding-receipts/${second.id}`));
    await treasury.close(statement, paper);
    const claimIds = idsOf(stage, FIRST_APPROVERS);
    await treasury.refusedToApprove(await treasury.prepare(claimIds), MTM.approver);
    await treasury.approve(treasury.runs.at(-1)!, MTM.approver2);
    await treasury.approve(await treasury.prepare(idsOf(stage, SECOND_APPROVERS)), MTM.approver);
  },
};

/** What became of the two runs. */
export const bankAnswers: Chapter = {
  at: '2018-03-16T08:40:00Z',
  title: 'The bank’s answer: one payment refused, the others on the statement',
  async play({ treasury }) {
    const [one, two] = treasury.runs;
    const refused = ofAuthority(one!.payments, 'WAKEFIELD');
    await treasury.refuses(one!, refused, 'AC04');
    for (const payment of [...one!.payments, ...two!.payments]) {
      if (payment !== refused) treasury.settles(payment, '2018-03-14');
    }
    treasury.bank.book({ on: '2018-03-14', amountPence: -450, counterparty: 'THE BANK', text: 'FILE CHARGE' });
    treasury.bank.book({ on: '2018-03-15', amountPence: 1_234, counterparty: 'J. SMITHERS', text: 'THANKS' });
    const paper = treasury.bank.statement('MT940', '2018-03-15');
    const statement = await treasury.load(paper);
    const accounts = new Map([
      [-450, 'expenses:bank charges'],
      [1_234, 'liabilities:suspense'],
    ]);
    await treasury.explain(statement, accounts);
    await treasury.close(statement, paper);
  },
};

/** Another account, confirmed by ringing back, before Wakefield is paid after all. */
export async function payWakefieldAgain(stage: Stage): Promise<void> {
  const { client, treasury } = stage;
  const finance = financeOf('WAKEFIELD');
  const path = '/authorities/WAKEFIELD/bank-details';
  const before = await client.ask(finance, 'GET', path);
  const account = { accountName: 'Wakefield Council (demo)', sortCode: '000000', accountNumber: '20180329' };
  await client.put(finance, path, account, before.headers.get('etag')!);
  stage.tell('WAKEFIELD: enters another account; its contacts are told');
  const call = { calledNumber: '020 7946 0991', spokeTo: 'Finance office (demo)' };
  await client.post(MTM.finance2, `${path}/confirm`, call);
  stage.tell('MTM: finance2 has rung Wakefield back; somebody else prepares the payment');
  const run = await treasury.approve(await treasury.prepare(idsOf(stage, ['wakefield'])), MTM.approver2);
  treasury.settles(run.payments[0]!, '2018-04-03');
}

/** The trainer took part of the fare back: what was paid for it is set off against what Brent gets next. */
export async function correctBrent(stage: Stage): Promise<void> {
  const claim = stage.claim('brent-safety');
  const travel = claim.trainerInvoices[0]!.lines[1]!;
  const reason = 'The trainer credited the return journey (credit note HT-CN-17 of 26 March).';
  const body = { reason, lines: [{ lineId: travel.id, netPence: travel.netPence / 2 }] };
  await stage.treasury.correct(claim, body, MTM.approver2);
}

/** The last statement is a CSV, as the bank writes it: the service is told once which column is what. */
export async function closeTheQuarter(stage: Stage): Promise<void> {
  const { client, treasury } = stage;
  await client.put(MTM.finance2, `/bank-statement-mappings/${CSV_MAPPING.name}`, CSV_MAPPING.mapping, '*');
  const paper = treasury.bank.statement('CSV', '2018-04-09');
  await treasury.close(await treasury.load(paper, `?mapping=${CSV_MAPPING.name}`), paper);
}
