import { notFound } from '#kernel';
import { type DebtorAccount } from '#programme';
import { type Tx } from '#platform/database';
import { type RunState } from '../domain/index.js';
import { type PaymentView, type RunListItem, type RunView } from './run.view.js';

/** A run's own row. */
export interface RunRow {
  id: string;
  programme_code: string;
  number: string;
  state: RunState;
  total_pence: number;
  payment_count: number;
  claim_count: number;
  debtor: DebtorAccount;
  currency: string;
  prepared_by: string;
  prepared_at: Date;
  approved_by: string | null;
  approved_at: Date | null;
  cancel_reason: string | null;
  file_key: string | null;
  file_sha256: string | null;
  version: number;
}

export const RUN_COLUMNS = `id, programme_code, number, state, total_pence, payment_count, claim_count, debtor, currency, prepared_by,
  prepared_at, approved_by, approved_at, cancel_reason, file_key, file_sha256, version`;

/** Throws not_found, also for an authority's user. */
export async function loadRun(tx: Tx, id: string, lock: 'lock' | 'look' = 'look'): Promise<RunRow> {
  const [row] = await tx.query<RunRow>(
    `SELECT ${RUN_COLUMNS} FROM payment_run WHERE id = $1${lock === 'lock' ? ' FOR UPDATE' : ''}`,
    [id],
  );
  if (!row) throw notFound('payment run');
  return row;
}

export const runListItem = (row: RunRow): RunListItem => ({
  id: row.id,
  programme: row.programme_code,
  number: row.number,
  state: row.state,
  totalPence: row.total_pence,
  paymentCount: row.payment_count,
  claimCount: row.claim_count,
  preparedBy: row.prepared_by,
  preparedAt: row.prepared_at.toISOString(),
  approvedBy: row.approved_by,
  approvedAt: row.approved_at?.toISOString() ?? null,
  cancelReason: row.cancel_reason,
  fileSha256: row.file_sha256,
  version: row.version,
});

/** An instant as the API writes it. */
export const isoInstant = (column: string): string =>
  `to_char(${column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;

/** A payment `p` to its account `b`. */
export const PAYMENT_COLUMNS = `p.id, p.authority_code AS authority, p.amount_pence AS "amountPence", p.reference, p.end_to_end_id AS "endToEndId",
            coalesce((SELECT sum(s.pence) FROM adjustment_set_off s WHERE s.payment_id = p.id), 0)::bigint AS "setOffPence",
            p.state, ${isoInstant('p.settled_at')} AS "settledAt", b.account_name AS "accountName", right(coalesce(b.account_number, b.iban), 4) AS "lastFour",
            (SELECT json_agg(c.id ORDER BY c.due_on, c.submitted_at, c.id) FROM payment_claim i JOIN claim c ON c.id = i.claim_id
              WHERE i.payment_id = p.id) AS "claimIds",
            coalesce((SELECT json_agg(a.id ORDER BY a.approved_at, a.id) FROM adjustment_set_off s JOIN adjustment a ON a.id = s.adjustment_id
              WHERE s.payment_id = p.id), '[]') AS "adjustmentIds",
            (SELECT d.number FROM payment_remittance m JOIN document d ON d.id = m.document_id WHERE m.payment_id = p.id) AS "remittanceNumber"`;

/** The payments of a run, by authority. */
export function paymentsOf(tx: Tx, runId: string): Promise<PaymentView[]> {
  return tx.query<PaymentView>(
    `SELECT ${PAYMENT_COLUMNS} FROM payment p JOIN bank_details b ON b.authority_code = p.authority_code AND b.version = p.account_version
      WHERE p.run_id = $1 ORDER BY p.authority_code`,
    [runId],
  );
}

/** The run as it is now, in the same transaction. */
export async function runView(tx: Tx, id: string): Promise<RunView> {
  return { ...runListItem(await loadRun(tx, id)), payments: await paymentsOf(tx, id) };
}

/** The payments of a run; `unasked` are those the bank is not asked for, since they are wholly set off. */
export async function paymentIdsOf(tx: Tx, runId: string, which: 'all' | 'unasked'): Promise<string[]> {
  const rows = await tx.query<{ id: string }>(
    `SELECT id FROM payment WHERE run_id = $1 AND ($2 OR amount_pence = 0) ORDER BY id`,
    [runId, which === 'all'],
  );
  return rows.map(({ id }) => id);
}

/** The claims of a run, as changeState takes them. */
export const claimsOfRun = (id: string) => ({
  sql: 'SELECT i.claim_id AS id FROM payment_claim i JOIN payment p ON p.id = i.payment_id WHERE p.run_id = $1 AND i.live',
  values: [id],
});

/** Who approved a claim of a run: none of them approves the run. */
export async function approversOf(tx: Tx, runId: string): Promise<string[]> {
  const { sql, values } = claimsOfRun(runId);
  const rows = await tx.query<{ id: string }>(
    `SELECT DISTINCT c.approved_by AS id FROM claim c WHERE c.id IN (${sql}) AND c.approved_by IS NOT NULL`,
    values,
  );
  return rows.map(({ id }) => id);
}
