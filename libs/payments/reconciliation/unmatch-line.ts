import { Inject, Injectable } from '@nestjs/common';
import { conflict, notFound } from '#kernel';
import { appendAudits } from '#audit';
import { undoRepayment } from '#claims';
import { UnitOfWork, type Actor, type Tx } from '#platform/database';
import { validateInput, type ExpectedVersion } from '#platform/validation';
import { lineViewOf } from '../statements/line-view.js';
import { type StatementLineView } from '../statements/line.view.js';
import { endMatches, liveMatches, lockLine, targetsOf, type LineRow, type MatchRow } from './line-record.js';
import { lockTrailOf } from './lock-trail.js';
import { unbookPlainMatches } from './match-books.js';
import { UnmatchInput } from './match.input.js';
import { readPayments, type PaymentRow } from './payment-record.js';
import { PaymentSteps } from './payment-steps.js';
import { ReceiptSteps, type ElsewhereMatch } from './receipt-steps.js';
import { reconcileClaims } from './reconcile-claims.js';

/** A line was not what somebody, or the exact matching, took it for: the matches end, and everything that followed is reversed. */
@Injectable()
export class UnmatchLine {
  constructor(
    @Inject(UnitOfWork) private readonly uow: UnitOfWork,
    @Inject(PaymentSteps) private readonly payments: PaymentSteps,
    @Inject(ReceiptSteps) private readonly receipts: ReceiptSteps,
  ) {}

  /**
   * Throws malformed, not_found, forbidden, stale, conflict `line_not_matched`, `statement_closed`, `payment_returned`, `payment_paid_again`,
   * `adjustment_taken`, `receipt_in_use`, `receipt_shown_elsewhere`.
   */
  run(
    actor: Actor,
    statementId: string,
    lineId: string,
    body: unknown,
    version?: ExpectedVersion,
  ): Promise<StatementLineView> {
    const input = validateInput(UnmatchInput, body ?? {});
    return this.uow.run(actor, async (tx) => {
      const line = await lockLine(tx, statementId, lineId, version);
      requireOpenStatement(line);
      const matches = wanted(await liveMatches(tx, lineId), input.matchIds);
      const payments = await readPayments(tx, targetsOf(matches, 'payment', 'payment_return'));
      requireKept(matches, payments);
      const elsewhere = await this.receipts.shownWith(tx, targetsOf(matches, 'receipt'), lineId);
      await endMatches(tx, [...matches, ...elsewhere], input.reason);
      await this.follow(tx, line, { matches, payments }, input.reason);
      await tell(tx, line, [...matches.map((match) => ({ ...match, ...whereOf(line) })), ...elsewhere], input.reason);
      return lineViewOf(tx, lineId);
    });
  }

  private async follow(
    tx: Tx,
    line: LineRow,
    { matches, payments }: { matches: readonly MatchRow[]; payments: readonly PaymentRow[] },
    reason: string,
  ): Promise<void> {
    const { programme } = line;
    await lockTrailOf(tx, programme, matches);
    await unbookPlainMatches(tx, matches, reason);
    const was = new Map(payments.map((payment) => [payment.id, payment]));
    const details = { bankStatementId: line.statementId, bankLineId: line.id };
    await this.payments.follow(tx, was, { programme, reason, details });
    // A return undone: a payment whose own lines are on closed statements was reconciled before it came back, and nothing closes again.
    await reconcileClaims(tx, [...was.keys()], line.statementId);
    await this.receipts.hidden(tx, programme, targetsOf(matches, 'receipt'), reason);
    for (const id of targetsOf(matches, 'repayment')) await undoRepayment(tx, id, line.id);
  }
}

function requireOpenStatement({ statementState }: LineRow): void {
  if (statementState !== 'closed') return;
  const why = 'The statement is closed: what it shows stays. Money that comes back is on a later statement.';
  throw conflict('statement_closed', why);
}

function wanted(live: readonly MatchRow[], ids: readonly string[] | undefined): MatchRow[] {
  if (live.length === 0) throw conflict('line_not_matched', 'Nothing is matched to this line.');
  if (ids === undefined) return [...live];
  const named = new Set(ids.map((id) => id.toLowerCase()));
  const found = live.filter(({ id }) => named.has(id));
  if (found.length !== named.size) throw notFound('match');
  return found;
}

/** A payment that came back, in part or in full, was made: first the return is undone. */
function requireKept(matches: readonly MatchRow[], payments: readonly PaymentRow[]): void {
  const debits = new Set(targetsOf(matches, 'payment'));
  const back = payments.find(({ id, returnedPence }) => debits.has(id) && returnedPence > 0);
  if (!back) return;
  throw conflict(
    'payment_returned',
    `Another line shows that ${back.reference} came back. Undo the match with that line first.`,
  );
}

const whereOf = ({ id, statementId }: LineRow) => ({ lineId: id, statementId });

/** One entry a line. */
async function tell(tx: Tx, { programme }: LineRow, ended: readonly ElsewhereMatch[], reason: string): Promise<void> {
  const lines = new Map(ended.map(({ lineId, statementId }) => [lineId, statementId]));
  await appendAudits(
    tx,
    [...lines].map(([lineId, statementId]) => ({
      chain: programme,
      action: 'bank_line.unmatched',
      subjectType: 'bank_line',
      subjectId: lineId,
      before: {
        matches: ended
          .filter((match) => match.lineId === lineId)
          .map(({ kind, targetId, pence }) => ({ kind, targetId, amountPence: pence })),
      },
      after: { bankStatementId: statementId },
      reason,
    })),
  );
}
