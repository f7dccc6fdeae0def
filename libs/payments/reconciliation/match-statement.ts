import { Inject, Injectable } from '@nestjs/common';
import { appendAudits } from '#audit';
import { type Tx } from '#platform/database';
import { lineIdOf } from '../statements/line-batch.js';
import { type FoundExactly, type NamedLine } from './exact-lines.js';
import { matchCredits, matchReturns, storeSeveral, type LineOfPayment } from './exact-matches.js';
import { lockTrail } from './lock-trail.js';
import { PaymentSteps, type Why } from './payment-steps.js';
import { ReceiptSteps } from './receipt-steps.js';
import { holdWhatWasPaidAfterAll } from './refused-yet-shown.js';

/** A statement that has just been read, with what its lines were found to be. */
export interface FreshStatement {
  id: string;
  found: FoundExactly;
}

/** What follows from lines that came matched, and the matches that cannot be made before a statement is whole. */
@Injectable()
export class MatchStatement {
  constructor(
    @Inject(PaymentSteps) private readonly payments: PaymentSteps,
    @Inject(ReceiptSteps) private readonly receipts: ReceiptSteps,
  ) {}

  /** For statements of one programme, in the transaction that brought them and holds the programme's funding (`ExactLines.begin`). */
  async match(tx: Tx, programme: string, statements: readonly FreshStatement[]): Promise<void> {
    const statementIds = statements.map(({ id }) => id);
    await holdWhatWasPaidAfterAll(tx, programme, statementIds);
    await tx.query(`SET LOCAL work_mem = '64MB'`); // what is sorted and grouped here is a whole statement
    const why: Why = { programme, reason: null, details: { bankStatementIds: statementIds } };
    await storeSeveral(tx, linesOf(statements, 'several'));
    const paid = new Map(statements.flatMap(({ found }) => [...found.payments]));
    const credits = statements.reduce((sum, { found }) => sum + found.credits, 0);
    // Returns and receipts: each tells authorities of its own.
    if (credits >= (paid.size > 0 ? 1 : 2)) await lockTrail(tx, programme);
    await this.payments.follow(tx, paid, why);
    // After the debits: a statement may show a payment and its return.
    const returned = await matchReturns(tx, linesOf(statements, 'mayReturn'));
    await this.payments.follow(tx, new Map(returned.map((payment) => [payment.id, payment])), why);
    const receiptIds = credits === 0 ? [] : await matchCredits(tx, statementIds);
    if (receiptIds.length > 0) await this.receipts.shown(tx, programme, receiptIds);
    await tell(tx, programme, statements, { paymentIds: returned.map(({ id }) => id), receiptIds });
  }
}

/** In the order of the file. */
const linesOf = (statements: readonly FreshStatement[], which: 'several' | 'mayReturn'): LineOfPayment[] =>
  statements.flatMap(({ id, found }) =>
    found[which].map(({ seq, paymentId, pence }: NamedLine) => ({ lineId: lineIdOf(id, seq), paymentId, pence })),
  );

interface Count {
  id: string;
  lineCount: number;
  matchedCount: number;
  returns: number;
  receipts: number;
}

/** One entry a statement: which line shows what is in the matches, which never change. */
async function tell(
  tx: Tx,
  programme: string,
  statements: readonly FreshStatement[],
  { paymentIds, receiptIds }: { paymentIds: readonly string[]; receiptIds: readonly string[] },
): Promise<void> {
  const counts = await tx.query<Count>(
    `WITH shown AS (
       SELECT l.statement_id, m.kind FROM bank_match m JOIN bank_line l ON l.id = m.line_id
        WHERE m.how = 'exact' AND (m.payment_id = ANY ($2::uuid[]) AND m.kind = 'payment_return' OR m.receipt_id = ANY ($3::uuid[]))
     )
     SELECT b.id, b.line_count AS "lineCount", b.matched_count AS "matchedCount",
            (SELECT count(*)::int FROM shown s WHERE s.statement_id = b.id AND s.kind = 'payment_return') AS returns,
            (SELECT count(*)::int FROM shown s WHERE s.statement_id = b.id AND s.kind = 'receipt') AS receipts
       FROM bank_statement b WHERE b.id = ANY ($1::uuid[]) ORDER BY b.id`,
    [statements.map(({ id }) => id), paymentIds, receiptIds],
  );
  const payments = new Map(statements.map(({ id, found }) => [id, found.single + found.several.length]));
  const told = counts
    .map(({ id, lineCount, matchedCount, ...shown }) => {
      return { id, after: { lineCount, matchedCount, payments: payments.get(id)!, ...shown } };
    })
    .filter(({ after }) => after.payments + after.returns + after.receipts > 0);
  await appendAudits(
    tx,
    told.map(({ id, after }) => ({
      chain: programme,
      action: 'bank_statement.matched',
      subjectType: 'bank_statement',
      subjectId: id,
      after,
    })),
  );
}
