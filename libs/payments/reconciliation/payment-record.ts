import { notFound } from '#kernel';
import { type ClaimSelection } from '#claims';
import { type Tx } from '#platform/database';
import { type PaymentState } from '../domain/index.js';

/** A payment as reconciling looks at it. */
export interface PaymentRow {
  id: string;
  authority: string;
  programme: string;
  runId: string;
  runState: string;
  state: PaymentState;
  amountPence: number;
  matchedPence: number;
  returnedPence: number;
  reference: string;
  endToEndId: string;
  settledCount: number;
  version: number;
}

const COLUMNS = `p.id, p.authority_code AS authority, r.programme_code AS programme, p.run_id AS "runId", r.state AS "runState", p.state,
  p.amount_pence AS "amountPence", p.matched_pence AS "matchedPence", p.returned_pence AS "returnedPence", p.reference,
  p.end_to_end_id AS "endToEndId", p.settled_count AS "settledCount", p.version`;

/** In the order of their ids; the payer's people alone find any. */
export function readPayments(tx: Tx, ids: readonly string[]): Promise<PaymentRow[]> {
  return tx.query<PaymentRow>(
    `SELECT ${COLUMNS} FROM payment p JOIN payment_run r ON r.id = p.run_id WHERE p.id = ANY ($1::uuid[]) ORDER BY p.id`,
    [ids],
  );
}

/** Throws not_found when one of them is not there. */
export async function requirePayments(tx: Tx, ids: readonly string[]): Promise<PaymentRow[]> {
  const rows = await readPayments(tx, ids);
  if (rows.length !== new Set(ids).size) throw notFound('payment');
  return rows;
}

/** The claims that payments pay, as changeState takes them: those that were not freed since. */
export const claimsPaidBy = (paymentIds: readonly string[]): ClaimSelection => ({
  sql: 'SELECT i.claim_id AS id FROM payment_claim i WHERE i.payment_id = ANY ($1::uuid[]) AND i.live',
  values: [paymentIds],
});

/** The bank was asked for it, and no line shows anything of it. */
export const isRefusable = ({ state, runState, matchedPence }: PaymentRow): boolean =>
  state === 'scheduled' && runState === 'approved' && matchedPence === 0;
