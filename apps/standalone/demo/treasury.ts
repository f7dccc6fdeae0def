import { formatPence } from '#kernel';
import { type AdjustmentView, type ClaimView } from '#claims';
import { type ReceiptView, type RequestView } from '#funding';
import { type PaymentView, type PreparedRunView, type RunView } from '#payments';
import { DemoBank, type BankPaper } from './bank.js';
import { type DemoClient } from './client.js';
import { MTM } from './people.js';

interface LoadedStatement {
  id: string;
  state: string;
  reason: string | null;
  lineCount: number;
  matchedCount: number;
  closingPence: number;
}
interface StatementLine {
  id: string;
  amountPence: number;
  reference: string | null;
  remittance: string | null;
  state: string;
}

/** MTM's finance and its bank: each thing they do is a call of the API, or a paper from the bank. */
export class Treasury {
  readonly bank = new DemoBank();
  /** What was sent and received, by its name: what the demo leaves behind. */
  readonly papers = new Map<string, string | Buffer>();
  readonly requests: RequestView[] = [];
  readonly runs: RunView[] = [];

  constructor(
    private readonly client: DemoClient,
    private readonly tell: (line: string) => void,
  ) {}

  /** All that is approved and not yet asked for. */
  async ask(by: string): Promise<RequestView> {
    const { id } = await this.client.post<RequestView>(by, '/funding-requests', {});
    const request = await this.client.post<RequestView>(by, `/funding-requests/${id}/submit`, {});
    this.tell(`MTM: ${request.number} asks DfE for ${formatPence(request.totalPence)}: ${request.claimCount} claims`);
    const csv = await this.client.ask(by, 'GET', `/funding-requests/${id}/schedule`, {
      headers: { accept: 'text/csv' },
    });
    this.papers.set(`${request.number}.csv`, await csv.text());
    this.papers.set(`${request.number}.pdf`, await this.client.bytes(by, `/funding-requests/${id}/schedule.pdf`));
    this.requests.push(request);
    return request;
  }

  /** DfE's money reaches the bank, and somebody records it. */
  async received(
    request: RequestView,
    of: { amountPence: number; on: string; reference: string },
  ): Promise<ReceiptView> {
    const { amountPence, on, reference } = of;
    this.bank.book({ on, amountPence, counterparty: 'DEPARTMENT FOR EDUCATION', text: reference });
    const body = { amountPence, receivedOn: on, bankReference: reference, fundingRequestId: request.id };
    const receipt = await this.client.post<ReceiptView>(MTM.finance, '/funding-receipts', body);
    this.tell(`MTM: ${formatPence(amountPence)} from DfE recorded; it funds nothing before it is confirmed`);
    return receipt;
  }

  async confirm({ id }: ReceiptView, evidence: string): Promise<void> {
    const answer = await this.client.post<ReceiptView>(MTM.finance2, `/funding-receipts/${id}/confirm`, { evidence });
    this.tellFunded(answer);
  }

  /** Of a receipt that somebody, or a line of a statement, confirmed. */
  tellFunded({ fundedClaimIds, unallocatedPence, amountPence }: ReceiptView): void {
    const rest = unallocatedPence > 0 ? `; ${formatPence(unallocatedPence)} wait for the next` : '';
    this.tell(`MTM: ${formatPence(amountPence)} confirmed: ${fundedClaimIds.length} claims are funded${rest}`);
  }

  async prepare(claimIds: readonly string[]): Promise<RunView> {
    const run = await this.client.post<PreparedRunView>(MTM.finance, '/payment-runs', { claimIds });
    this.tell(`MTM: ${run.number} prepared: ${formatPence(run.totalPence)} to ${authorities(run)}`);
    this.runs.push(run);
    return run;
  }

  /** Who approved a claim of it may not. */
  async refusedToApprove({ id, number }: RunView, by: string): Promise<void> {
    const code = 'approver_cannot_approve';
    await this.client.ask(by, 'POST', `/payment-runs/${id}/approve`, { body: {}, refusedWith: code });
    this.tell(`MTM: ${by} may not approve ${number} (${code})`);
  }

  /** Approved by another: the bank gets its file. */
  async approve({ id, number }: RunView, by: string): Promise<RunView> {
    const run = await this.client.post<RunView>(by, `/payment-runs/${id}/approve`, {});
    this.runs[this.runs.findIndex((one) => one.id === id)] = run;
    this.papers.set(`${number}.pain001.xml`, await this.client.bytes(MTM.finance, `/payment-runs/${id}/pain001`));
    this.tell(`MTM: ${number} approved by ${by}, the bank file is sent`);
    return run;
  }

  /** The bank carries a payment out. */
  settles(payment: PaymentView, on: string): void {
    const { amountPence, accountName, reference, endToEndId } = payment;
    this.bank.book({ on, amountPence: -amountPence, counterparty: accountName, text: reference, endToEndId });
  }

  /** The bank's answer to a bank file: what it will not pay. */
  async refuses(run: RunView, payment: PaymentView, code: string): Promise<void> {
    const content = statusReport(run, payment, code);
    this.papers.set(`${run.number}.pain002.xml`, content);
    await this.client.post(MTM.finance2, '/payment-status-files', content, {
      headers: { 'content-type': 'application/xml' },
    });
    this.tell(`MTM: the bank refuses ${payment.endToEndId} (${code}): its claims are funded, and not paid`);
  }

  async load(paper: BankPaper, query = ''): Promise<LoadedStatement> {
    this.papers.set(paper.name, paper.content);
    const headers = { 'content-type': paper.mediaType };
    const path = `/bank-statements${query}`;
    const statement = await this.client.post<LoadedStatement>(MTM.finance2, path, paper.content, { headers });
    const { state, lineCount, matchedCount, closingPence, reason } = statement;
    if (state !== 'read') throw new Error(`${paper.name} is ${state}: ${reason}`);
    const lines = `${matchedCount} of ${lineCount} lines matched by themselves`;
    this.tell(`MTM: ${paper.name}: ${lines}, closing with ${formatPence(closingPence)}`);
    return statement;
  }

  /** What the service could not tell by itself, told by a person: the account by the amount of the line. */
  async explain({ id }: LoadedStatement, accounts: ReadonlyMap<number, string>): Promise<void> {
    const path = `/bank-statements/${id}/lines`;
    const { items } = await this.client.get<{ items: StatementLine[] }>(MTM.finance2, `${path}?limit=200`);
    for (const line of items.filter((one) => one.state !== 'matched')) {
      const account = accounts.get(line.amountPence);
      if (account === undefined) throw new Error(`nobody can tell what ${JSON.stringify(line)} is`);
      await this.client.post(MTM.finance2, `${path}/${line.id}/match`, { account });
      this.tell(`MTM: ${formatPence(line.amountPence)} put to ${account}`);
    }
  }

  /** Proposed by one, approved by another. */
  async correct({ id, invoiceNumber }: ClaimView, body: object, approver: string): Promise<void> {
    const proposed = await this.client.post<AdjustmentView>(MTM.finance, `/claims/${id}/adjustments`, body);
    const adjustment = await this.client.post<AdjustmentView>(approver, `/adjustments/${proposed.id}/approve`, {});
    const { amountPence, creditNoteNumber } = adjustment;
    this.tell(`MTM: ${invoiceNumber} is corrected by ${formatPence(amountPence)}, credit note ${creditNoteNumber}`);
  }

  async close({ id }: LoadedStatement, paper: BankPaper): Promise<void> {
    await this.client.post(MTM.finance2, `/bank-statements/${id}/close`, {});
    this.tell(`MTM: ${paper.name} closed: the books and the bank agree to the penny`);
  }
}

const authorities = ({ payments }: RunView): string =>
  payments.length === 1 ? '1 authority' : `${payments.length} authorities`;

/** pain.002.001.11: the file was taken, one payment of it was not. */
const statusReport = (run: RunView, payment: PaymentView, code: string): string =>
  [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.002.001.11"><CstmrPmtStsRpt>',
    `<GrpHdr><MsgId>STS-${run.number}</MsgId><CreDtTm>2018-03-13T07:00:00Z</CreDtTm></GrpHdr>`,
    `<OrgnlGrpInfAndSts><OrgnlMsgId>${run.number}</OrgnlMsgId><OrgnlMsgNmId>pain.001.001.09</OrgnlMsgNmId><GrpSts>PART</GrpSts></OrgnlGrpInfAndSts>`,
    `<OrgnlPmtInfAndSts><OrgnlPmtInfId>${run.number}-D</OrgnlPmtInfId><TxInfAndSts>`,
    `<OrgnlEndToEndId>${payment.endToEndId}</OrgnlEndToEndId><TxSts>RJCT</TxSts>`,
    `<StsRsnInf><Rsn><Cd>${code}</Cd></Rsn></StsRsnInf></TxInfAndSts></OrgnlPmtInfAndSts></CstmrPmtStsRpt></Document>`,
    '',
  ].join('\n');
