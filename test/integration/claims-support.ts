import { expect } from '@jest/globals';
import type { ClaimBody } from '#claims/domain';
import { claimBody, training, trainerInvoice } from '../builders/claim-body.js';
import { finance, manager, MTM } from '../support/people.js';
import { type Reply, type Service } from '../support/service.js';

export { finance, manager, MTM };

/** As much of a claim as the tests look at. */
export interface Claim {
  id: string;
  state: string;
  version: number;
  authority: string;
  invoiceNumber: string | null;
  totalPence: number;
  approvedPence: number | null;
  submittedAt: string | null;
  dueOn: string | null;
  hold: object | null;
  waitingFor: string | null;
  expectedPaymentOn: string | null;
  estimatedFrom: string | null;
  flags: { code: string; path: string; message: string }[];
  calculation: Calculation;
  trainerInvoices: {
    id: string;
    number: string;
    paidOn: string | null;
    paymentProof: object | null;
    distinct: object | null;
    lines: { id: string; kind: string; category?: string; netPence: number; decision: unknown }[];
  }[];
}

export interface Calculation {
  categories: Record<
    string,
    { netPence: number; eligiblePence: number; reimbursementPence: number; days?: string; fundedDays?: string }
  >;
  totalPence: number;
  grossPence: number;
  vatPence: number;
  aboveRatePence: number;
  authorityPence: number;
  working: { for: string; text: string; inputs: object; resultPence: number }[];
  problems: ProblemItem[];
}

export interface ProblemItem {
  path: string;
  code: string;
  message: string;
}

export interface ProblemBody {
  status: number;
  code: string;
  detail: string;
  errors: ProblemItem[];
}

export interface Items<T> {
  items: T[];
  nextCursor: string | null;
}

let serial = 0;
/** A trainer invoice number that no other test uses. */
export const nextNumber = (): string => `INV-${++serial}-${process.pid}`;

/** A claim of one paid invoice with one targeted line, half a day unless told otherwise. */
export function simpleBody(authority: string, over: Parameters<typeof training>[0] = {}, number = nextNumber()) {
  const lines = [training({ trainerDays: '0.5', netPence: 50_000, ...over })];
  return claimBody([trainerInvoice(lines, { number })], { authority });
}

/** The calls of a claim's life, each expected to succeed unless it is asked for as `try…`. */
export class Claims {
  constructor(private readonly service: Service) {}

  async draft(body: ClaimBody, by = finance(body.authority)): Promise<Claim> {
    const answer = await this.service.post<Claim>(by, '/claims', body);
    expect([answer.status, answer.status === 201 ? '' : answer.text]).toEqual([201, '']);
    return answer.body;
  }

  tryStep(by: string, id: string, name: string, body: unknown = {}, headers: Record<string, string> = {}) {
    return this.service.post<Claim & ProblemBody>(by, `/claims/${id}/${name}`, body, headers);
  }

  async step(by: string, id: string, name: string, body: unknown = {}): Promise<Claim> {
    const answer = await this.tryStep(by, id, name, body);
    expect([name, answer.status, answer.status === 200 ? '' : answer.text]).toEqual([name, 200, '']);
    return answer.body;
  }

  async submitted(body: ClaimBody): Promise<Claim> {
    return this.step(finance(body.authority), (await this.draft(body)).id, 'submit');
  }

  async reviewed(body: ClaimBody, review: unknown = {}): Promise<Claim> {
    return this.step(MTM.finance, (await this.submitted(body)).id, 'review', review);
  }

  async approved(body: ClaimBody, review: unknown = {}): Promise<Claim> {
    return this.step(MTM.approver, (await this.reviewed(body, review)).id, 'approve');
  }

  async read(by: string, id: string): Promise<Claim> {
    const answer = await this.service.get<Claim>(by, `/claims/${id}`);
    expect(answer.status).toBe(200);
    return answer.body;
  }

  async flags(by: string, id: string): Promise<string[]> {
    return (await this.read(by, id)).flags.map(({ code }) => code).sort();
  }
}

/** Status, code and the codes of the problems of a refusal: what a client decides by. */
export const refusal = (answer: Reply<unknown>): [number, string, ...string[]] => {
  const body = answer.body as ProblemBody;
  return [answer.status, body.code, ...(body.errors ?? []).map(({ code }) => code)];
};

/** Takes an authority's days of a category down (or up) to `days`, behind everybody's back. */
export async function allot(service: Service, authority: string, category: string, days: string): Promise<void> {
  await service.admin.query(
    `WITH changed AS (UPDATE allocation SET allotted_days = $3::numeric + reserved_days + used_days
                       WHERE authority_code = $1 AND category = $2 RETURNING id, authority_code)
     INSERT INTO allocation_entry (allocation_id, authority_code, kind, days, at, actor_id)
     SELECT c.id, c.authority_code, 'moved', a.allotted_days * 0 + $3::numeric + a.reserved_days + a.used_days - a.allotted_days, now(), $4
       FROM changed c JOIN allocation a ON a.id = c.id`,
    [authority, category, days, '00000000-0000-0000-0000-000000000000'],
  );
}
