import type pg from 'pg';
import { v7 as uuid } from 'uuid';
import { type Api, type Database, type Services } from '../support/services.js';

/** Two people of the payer's finance: one records and reverses, the other confirms. */
const RECORDER = 'finance@mtm.example';
const CONFIRMER = 'finance2@mtm.example';

interface Answer {
  id: string;
  fundedClaimIds: string[];
}

/** The funder's receipts over HTTP. */
export class Receipts {
  private constructor(
    private readonly api: Api,
    private readonly tokens: ReadonlyMap<string, string>,
  ) {}

  static async over(services: Services, database: Database, api: Api): Promise<Receipts> {
    return new Receipts(api, await services.tokens(database, [RECORDER, CONFIRMER]));
  }

  async record(amountPence: number): Promise<string> {
    const bankReference = `DFE ${uuid()}`;
    const body = { amountPence, receivedOn: '2018-05-01', bankReference };
    return (await this.post(201, RECORDER, '', body)).answer.id;
  }

  /** Milliseconds that it took. Throws unless it funds so many claims. */
  async confirm(id: string, claims: number): Promise<number> {
    const { ms, answer } = await this.post(200, CONFIRMER, `/${id}/confirm`, { evidence: 'Advice' });
    if (answer.fundedClaimIds.length === claims) return ms;
    throw new Error(`${answer.fundedClaimIds.length} of ${claims} claims were funded`);
  }

  async reverse(id: string): Promise<void> {
    await this.post(200, RECORDER, `/${id}/reverse`, { reason: 'It never came' });
  }

  private async post(
    status: number,
    user: string,
    path: string,
    body: object,
  ): Promise<{ ms: number; answer: Answer }> {
    const token = this.tokens.get(user)!;
    const headers = { 'idempotency-key': uuid() };
    const reply = await this.api.client.expect(
      ...([status, 'POST', `/api/v1/funding-receipts${path}`, token, JSON.stringify(body), headers] as const),
    );
    return { ms: reply.ms, answer: JSON.parse(reply.text) as Answer };
  }
}

/**
 * A recorded receipt, written by SQL: the API takes at most £100 million at once, which a million claims are more than.
 */
export async function recordByHand(client: pg.Client, id: string, amountPence: number): Promise<void> {
  await client.query(
    `INSERT INTO funding_receipt (id, programme_code, state, amount_pence, received_on, bank_reference, reference_key, recorded_by, recorded_at, updated_at)
     SELECT $1, 'EIP2', 'recorded', $2, '2018-05-01', 'DFE ALL', 'DFEALL', u.id, '2018-05-01T12:00Z', '2018-05-01T12:00Z'
       FROM user_account u WHERE u.email = $3`,
    [id, amountPence, RECORDER],
  );
}

/** Pence that the first so many claims of the queue wait for. */
export async function pendingPence(client: pg.Client, claims: number): Promise<number> {
  const { rows } = await client.query<{ pence: string }>(
    `SELECT sum(approved_pence) AS pence FROM (
       SELECT approved_pence FROM claim WHERE programme_code = 'EIP2' AND state = 'approved' AND held_at IS NULL
        ORDER BY due_on, submitted_at, id LIMIT $1) AS first`,
    [claims],
  );
  return Number(rows[0]!.pence);
}
