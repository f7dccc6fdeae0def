import { expect } from '@jest/globals';
import { type Service } from '../support/service.js';
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
}
