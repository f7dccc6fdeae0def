import { Inject, Injectable } from '@nestjs/common';
import { conflict, refused } from '#kernel';
import { appendAudit } from '#audit';
import { lockFunding } from '#funding';
import { requireMay } from '#identity';
import { UnitOfWork, type Actor, type Tx } from '#platform/database';
import { EnumField, honourVersion, validateInput, type ExpectedVersion } from '#platform/validation';
import { loadStatementRow, statementView, type StatementRow } from '../statements/statement-record.js';
import { type BankStatementView } from '../statements/statement.view.js';
import { lockStatement } from './line-record.js';
import { bookPlainMatches, type BookedMatch } from './match-books.js';
import { reconcileClaims } from './reconcile-claims.js';
import { reportOf } from './statement-report.js';

const REST = ['suspense'] as const;

export class CloseInput {
  @EnumField(REST, { optional: true, description: 'Puts what nothing explains into suspense, to be explained later.' })
  rest?: (typeof REST)[number];
}

/** A statement is done with: all of it is explained, the books agree, and what it shows stays. */
@Injectable()
export class CloseStatement {
  constructor(@Inject(UnitOfWork) private readonly uow: UnitOfWork) {}

  /**
   * The claims it shows the last of as paid are reconciled. Throws malformed, not_found, forbidden, stale, conflict `state_conflict`,
   * refused `statement_differs` with what differs.
   */
  run(actor: Actor, id: string, body: unknown, version?: ExpectedVersion): Promise<BankStatementView> {
    const { rest } = validateInput(CloseInput, body ?? {});
    return this.uow.run(actor, async (tx) => {
      const { programme_code: programme } = await loadStatementRow(tx, id);
      requireMay(actor, 'bank_statement.reconcile');
      await lockFunding(tx, programme);
      await lockStatement(tx, id);
      const row = await loadStatementRow(tx, id);
      honourVersion(version, row.version);
      if (row.state !== 'read')
        throw conflict('state_conflict', `Only a statement that was read is closed; it is ${row.state}.`);
      const suspended = rest === 'suspense' ? await suspendRest(tx, row) : [];
      await requireAgreed(tx, row);
      await tx.execute(
        `UPDATE bank_statement SET state = 'closed', closed_by = $2, closed_at = $3, updated_at = $3, version = version + 1 WHERE id = $1`,
        [id, actor.userId, tx.now],
      );
      const reconciledClaims = await reconcileClaims(tx, await paymentsOn(tx, id), id);
      await appendAudit(tx, {
        chain: programme,
        action: 'bank_statement.closed',
        subjectType: 'bank_statement',
        subjectId: id,
        before: { state: row.state },
        after: {
          state: 'closed',
          closingPence: row.closing_pence,
          suspended: { count: suspended.length, pence: suspended.reduce((sum, { pence }) => sum + pence, 0) },
          reconciledClaims,
        },
      });
      return statementView(await loadStatementRow(tx, id));
    });
  }
}

/** What is left of every line, in one statement. */
async function suspendRest(tx: Tx, { id, programme_code: programme }: StatementRow): Promise<BookedMatch[]> {
  const matches = await tx.query<BookedMatch>(
    `WITH open AS (
       SELECT l.id, l.amount_pence - l.matched_pence AS pence, coalesce(l.bank_reference, l.end_to_end_id, l.reference, 'line ' || l.seq) AS reference
         FROM bank_line l WHERE l.statement_id = $1 AND l.state <> 'matched'
     ), stored AS (
       INSERT INTO bank_match (id, line_id, kind, pence, how, matched_by, matched_at)
       SELECT bank_match_id($3), o.id, 'suspense', o.pence, 'by_hand', $2, $3 FROM open o
       RETURNING id, line_id, kind, pence
     ) SELECT s.id, s.kind, s.pence, o.reference FROM stored s JOIN open o ON o.id = s.line_id ORDER BY s.id`,
    [id, tx.actor.userId, tx.now],
  );
  await bookPlainMatches(tx, programme, matches);
  return matches;
}

async function requireAgreed(tx: Tx, row: StatementRow): Promise<void> {
  const { differences } = await reportOf(tx, row);
  if (differences.length === 0) return;
  throw refused(
    'statement_differs',
    'The books are not what this statement says. Its report shows what differs.',
    differences.map(({ code, message }) => ({ path: '', code, message })),
  );
}

async function paymentsOn(tx: Tx, statementId: string): Promise<string[]> {
  const rows = await tx.query<{ id: string }>(
    `SELECT DISTINCT m.payment_id AS id FROM bank_line l JOIN bank_match m ON m.line_id = l.id
      WHERE l.statement_id = $1 AND m.kind = 'payment' AND m.ended_at IS NULL ORDER BY 1`,
    [statementId],
  );
  return rows.map(({ id }) => id);
}
