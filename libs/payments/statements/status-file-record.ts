import { notFound } from '#kernel';
import { type Tx } from '#platform/database';
import type { LoadedStatusFileView, PaymentStatusView, StatusFileState, StatusFileView } from './status-file.view.js';

export interface StatusFileRow {
  id: string;
  programme_code: string;
  state: StatusFileState;
  message_id: string | null;
  original_message_id: string | null;
  group_status: string | null;
  status_count: number;
  applied_count: number;
  reason_code: string | null;
  reason_where: string | null;
  reason: string | null;
  file_sha256: string;
  file_key: string;
  file_size: number;
  loaded_by: string;
  loaded_at: Date;
}

export const STATUS_FILE_COLUMNS = `id, programme_code, state, message_id, original_message_id, group_status, status_count, applied_count,
  reason_code, reason_where, reason, file_sha256, file_key, file_size, loaded_by, loaded_at`;

/** As many as the answer to loading a report holds. */
const STATUSES_OF_AN_ANSWER = 200;

/** Throws not_found, also for an authority's user. */
export async function loadStatusFileRow(tx: Tx, id: string): Promise<StatusFileRow> {
  const [row] = await tx.query<StatusFileRow>(`SELECT ${STATUS_FILE_COLUMNS} FROM payment_status_file WHERE id = $1`, [
    id,
  ]);
  if (!row) throw notFound('payment status file');
  return row;
}

export const statusFileView = (row: StatusFileRow): StatusFileView => ({
  id: row.id,
  programme: row.programme_code,
  state: row.state,
  messageId: row.message_id,
  paymentRun: row.original_message_id,
  groupStatus: row.group_status,
  statusCount: row.status_count,
  appliedCount: row.applied_count,
  reasonCode: row.reason_code,
  reasonWhere: row.reason_where,
  reason: row.reason,
  fileSha256: row.file_sha256,
  fileSize: row.file_size,
  loadedBy: row.loaded_by,
  loadedAt: row.loaded_at.toISOString(),
});

export function statusesAfter(tx: Tx, fileId: string, after: number, limit: number): Promise<PaymentStatusView[]> {
  return tx.query<PaymentStatusView>(
    `SELECT seq, end_to_end_id AS "endToEndId", payment_id AS "paymentId", status, outcome, reason_code AS "reasonCode", effect
       FROM payment_status WHERE file_id = $1 AND seq > $2 ORDER BY seq LIMIT $3`,
    [fileId, after, limit],
  );
}

/** The report as it is now, in the same transaction. */
export async function loadedStatusFile(tx: Tx, id: string, known: boolean): Promise<LoadedStatusFileView> {
  const statuses = await statusesAfter(tx, id, 0, STATUSES_OF_AN_ANSWER);
  return { ...statusFileView(await loadStatusFileRow(tx, id)), known, statuses };
}
