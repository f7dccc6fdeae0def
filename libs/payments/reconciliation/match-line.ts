import { Inject, Injectable } from '@nestjs/common';
import { v7 as uuid } from 'uuid';
import { conflict, refused } from '#kernel';
import { appendAudit } from '#audit';
import { recordRepayment } from '#claims';
import { requireMay } from '#identity';
import { UnitOfWork, type Actor, type Tx } from '#platform/database';
import { validateInput, type ExpectedVersion } from '#platform/validation';
import { planMatch, SUSPENSE, type PlannedMatch } from '../domain/index.js';
import { lineViewOf } from '../statements/line-view.js';
import { type StatementLineView } from '../statements/line.view.js';
import { reconcileClaims } from './reconcile-claims.js';
import { endMatches, liveMatches, loadLine, lockLine, targetsOf, type LineRow, type MatchRow } from './line-record.js';
import { lockTrailOf } from './lock-trail.js';
import { bookPlainMatches, unbookPlainMatches } from './match-books.js';
import { readTargets, type Named } from './match-targets.js';
import { MatchInput } from './match.input.js';
import { PaymentSteps } from './payment-steps.js';
import { ReceiptSteps } from './receipt-steps.js';
import { suggestionsFor } from './suggestions-for.js';

/** What matching would do, in pence signed as the line. */
export interface MatchPreview {
  matches: PlannedMatch[];
  /** What nothing explains of the line before it. */
  leftPence: number;
  /** And what would be left after it. */
  restPence: number;
}

/**
 * MTM finance says what a line of a bank statement is. Whoever prepared or approved the run may: the bank is the witness that
 * the money moved, and a match makes no payment (docs/adr/0034-reconciliation.md).
 */
@Injectable()
export class MatchLine {
  constructor(
    @Inject(UnitOfWork) private readonly uow: UnitOfWork,
    @Inject(PaymentSteps) private readonly payments: PaymentSteps,
    @Inject(ReceiptSteps) private readonly receipts: ReceiptSteps,
  ) {}

  /**
   * Throws malformed, not_found, forbidden, stale, conflict `line_matched`, `state_conflict`, `run_not_approved`,
   * refused `match_wrong_direction`, `match_does_not_fit`, `repayment_exceeds_balance`.
   */
  run(
    actor: Actor,
    statementId: string,
    lineId: string,
    body: unknown,
    version?: ExpectedVersion,
  ): Promise<StatementLineView> {
    const input = validateInput(MatchInput, body ?? {});
    return this.uow.run(actor, async (tx) => {
      const line = await lockLine(tx, statementId, lineId, version);
      const named = await readTargets(tx, line, input);
      const unexplained = await requireOpen(tx, line, input);
      const ideas = (await suggestionsFor(tx, [lineId])).get(lineId) ?? [];
      await this.explain(tx, unexplained);
      const leftPence = line.amountPence - line.matchedPence + sum(unexplained);
      const planned = plan(line, leftPence, named, input);
      requireOnce(await liveMatches(tx, lineId), planned);
      const matches = await store(tx, line, planned, new Set(ideas.map(({ id }) => id)));
      await this.follow(tx, line, matches, named);
      await tell(tx, line, matches, unexplained);
      return lineViewOf(tx, lineId);
    });
  }

  /**
   * How much of the line each thing named would take, and what would be left; stores nothing, and nothing that follows is looked
   * into. Throws malformed, not_found, forbidden, conflict and refused as `run`.
   */
  preview(actor: Actor, statementId: string, lineId: string, body: unknown): Promise<MatchPreview> {
    const input = validateInput(MatchInput, body ?? {});
    return this.uow.read(actor, async (tx) => {
      const line = await loadLine(tx, statementId, lineId);
      requireMay(actor, 'bank_statement.reconcile');
      const named = await readTargets(tx, line, input);
      const unexplained = await requireOpen(tx, line, input);
      const leftPence = line.amountPence - line.matchedPence + sum(unexplained);
      const planned = plan(line, leftPence, named, input);
      requireOnce(await liveMatches(tx, lineId), planned);
      return { matches: planned, leftPence, restPence: leftPence - sum(planned) };
    });
  }

  /** What lay in suspense is explained: that match ends, and its journal is reversed. */
  private async explain(tx: Tx, matches: readonly MatchRow[]): Promise<void> {
    if (matches.length === 0) return;
    await endMatches(tx, matches, EXPLAINED);
    await unbookPlainMatches(tx, matches, EXPLAINED);
  }

  private async follow(tx: Tx, line: LineRow, matches: readonly MatchRow[], { payments }: Named): Promise<void> {
    const { programme } = line;
    await lockTrailOf(tx, programme, matches);
    const was = new Map(payments.map((payment) => [payment.id, payment]));
    await bookPlainMatches(
      tx,
      programme,
      matches.map((match) => ({ ...match, reference: line.reference })),
    );
    const details = { bankStatementId: line.statementId, bankLineId: line.id };
    await this.payments.follow(tx, was, { programme, reason: null, details });
    if (line.statementState === 'closed') await reconcileClaims(tx, [...was.keys()], line.statementId);
    const receipts = targetsOf(matches, 'receipt');
    if (receipts.length > 0) await this.receipts.shown(tx, programme, receipts);
    for (const { kind, targetId, pence } of matches) {
      if (kind === 'repayment') await recordRepayment(tx, targetId!, pence, line.id);
    }
  }
}

const EXPLAINED = 'The line was explained.';
const sum = (matches: readonly { pence: number }[]): number => matches.reduce((total, { pence }) => total + pence, 0);

/** Answers what of the line lies in suspense. Throws conflict `line_matched`. */
async function requireOpen(tx: Tx, line: LineRow, { account }: MatchInput): Promise<MatchRow[]> {
  const unexplained = (await liveMatches(tx, line.id)).filter(({ kind }) => kind === 'suspense');
  if (line.matchedPence === line.amountPence && (unexplained.length === 0 || account === SUSPENSE)) {
    throw conflict('line_matched', 'All of this line is explained already. Undo that first if it is wrong.');
  }
  return unexplained;
}

/** A line shows a thing by one match, which never changes. Throws conflict `line_matched`. */
function requireOnce(live: readonly MatchRow[], planned: readonly PlannedMatch[]): void {
  const twice = planned.some((one) =>
    live.some(({ kind, targetId }) => kind === one.kind && targetId === one.targetId),
  );
  if (!twice) return;
  throw conflict(
    'line_matched',
    'A part of this line is matched to the same already. Undo that match, then match the line with all of the amount.',
  );
}

function plan(line: LineRow, leftPence: number, { targets }: Named, input: MatchInput): PlannedMatch[] {
  const amounts = new Map((input.amounts ?? []).map(({ id, amountPence }) => [id.toLowerCase(), amountPence]));
  const account = input.account ?? null;
  const { matches, problems } = planMatch({ leftPence, currency: line.currency, targets, amounts, account });
  if (problems.length > 0) {
    throw refused('match_does_not_fit', 'This does not fit the line. See what is said of each.', problems);
  }
  const rest = leftPence - sum(matches);
  // All of a closed statement is explained, or lies in suspense.
  if (line.statementState !== 'closed' || rest === 0) return matches;
  return [...matches, { kind: 'suspense', targetId: null, pence: rest }];
}

async function store(
  tx: Tx,
  line: LineRow,
  planned: readonly PlannedMatch[],
  ideas: ReadonlySet<string>,
): Promise<MatchRow[]> {
  const matches = planned.map((match) => ({ id: uuid(), ...match }));
  await tx.execute(
    `INSERT INTO bank_match (id, line_id, kind, target_id, pence, how, matched_by, matched_at)
     SELECT m.id, $1, m.kind, m.target, m.pence, m.how, $2, $3
       FROM unnest($4::uuid[], $5::text[], $6::uuid[], $7::bigint[], $8::text[]) AS m (id, kind, target, pence, how)`,
    [
      ...[line.id, tx.actor.userId, tx.now],
      matches.map(({ id }) => id),
      matches.map(({ kind }) => kind),
      matches.map(({ targetId }) => targetId),
      matches.map(({ pence }) => pence),
      matches.map(({ targetId }) => (targetId !== null && ideas.has(targetId) ? 'suggestion' : 'by_hand')),
    ],
  );
  return matches;
}

async function tell(
  tx: Tx,
  line: LineRow,
  matches: readonly MatchRow[],
  unexplained: readonly MatchRow[],
): Promise<void> {
  await appendAudit(tx, {
    chain: line.programme,
    action: 'bank_line.matched',
    subjectType: 'bank_line',
    subjectId: line.id,
    before: unexplained.length > 0 ? { suspensePence: sum(unexplained) } : null,
    after: {
      bankStatementId: line.statementId,
      matches: matches.map(({ kind, targetId, pence }) => ({ kind, targetId, amountPence: pence })),
    },
  });
}
