import { notFound } from '#kernel';
import { lockFunding } from '#funding';
import { requireMay } from '#identity';
import { type Tx } from '#platform/database';
import { honourVersion, type ExpectedVersion } from '#platform/validation';
import { type MatchKind } from '../domain/index.js';

/** A line of a bank statement as matching looks at it. */
export interface LineRow {
  id: string;
  seq: number;
  statementId: string;
  statementState: string;
  statementVersion: number;
  programme: string;
  amountPence: number;
  matchedPence: number;
  currency: string;
  /** What the bank calls it: for the books. */
  reference: string;
}

/** Throws not_found, also for an authority's user. */
export async function loadLine(tx: Tx, statementId: string, lineId: string): Promise<LineRow> {
  const [row] = await tx.query<LineRow>(
    `SELECT l.id, l.seq, b.id AS "statementId", b.state AS "statementState", b.version AS "statementVersion", b.programme_code AS programme,
            l.amount_pence AS "amountPence", l.matched_pence AS "matchedPence", l.currency,
            coalesce(l.bank_reference, l.end_to_end_id, l.reference, 'line ' || l.seq) AS reference
       FROM bank_line l JOIN bank_statement b ON b.id = l.statement_id WHERE l.id = $1 AND b.id = $2`,
    [lineId, statementId],
  );
  if (!row) throw notFound('line of a bank statement');
  return row;
}

/** Holds the statement until commit: whoever matches or closes it does so one after another. */
export async function lockStatement(tx: Tx, statementId: string): Promise<void> {
  await tx.query('SELECT 1 FROM bank_statement WHERE id = $1 FOR UPDATE', [statementId]);
}

export interface MatchRow {
  id: string;
  kind: MatchKind;
  targetId: string | null;
  pence: number;
}

/** What a line is matched to now. */
export const liveMatches = (tx: Tx, lineId: string): Promise<MatchRow[]> =>
  tx.query<MatchRow>(
    `SELECT id, kind, target_id AS "targetId", pence FROM bank_match WHERE line_id = $1 AND ended_at IS NULL ORDER BY id`,
    [lineId],
  );

/** Ends matches; what they showed follows by the caller. */
export async function endMatches(tx: Tx, matches: readonly MatchRow[], reason: string): Promise<void> {
  await tx.execute(
    'UPDATE bank_match SET ended_by = $2, ended_at = $3, end_reason = $4 WHERE id = ANY ($1::uuid[]) AND ended_at IS NULL',
    [matches.map(({ id }) => id), tx.actor.userId, tx.now, reason],
  );
}

/** The targets of one kind, each once. */
export const targetsOf = (matches: readonly MatchRow[], ...kinds: readonly MatchKind[]): string[] => [
  ...new Set(matches.filter(({ kind }) => kinds.includes(kind)).map(({ targetId }) => targetId!)),
];

/**
 * A line that somebody is about to match or unmatch, as it is once its statement and the programme's funding are locked.
 * Throws not_found, forbidden, stale.
 */
export async function lockLine(
  tx: Tx,
  statementId: string,
  lineId: string,
  version: ExpectedVersion | undefined,
): Promise<LineRow> {
  const { programme } = await loadLine(tx, statementId, lineId);
  requireMay(tx.actor, 'bank_statement.reconcile');
  await lockFunding(tx, programme);
  await lockStatement(tx, statementId);
  const line = await loadLine(tx, statementId, lineId);
  honourVersion(version, line.statementVersion);
  return line;
}
