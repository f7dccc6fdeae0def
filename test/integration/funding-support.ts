import { expect } from '@jest/globals';
import { claimBody, training, trainerInvoice, travel } from '../builders/claim-body.js';
import { brokenFunding } from '../support/invariants.js';
import { type Service } from '../support/service.js';
import { Claims, MTM, nextNumber, type Claim, type ProblemBody } from './claims-support.js';

export { brokenFunding };

export interface Receipt extends ProblemBody {
  id: string;
  state: string;
  amountPence: number;
  unallocatedPence: number;
  releasedPence: number;
  fundedClaimIds: string[];
  version: number;
}

export interface Request extends ProblemBody {
  id: string;
  number: string | null;
  state: string;
  totalPence: number;
  recoveredPence: number;
  requestedPence: number;
  scheduleSha256: string | null;
  claimCount: number;
  claimIds: string[];
  version: number;
}

/** A body whose reimbursement is exactly so many pence, 50 at least, and hardly draws days: a sliver of training, then travel. */
export function bodyWorth(authority: string, pence: number) {
  const sliver = training({ trainerDays: '0.001', netPence: 100 });
  const lines = pence > 50 ? [sliver, travel(2 * (pence - 50))] : [sliver];
  return claimBody([trainerInvoice(lines, { number: nextNumber() })], { authority });
}

/** The calls of funding, each expected to succeed unless it is asked for as `try…`. */
export class Funding {
  readonly claims: Claims;
  private serial = 0;

  constructor(readonly service: Service) {
    this.claims = new Claims(service);
  }

  /** An approved claim worth so much. */
  async approved(pence: number, authority = 'BRENT'): Promise<Claim> {
    const claim = await this.claims.approved(bodyWorth(authority, pence));
    expect(claim.approvedPence).toBe(pence);
    return claim;
  }

  /** Approved claims worth so much each, in queue order. */
  async queue(...amounts: number[]): Promise<string[]> {
    const ids: string[] = [];
    for (const pence of amounts) ids.push((await this.approved(pence)).id);
    return ids;
  }

  body(amountPence: number, fundingRequestId?: string): object {
    const bankReference = `DFE ${++this.serial}/${process.pid}`;
    return { amountPence, receivedOn: '2018-04-01', bankReference, ...(fundingRequestId ? { fundingRequestId } : {}) };
  }

  async recorded(amountPence: number, fundingRequestId?: string): Promise<Receipt> {
    const body = this.body(amountPence, fundingRequestId);
    const answer = await this.service.post<Receipt>(MTM.finance, '/funding-receipts', body);
    expect([answer.status, answer.status === 201 ? '' : answer.text]).toEqual([201, '']);
    return answer.body;
  }

  tryConfirm(id: string, by: string = MTM.finance2, headers: Record<string, string> = {}) {
    return this.service.post<Receipt>(by, `/funding-receipts/${id}/confirm`, { evidence: 'Advice' }, headers);
  }

  async confirm(id: string): Promise<Receipt> {
    const answer = await this.tryConfirm(id);
    expect([answer.status, answer.status === 200 ? '' : answer.text]).toEqual([200, '']);
    return answer.body;
  }

  async received(amountPence: number, fundingRequestId?: string): Promise<Receipt> {
    return this.confirm((await this.recorded(amountPence, fundingRequestId)).id);
  }

  tryReverse(id: string) {
    return this.service.post<Receipt>(MTM.finance, `/funding-receipts/${id}/reverse`, { reason: 'It never came' });
  }

  async reverse(id: string): Promise<Receipt> {
    const answer = await this.tryReverse(id);
    expect([answer.status, answer.status === 200 ? '' : answer.text]).toEqual([200, '']);
    return answer.body;
  }

  async preview(amountPence: number, fundingRequestId?: string): Promise<Receipt> {
    const body = this.body(amountPence, fundingRequestId);
    const answer = await this.service.post<Receipt>(MTM.finance, '/funding-receipts/preview', body);
    expect([answer.status, answer.status === 200 ? '' : answer.text]).toEqual([200, '']);
    return answer.body;
  }

  async draftRequest(body: object = {}): Promise<Request> {
    const answer = await this.service.post<Request>(MTM.finance, '/funding-requests', body);
    expect([answer.status, answer.status === 201 ? '' : answer.text]).toEqual([201, '']);
    return answer.body;
  }

  async submittedRequest(body: object = {}): Promise<Request> {
    const { id } = await this.draftRequest(body);
    const answer = await this.service.post<Request>(MTM.finance, `/funding-requests/${id}/submit`);
    expect([answer.status, answer.status === 200 ? '' : answer.text]).toEqual([200, '']);
    return answer.body;
  }

  async states(ids: readonly string[]): Promise<string[]> {
    const { rows } = await this.service.admin.query<{ id: string; state: string }>(
      'SELECT id, state FROM claim WHERE id = ANY ($1::uuid[])',
      [ids],
    );
    return ids.map((id) => rows.find((row) => row.id === id)!.state);
  }

  async requestState(id: string): Promise<string> {
    return (await this.service.get<Request>(MTM.finance, `/funding-requests/${id}`)).body.state;
  }

  /** Leaves no claim waiting and no money: a test begins as if nothing had been. */
  async clear(): Promise<void> {
    await this.service.admin.query(
      `UPDATE claim SET held_at = updated_at, held_by = created_by, hold_reason = 'Out of the way' WHERE state = 'approved' AND held_at IS NULL`,
    );
    const { rows } = await this.service.admin.query<{ left: string }>(
      `SELECT coalesce(sum(amount_pence - allocated_pence - released_pence), 0)::text AS left FROM funding_receipt WHERE state = 'confirmed'`,
    );
    const left = Number(rows[0]!.left);
    if (left === 0) return;
    await this.queue(left + 100);
    await this.received(100);
  }
}
