import { conflict, malformed, notFound, refused, type Problem } from '#kernel';
import { type Tx } from '#platform/database';
import { type MatchTarget } from '../domain/index.js';
import { type LineRow } from './line-record.js';
import { type MatchInput } from './match.input.js';
import { requirePayments, type PaymentRow } from './payment-record.js';

/** What somebody named, as it is now. */
export interface Named {
  targets: MatchTarget[];
  payments: PaymentRow[];
}

const once = (ids: readonly string[] | undefined): string[] => [...new Set((ids ?? []).map((id) => id.toLowerCase()))];

/**
 * Reads what a line is said to be. Throws malformed for nothing or an amount of what is not named; not_found; refused
 * `match_wrong_direction` for a credit that pays or a debit that brings money; conflict `state_conflict` for what has no part in
 * a statement as it is.
 */
export async function readTargets(tx: Tx, line: LineRow, input: MatchInput): Promise<Named> {
  requireSomething(input);
  const incoming = line.amountPence > 0;
  const payments = await requirePayments(tx, once(input.paymentIds));
  requireOwn(line, payments);
  const receipts = await receiptTargets(tx, line, once(input.receiptIds));
  const repaid = await adjustmentTargets(tx, line, once(input.adjustmentIds));
  if (!incoming && receipts.length + repaid.length > 0) {
    const why = 'Money went out here: a receipt or a repayment is money that came in.';
    throw refused('match_wrong_direction', why);
  }
  const paid = payments.map((payment, at) => paymentTarget(payment, incoming, `paymentIds[${at}]`));
  return { targets: [...paid, ...receipts, ...repaid], payments };
}

function requireSomething({ paymentIds, receiptIds, adjustmentIds, account, amounts }: MatchInput): void {
  const named = new Set([...once(paymentIds), ...once(receiptIds), ...once(adjustmentIds)]);
  if (named.size === 0 && account === undefined) {
    const message = 'Say what the line is: payments, receipts, adjustments or an account.';
    throw malformed([{ path: 'paymentIds', code: 'required', message }]);
  }
  const strange = (amounts ?? []).flatMap(({ id }, at): Problem[] =>
    named.has(id.toLowerCase())
      ? []
      : [
          {
            path: `amounts[${at}].id`,
            code: 'not_one_of',
            message: 'This is an amount of something that is not named.',
          },
        ],
  );
  if (strange.length > 0) throw malformed(strange);
}

function requireOwn(line: LineRow, found: readonly { programme: string }[]): void {
  if (found.some(({ programme }) => programme !== line.programme)) throw notFound('payment');
}

/** A debit makes a payment, a credit brings one back. */
function paymentTarget(payment: PaymentRow, incoming: boolean, path: string): MatchTarget {
  const { id, state, runState, amountPence, matchedPence, returnedPence, reference } = payment;
  if (runState !== 'approved') {
    throw conflict(
      'run_not_approved',
      `Payment ${reference} is in a run that is ${runState}: the bank was not asked for it.`,
    );
  }
  const [kind, needed, openPence] = incoming
    ? (['payment_return', 'settled', amountPence - returnedPence] as const)
    : (['payment', 'scheduled', amountPence - matchedPence] as const);
  if (state === needed && openPence > 0) return { kind, id, openPence, path };
  const words = incoming ? 'Only a payment that is settled comes back' : 'Only a payment that is scheduled is paid';
  throw conflict('state_conflict', `${words}; ${reference} is ${state}.`);
}

async function receiptTargets(tx: Tx, line: LineRow, ids: readonly string[]): Promise<MatchTarget[]> {
  const rows = await tx.query<{ id: string; state: string; openPence: number }>(
    `SELECT id, state, amount_pence - matched_pence AS "openPence" FROM funding_receipt
      WHERE id = ANY ($1::uuid[]) AND programme_code = $2 AND source = 'funder' ORDER BY id`,
    [ids, line.programme],
  );
  if (rows.length !== ids.length) throw notFound('receipt');
  return rows.map(({ id, state, openPence }) => {
    if (state === 'reversed' || openPence === 0) {
      const why = state === 'reversed' ? 'it was reversed' : 'other lines show all of it';
      throw conflict('state_conflict', `A line cannot be this receipt: ${why}.`);
    }
    return { kind: 'receipt', id, openPence, path: `receiptIds[${ids.indexOf(id)}]` };
  });
}

async function adjustmentTargets(tx: Tx, line: LineRow, ids: readonly string[]): Promise<MatchTarget[]> {
  const rows = await tx.query<{ id: string; state: string; openPence: number }>(
    `SELECT id, state, amount_pence - taken_pence AS "openPence" FROM adjustment
      WHERE id = ANY ($1::uuid[]) AND programme_code = $2 ORDER BY id`,
    [ids, line.programme],
  );
  if (rows.length !== ids.length) throw notFound('adjustment');
  return rows.map(({ id, state, openPence }) => {
    if (state !== 'approved' || openPence === 0) {
      throw conflict('state_conflict', `Nothing is owed of this adjustment; it is ${state}.`);
    }
    return { kind: 'repayment', id, openPence, path: `adjustmentIds[${ids.indexOf(id)}]` };
  });
}
