import { notFound } from '#kernel';
import { type Tx } from '#platform/database';
import { gapsBetween, type Neighbour, type StatementGap } from '../domain/index.js';
import type { GapView, StatementState, BankStatementView } from './statement.view.js';

/** A statement's own row, with what the one before it says. */
export interface StatementRow {
  id: string;
  programme_code: string;
  state: StatementState;
  format: 'camt053' | 'mt940' | 'csv';
  file_sha256: string;
  file_key: string;
  file_size: number;
  place: number;
  last_four: string | null;
  currency: string | null;
  statement_id: string | null;
  sequence: number | null;
  opening_pence: number | null;
  closing_pence: number | null;
  opening_on: string | null;
  closing_on: string | null;
  from_on: string | null;
  to_on: string | null;
  ends_on: string | null;
  line_count: number;
  matched_count: number;
  reason_code: string | null;
  reason_where: string | null;
  reason: string | null;
  replaced_by: string | null;
  loaded_by: string;
  loaded_at: Date;
  closed_by: string | null;
  closed_at: Date | null;
  version: number;
  before: (Neighbour & { id: string }) | null;
}

/** Statements of an account follow each other by their last day, then by the place that they were given in it. */
const PLACE = (alias: string): string => `(${alias}.ends_on, ${alias}.day_place)`;

/** `SELECT` of statements `s`; a condition and an order may follow. */
export const SELECT_STATEMENTS = `SELECT s.id, s.programme_code, s.state, s.format, s.file_sha256, s.file_key, s.file_size, s.place,
    right(s.account_key, 4) AS last_four, s.currency, s.statement_id, s.sequence, s.opening_pence, s.closing_pence, s.opening_on, s.closing_on,
    s.from_on, s.to_on, s.ends_on, s.line_count, s.matched_count, s.reason_code, s.reason_where, s.reason, s.replaced_by, s.loaded_by, s.loaded_at,
    s.closed_by, s.closed_at, s.version, p.before
  FROM bank_statement s
  LEFT JOIN LATERAL (
    SELECT json_build_object('id', p.id, 'sequence', p.sequence, 'openingPence', p.opening_pence, 'closingPence', p.closing_pence,
                             'endsOn', p.ends_on) AS before
      FROM bank_statement p
     WHERE p.programme_code = s.programme_code AND p.account_key = s.account_key AND p.state <> 'quarantined'
       AND ${PLACE('p')} < ${PLACE('s')}
     ORDER BY p.ends_on DESC, p.day_place DESC LIMIT 1) p ON true`;

/** Throws not_found, also for an authority's user. */
export async function loadStatementRow(tx: Tx, id: string): Promise<StatementRow> {
  const [row] = await tx.query<StatementRow>(`${SELECT_STATEMENTS} WHERE s.id = $1`, [id]);
  if (!row) throw notFound('bank statement');
  return row;
}

export const statementView = (row: StatementRow): BankStatementView => ({
  id: row.id,
  programme: row.programme_code,
  state: row.state,
  format: row.format,
  account: row.last_four === null ? null : { lastFour: row.last_four },
  currency: row.currency,
  statementId: row.statement_id,
  sequence: row.sequence,
  openingPence: row.opening_pence,
  closingPence: row.closing_pence,
  openingOn: row.opening_on,
  closingOn: row.closing_on,
  fromOn: row.from_on,
  toOn: row.to_on,
  lineCount: row.line_count,
  matchedCount: row.matched_count,
  gaps: gapsOf(row),
  reasonCode: row.reason_code,
  reasonWhere: row.reason_where,
  reason: row.reason,
  replacedBy: row.replaced_by,
  fileSha256: row.file_sha256,
  fileSize: row.file_size,
  loadedBy: row.loaded_by,
  loadedAt: row.loaded_at.toISOString(),
  closedBy: row.closed_by,
  closedAt: row.closed_at?.toISOString() ?? null,
  version: row.version,
});

function gapsOf(row: StatementRow): GapView[] {
  const { before, opening_pence: openingPence, closing_pence: closingPence, ends_on: endsOn, sequence } = row;
  if (before === null || openingPence === null || closingPence === null || endsOn === null) return [];
  return gapsBetween(before, { sequence, openingPence, closingPence, endsOn }).map((gap) => gapView(gap, before.id));
}

const NOTHING = { missingFrom: null, missingTo: null, expectedPence: null, foundPence: null };

const gapView = (gap: StatementGap, afterStatement: string): GapView => ({
  ...NOTHING,
  ...gap,
  afterStatement,
  message:
    gap.code === 'sequence_missing'
      ? `Between this statement and the one before, ${numbers(gap)} of the account never came. Ask the bank for it.`
      : 'This statement does not begin where the one before ended: one between them is missing, or was loaded out of order.',
});

const numbers = ({ missingFrom, missingTo }: { missingFrom: number; missingTo: number }): string =>
  missingFrom === missingTo ? `number ${missingFrom}` : `numbers ${missingFrom} to ${missingTo}`;
