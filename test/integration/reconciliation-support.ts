import { expect } from '@jest/globals';
import { aMadeEntry, type MadeEntry } from '../builders/bank-statement.js';
import { type Service } from '../support/service.js';
import { MTM } from '../support/people.js';
import { loaded, ourCamt, type Loaded } from './bank-statements-support.js';
import { Funding, type Receipt } from './funding-support.js';
import { type ProblemBody } from './claims-support.js';

export interface Payment extends ProblemBody {
  id: string;
  authority: string;
  amountPence: number;
  reference: string;
  endToEndId: string;
  claimIds: string[];
  state: string;
  settledAt: string | null;
  reason: string | null;
  version: number;
}

export interface Line extends ProblemBody {
  id: string;
  seq: number;
  state: string;
  amountPence: number;
  matchedPence: number;
  matches: { id: string; kind: string; targetId: string | null; amountPence: number; how: string }[];
  suggestions: { kind: string; id: string; score: number; reasons: string[] }[];
}

export interface Report extends ProblemBody {
  closingPence: number;
  booksPence: number;
  booksNowPence: number;
  differencePence: number;
  suspensePence: number;
  differences: { code: string; pence: number; count: number; message: string }[];
  openLines: { lineId: string; leftPence: number }[];
  openReceipts: { receiptId: string; leftPence: number }[];
}

let fileSerial = 0;

/** The bank of a test: one account, whose statements follow each other; and the calls of reconciling. */
export class Bank {
  readonly funding: Funding;
  private balance = 0;
  private sequence = 0;
  private day = 0;

  constructor(readonly service: Service) {
    this.funding = new Funding(service);
  }

  /** A statement with these entries, a day after the one before. */
  async statement(...entries: Partial<MadeEntry>[]): Promise<Loaded & { lines: Line[] }> {
    const on = new Date(Date.UTC(2018, 3, 1 + this.day++)).toISOString().slice(0, 10);
    const made = entries.map((entry) =>
      aMadeEntry({
        ...{
          bookedOn: on,
          valueOn: on,
          reference: '',
          remittance: '',
          counterparty: 'Somebody',
          endToEndId: 'NOTPROVIDED',
        },
        ...{ bankReference: `BR${++fileSerial}`, ...entry },
      }),
    );
    const openingPence = this.balance;
    this.balance += made.reduce((sum, { amountPence }) => sum + amountPence, 0);
    const sequence = ++this.sequence;
    const file = ourCamt({
      entries: made,
      openingPence,
      openingOn: on,
      sequence,
      statementId: `S${sequence}-${++fileSerial}`,
    });
    const answer = await loaded(this.service, file);
    expect([answer.state, answer.reason]).toEqual(['read', null]);
    return { ...answer, lines: await this.lines(answer.id) };
  }

  async lines(statementId: string, query = ''): Promise<Line[]> {
    const { body } = await this.service.get<{ items: Line[] }>(
      MTM.auditor,
      `/bank-statements/${statementId}/lines${query}`,
    );
    return body.items;
  }

  /** Claims worth so much each, funded by a receipt that a line of a statement confirms. */
  async fundedClaims(...of: (readonly [authority: string, pence: number])[]): Promise<string[]> {
    const ids: string[] = [];
    for (const [authority, pence] of of) ids.push((await this.funding.approved(pence, authority)).id);
    const total = of.reduce((sum, [, pence]) => sum + pence, 0);
    const bankReference = `DFE ${++fileSerial}/${process.pid}`;
    const body = { amountPence: total, receivedOn: '2018-04-01', bankReference };
    expect((await this.service.post(MTM.finance, '/funding-receipts', body)).status).toBe(201);
    const { matchedCount } = await this.statement({ amountPence: total, reference: bankReference });
    expect(matchedCount).toBe(1);
    expect(new Set(await this.funding.states(ids))).toEqual(new Set(['funded']));
    return ids;
  }

  /** A run of all that is funded, approved; its payments by authority. */
  async run(claimIds?: readonly string[]): Promise<Payment[]> {
    const { service } = this;
    const made = await service.post<{ id: string; payments: Payment[] }>(
      MTM.finance,
      '/payment-runs',
      claimIds ? { claimIds } : {},
    );
    expect([made.status, made.status === 201 ? '' : made.text]).toEqual([201, '']);
    const approved = await service.post(MTM.approver2, `/payment-runs/${made.body.id}/approve`);
    expect([approved.status, approved.status === 200 ? '' : approved.text]).toEqual([200, '']);
    return made.body.payments;
  }

  /** Claims that wait at the bank, a payment each authority. */
  async scheduled(...of: (readonly [authority: string, pence: number])[]): Promise<Payment[]> {
    return this.run(await this.fundedClaims(...of));
  }

  async payment(id: string, by: string = MTM.auditor): Promise<Payment> {
    return (await this.service.get<Payment>(by, `/payments/${id}`)).body;
  }

  /** Money from the funder as somebody recorded it, not confirmed. */
  async recorded(amountPence: number, bankReference: string): Promise<Receipt> {
    const body = { amountPence, receivedOn: '2018-04-01', bankReference };
    return (await this.service.post<Receipt>(MTM.finance, '/funding-receipts', body)).body;
  }

  async receipt(id: string): Promise<Receipt> {
    return (await this.service.get<Receipt>(MTM.auditor, `/funding-receipts/${id}`)).body;
  }

  async stateOf({ id, claimIds }: Payment): Promise<[payment: string, ...claims: string[]]> {
    return [(await this.payment(id)).state, ...(await this.funding.states(claimIds))];
  }

  try(
    what: 'match' | 'unmatch',
    statementId: string,
    lineId: string,
    body: object,
    by: string = MTM.finance,
    headers = {},
  ) {
    return this.service.post<Line>(by, `/bank-statements/${statementId}/lines/${lineId}/${what}`, body, headers);
  }

  async do(what: 'match' | 'unmatch', statementId: string, lineId: string, body: object): Promise<Line> {
    const answer = await this.try(what, statementId, lineId, body);
    expect([answer.status, answer.status === 200 ? '' : answer.text]).toEqual([200, '']);
    return answer.body;
  }

  tryClose(statementId: string, body: object = {}) {
    return this.service.post<ProblemBody & { state: string }>(
      MTM.finance2,
      `/bank-statements/${statementId}/close`,
      body,
    );
  }

  async close(statementId: string, body: object = {}): Promise<void> {
    const answer = await this.tryClose(statementId, body);
    expect([answer.status, answer.status === 200 ? answer.body.state : answer.text]).toEqual([200, 'closed']);
  }

  async closeAll(body: object = {}): Promise<void> {
    const { rows } = await this.service.admin.query<{ id: string }>(
      `SELECT id FROM bank_statement WHERE state = 'read' ORDER BY ends_on, sequence`,
    );
    for (const { id } of rows) await this.close(id, body);
  }

  async report(statementId: string): Promise<Report> {
    return (await this.service.get<Report>(MTM.auditor, `/bank-statements/${statementId}/report`)).body;
  }

  /** What the books have at the bank less what statements, receipts and first balances come to: nothing, always. */
  async unexplained(): Promise<number> {
    const { rows } = await this.service.admin.query<{ pence: string }>(
      `SELECT (SELECT coalesce(sum(p.amount_pence), 0) FROM posting p JOIN ledger_account a ON a.id = p.account_id
                WHERE a.name IN ('assets:bank', 'assets:restricted cash'))
            - (SELECT coalesce(sum(opened_pence), 0) FROM bank_account) - (SELECT coalesce(sum(matched_pence), 0) FROM bank_line)
            - (SELECT coalesce(sum(amount_pence - matched_pence), 0) FROM funding_receipt WHERE state = 'confirmed' AND source = 'funder') AS pence`,
    );
    return Number(rows[0]!.pence);
  }
}
