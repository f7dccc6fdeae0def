import { expect } from '@jest/globals';
import { type Service } from '../support/service.js';
import { aMadeEntry, type MadeEntry } from '../builders/bank-statement.js';
import { loaded, ourCamt, type Loaded } from './bank-statements-support.js';
import { Claims, MTM, type Claim, type ProblemBody } from './claims-support.js';
import { Funding } from './funding-support.js';

/** As much of an adjustment as the tests look at. */
export interface Adjustment extends ProblemBody {
  id: string;
  state: string;
  claimId: string;
  amountPence: number;
  recoveredPence: number;
  balancePence: number;
  creditNoteNumber: string | null;
  categories: Record<string, { netPence: number; reimbursementPence: number; fundedDays?: string }>;
  lines: { lineId: string; netPence: number; consequential: boolean }[];
  setOffs: { paymentId: string; reference: string; pence: number; state: string }[];
  repayments: { pence: number; undoneAt: string | null }[];
  version: number;
}

export interface Run extends ProblemBody {
  id: string;
  number: string;
  state: string;
  totalPence: number;
  payments: {
    id: string;
    authority: string;
    amountPence: number;
    reference: string;
    endToEndId: string;
    claimIds: string[];
    adjustmentIds: string[];
    remittanceNumber: string | null;
  }[];
  version: number;
}

export type AdjustedLine = { lineId: string; netPence?: number; trainerDays?: string };

/** The calls of adjustments and of the runs they are set off in, each expected to succeed unless it is asked for as `try…`. */
export class Adjustments {
  readonly claims: Claims;
  readonly funding: Funding;
  private statements = 0;
  private balancePence = 0;

  constructor(readonly service: Service) {
    this.claims = new Claims(service);
    this.funding = new Funding(service);
  }

  tryPropose(claimId: string, lines: readonly AdjustedLine[], by: string = MTM.finance) {
    const body = { reason: 'The trainer credited it', lines };
    return this.service.post<Adjustment>(by, `/claims/${claimId}/adjustments`, body);
  }

  async proposed(claimId: string, lines: readonly AdjustedLine[]): Promise<Adjustment> {
    const answer = await this.tryPropose(claimId, lines);
    expect([answer.status, answer.status === 201 ? '' : answer.text]).toEqual([201, '']);
    return answer.body;
  }

  tryApprove(id: string, by: string = MTM.approver) {
    return this.service.post<Adjustment>(by, `/adjustments/${id}/approve`);
  }

  async approved(claimId: string, lines: readonly AdjustedLine[]): Promise<Adjustment> {
    const answer = await this.tryApprove((await this.proposed(claimId, lines)).id);
    expect([answer.status, answer.status === 200 ? '' : answer.text]).toEqual([200, '']);
    return answer.body;
  }

  /** Takes so many pence back of a claim that is worth more: twice that is taken off the net of its travel. */
  async takenBack(claim: Claim, pence: number): Promise<Adjustment> {
    const travel = claim.trainerInvoices.flatMap(({ lines }) => lines).find(({ kind }) => kind === 'travel')!;
    const adjustment = await this.approved(claim.id, [{ lineId: travel.id, netPence: travel.netPence - 2 * pence }]);
    expect(adjustment.amountPence).toBe(pence);
    return adjustment;
  }

  async read(id: string, by: string = MTM.auditor): Promise<Adjustment> {
    const answer = await this.service.get<Adjustment>(by, `/adjustments/${id}`);
    expect(answer.status).toBe(200);
    return answer.body;
  }

  /** Claims worth so much each, funded. */
  async funded(authority: string, ...amounts: number[]): Promise<Claim[]> {
    const made: Claim[] = [];
    for (const pence of amounts) made.push(await this.funding.approved(pence, authority));
    await this.funding.received(amounts.reduce((sum, pence) => sum + pence, 0));
    return made;
  }

  tryPrepare(body: object = {}) {
    return this.service.post<Run>(MTM.finance, '/payment-runs', body);
  }

  async prepared(claims: readonly Claim[]): Promise<Run> {
    const answer = await this.tryPrepare({ claimIds: claims.map(({ id }) => id) });
    expect([answer.status, answer.status === 201 ? '' : answer.text]).toEqual([201, '']);
    return answer.body;
  }

  async endRun(id: string, step: 'approve' | 'cancel'): Promise<Run> {
    const [by, body] = step === 'approve' ? [MTM.approver2, {}] : [MTM.finance, { reason: 'Wrong day' }];
    const answer = await this.service.post<Run>(by, `/payment-runs/${id}/${step}`, body);
    expect([answer.status, answer.status === 200 ? '' : answer.text]).toEqual([200, '']);
    return answer.body;
  }

  async paidRun(claims: readonly Claim[]): Promise<Run> {
    return this.endRun((await this.prepared(claims)).id, 'approve');
  }

  /** The account's next statement, which shows these movements. */
  async bankShows(...movements: Partial<MadeEntry>[]): Promise<Loaded> {
    this.statements += 1;
    const entries = movements.map((one, at) =>
      aMadeEntry({
        ...{ bookedOn: '2018-04-03', valueOn: '2018-04-03', reference: '', remittance: '', counterparty: 'Somebody' },
        ...{ bankReference: `B${this.statements}-${at}`, endToEndId: `X${this.statements}-${at}`, ...one },
      }),
    );
    const [statementId, sequence] = [`S${this.statements}`, this.statements];
    const made = { entries, statementId, sequence, openingPence: this.balancePence, openingOn: '2018-04-03' };
    const statement = await loaded(this.service, ourCamt(made));
    expect(statement.state).toBe('read');
    this.balancePence = statement.closingPence!;
    return statement;
  }

  /** The bank made the payments of a run that are more than nothing. */
  async bankPaid(run: Run): Promise<Loaded> {
    const paid = run.payments.filter(({ amountPence }) => amountPence > 0);
    const statement = await this.bankShows(
      ...paid.map(({ amountPence, endToEndId }) => ({ amountPence: -amountPence, endToEndId })),
    );
    expect(statement.matchedCount).toBe(paid.length);
    return statement;
  }

  /** The bank brought a payment back. */
  async bankReturned({ amountPence, endToEndId }: Run['payments'][number]): Promise<void> {
    expect((await this.bankShows({ amountPence, endToEndId })).matchedCount).toBe(1);
  }
}
