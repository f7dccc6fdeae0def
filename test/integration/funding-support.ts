import { expect } from '@jest/globals';
import type pg from 'pg';
import { claimBody, training, trainerInvoice, travel } from '../builders/claim-body.js';
import { type Service } from '../support/service.js';
import { Claims, MTM, nextNumber, type Claim, type ProblemBody } from './claims-support.js';

export interface Receipt extends ProblemBody {
  id: string;
  state: string;
  amountPence: number;
  unallocatedPence: number;
  fundedClaimIds: string[];
  version: number;
}

export interface Request extends ProblemBody {
  id: string;
  number: string | null;
  state: string;
  totalPence: number;
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
      `SELECT coalesce(sum(amount_pence - allocated_pence), 0)::text AS left FROM funding_receipt WHERE state = 'confirmed'`,
    );
    const left = Number(rows[0]!.left);
    if (left === 0) return;
    await this.queue(left + 100);
    await this.received(100);
  }
}

type Rows = Promise<Record<string, unknown>[]>;

/** What docs/domain.md, "What always holds" 2, says of funding, and that the books agree; empty when all is well. */
export async function brokenFunding(admin: pg.Client): Promise<Record<string, unknown[]>> {
  const ask = async (sql: string): Rows => (await admin.query<Record<string, unknown>>(sql)).rows;
  const found = {
    receipts: await ask(
      `SELECT r.id, r.state, r.amount_pence, r.allocated_pence, coalesce(s.pence, 0) AS slices FROM funding_receipt r
         LEFT JOIN (SELECT receipt_id, sum(pence) AS pence FROM funding_slice WHERE ended_by IS NULL GROUP BY 1) s ON s.receipt_id = r.id
        WHERE r.allocated_pence <> coalesce(s.pence, 0) OR r.allocated_pence > r.amount_pence OR (r.state <> 'confirmed' AND s.pence > 0)`,
    ),
    claims: await ask(
      `SELECT c.id, c.state, c.approved_pence, s.pence FROM claim c
         LEFT JOIN (SELECT claim_id, sum(pence) AS pence FROM funding_slice WHERE ended_by IS NULL GROUP BY 1) s ON s.claim_id = c.id
        WHERE CASE WHEN c.state IN ('funded', 'scheduled', 'paid', 'reconciled') THEN s.pence IS DISTINCT FROM c.approved_pence
                   ELSE s.pence IS NOT NULL END`,
    ),
    // One of which a claim was rejected meanwhile follows at the next act of funding that touches it.
    requests: await ask(
      `SELECT r.id, r.state FROM funding_request r JOIN funding_request_claim q ON q.request_id = r.id AND q.live JOIN claim c ON c.id = q.claim_id
        WHERE r.state IN ('submitted', 'part_paid', 'paid') GROUP BY r.id, r.state
       HAVING NOT bool_or(c.state = 'rejected') AND r.state <> CASE WHEN NOT bool_or(c.state = 'funded') THEN 'submitted' WHEN bool_or(c.state = 'approved') THEN 'part_paid' ELSE 'paid' END`,
    ),
    books: await ask(
      `WITH balance AS (
         SELECT a.name, sum(p.amount_pence) AS pence FROM posting p JOIN ledger_account a ON a.id = p.account_id GROUP BY 1
       ), wanted AS (
         SELECT 'assets:restricted cash' AS name, sum(amount_pence) AS pence FROM funding_receipt WHERE state = 'confirmed'
         UNION ALL
         SELECT 'liabilities:received in advance:DfE', sum(allocated_pence - amount_pence) FROM funding_receipt WHERE state = 'confirmed'
         UNION ALL
         SELECT 'assets:receivable:DfE', sum(approved_pence) FROM claim WHERE state = 'approved'
       )
       SELECT name, b.pence AS booked, w.pence AS wanted FROM wanted w LEFT JOIN balance b USING (name)
        WHERE coalesce(b.pence, 0) <> coalesce(w.pence, 0)`,
    ),
  };
  return Object.fromEntries(Object.entries(found).filter(([, rows]) => rows.length > 0));
}
