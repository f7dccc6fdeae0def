import { Inject, Injectable } from '@nestjs/common';
import { appendAudits } from '#audit';
import { lockFunding } from '#funding';
import { type Tx } from '#platform/database';
import { matchCredits, matchDebits, matchReturns } from './exact-matches.js';
import { lockTrail } from './lock-trail.js';
import { PaymentSteps, type Why } from './payment-steps.js';
import { ReceiptSteps } from './receipt-steps.js';
import { holdWhatWasPaidAfterAll } from './refused-yet-shown.js';
import { type PaymentState } from '../domain/index.js';

/**
 * Matches whole statements by what the bank gives exactly: end-to-end ids, references, receipts' bank references with their
 * amounts. A few statements of the database, however many lines there are.
 */
@Injectable()
export class MatchStatement {
  constructor(
    @Inject(PaymentSteps) private readonly payments: PaymentSteps,
    @Inject(ReceiptSteps) private readonly receipts: ReceiptSteps,
  ) {}

  /**
   * For statements of one programme whose lines are all there, in the transaction that brought them. What is matched already
   * stays as it is.
   */
  async match(tx: Tx, statementIds: readonly string[]): Promise<void> {
    const [of] = await tx.query<{ programme: string }>(
      'SELECT programme_code AS programme FROM bank_statement WHERE id = ANY ($1::uuid[]) LIMIT 1',
      [statementIds],
    );
    if (!of) return;
    const { programme } = of;
    await lockFunding(tx, programme);
    await holdWhatWasPaidAfterAll(tx, programme, statementIds);
    await tx.query(`SET LOCAL work_mem = '64MB'`); // what is sorted and grouped here is a whole statement
    const why: Why = { programme, reason: null, details: { bankStatementIds: statementIds } };
    const paid = await matchDebits(tx, statementIds);
    if (await hasOpenCredits(tx, statementIds, paid.length > 0 ? 1 : 2)) await lockTrail(tx, programme);
    await this.payments.follow(tx, all(paid, 'scheduled'), why);
    // After the debits: a statement may show a payment and its return.
    await this.payments.follow(tx, all(await matchReturns(tx, statementIds), 'settled'), why);
    const receiptIds = await matchCredits(tx, statementIds);
    if (receiptIds.length > 0) await this.receipts.shown(tx, programme, receiptIds);
    await tell(tx, programme, statementIds);
  }
}

/** At least so many credits nothing explains yet: returns and receipts, of which each tells authorities of its own. */
async function hasOpenCredits(tx: Tx, statementIds: readonly string[], atLeast: number): Promise<boolean> {
  const found = await tx.query(
    'SELECT 1 FROM bank_line WHERE statement_id = ANY ($1::uuid[]) AND amount_pence > 0 AND matched_pence = 0 LIMIT $2',
    [statementIds, atLeast],
  );
  return found.length === atLeast;
}

const all = (paymentIds: readonly string[], state: PaymentState): Map<string, PaymentState> =>
  new Map(paymentIds.map((id) => [id, state]));

interface Count {
  id: string;
  lineCount: number;
  matchedCount: number;
  payments: number;
  returns: number;
  receipts: number;
}

/** One entry a statement: which line shows what is in the matches, which never change. */
async function tell(tx: Tx, programme: string, statementIds: readonly string[]): Promise<void> {
  const counts = await tx.query<Count>(
    `SELECT b.id, b.line_count AS "lineCount", b.matched_count AS "matchedCount", count(*) FILTER (WHERE m.kind = 'payment')::int AS payments,
            count(*) FILTER (WHERE m.kind = 'payment_return')::int AS returns, count(*) FILTER (WHERE m.kind = 'receipt')::int AS receipts
       FROM bank_statement b JOIN bank_line l ON l.statement_id = b.id JOIN bank_match m ON m.line_id = l.id AND m.how = 'exact'
      WHERE b.id = ANY ($1::uuid[]) GROUP BY b.id ORDER BY b.id`,
    [statementIds],
  );
  await appendAudits(
    tx,
    counts.map(({ id, ...after }) => ({
      chain: programme,
      action: 'bank_statement.matched',
      subjectType: 'bank_statement',
      subjectId: id,
      after,
    })),
  );
}
