import { notFound, refused } from '#kernel';
import { type Tx } from '#platform/database';
import { askedFor, type Asked, type RequestState } from '../domain/index.js';
import { lockFunding } from '../programme-funding.js';
import { unusedRecovered } from '../recovered-money.js';
import { type RequestListItem, type RequestView } from './request.view.js';

/** A request's own row. */
export interface RequestRow {
  id: string;
  programme_code: string;
  state: RequestState;
  number: string | null;
  total_pence: number;
  recovered_pence: number;
  claim_count: number;
  created_by: string;
  created_at: Date;
  submitted_by: string | null;
  submitted_at: Date | null;
  cancel_reason: string | null;
  schedule_key: string | null;
  schedule_sha256: string | null;
  version: number;
}

export const REQUEST_COLUMNS = `id, programme_code, state, number, total_pence, recovered_pence, claim_count, created_by, created_at, submitted_by, submitted_at,
  cancel_reason, schedule_key, schedule_sha256, version`;

/** Throws not_found, also for an authority's user. */
export async function loadRequest(tx: Tx, id: string): Promise<RequestRow> {
  const [row] = await tx.query<RequestRow>(`SELECT ${REQUEST_COLUMNS} FROM funding_request WHERE id = $1`, [id]);
  if (!row) throw notFound('funding request');
  return row;
}

/** `loadRequest` for whoever changes it: first the programme's funding, then the request is held until commit. */
export async function lockRequest(tx: Tx, id: string): Promise<RequestRow> {
  const { programme_code } = await loadRequest(tx, id);
  await lockFunding(tx, programme_code);
  await tx.query('SELECT 1 FROM funding_request WHERE id = $1 FOR UPDATE', [id]);
  return loadRequest(tx, id);
}

/**
 * The programme of a request that a receipt names. Throws not_found (also when another programme is named), refused
 * `request_not_submitted`.
 */
export async function payableRequest(tx: Tx, id: string, programme: string | undefined): Promise<string> {
  const request = await loadRequest(tx, id);
  if (programme !== undefined && programme !== request.programme_code) throw notFound('funding request');
  if (request.number === null) throw notSubmitted();
  return request.programme_code;
}

export const notSubmitted = (): Error =>
  refused('request_not_submitted', 'Nobody has asked the funder for this yet: the request is not submitted.');

/** What of the request is asked for; of a draft, what submitting it now would give. */
const askedBy = (row: RequestRow, unusedPence: number): Asked =>
  askedFor(row.total_pence, row.state === 'draft' ? unusedPence : row.recovered_pence);

/** `unusedPence`: recovered money that no request has used, which a draft would use. */
const requestListItem = (row: RequestRow, unusedPence: number): RequestListItem => ({
  id: row.id,
  programme: row.programme_code,
  number: row.number,
  state: row.state,
  ...askedBy(row, unusedPence),
  claimCount: row.claim_count,
  createdBy: row.created_by,
  createdAt: row.created_at.toISOString(),
  submittedBy: row.submitted_by,
  submittedAt: row.submitted_at?.toISOString() ?? null,
  scheduleSha256: row.schedule_sha256,
  cancelReason: row.cancel_reason,
  version: row.version,
});

/** Requests as lists show them, in their order. */
export async function requestListItems(tx: Tx, rows: readonly RequestRow[]): Promise<RequestListItem[]> {
  const unused = new Map<string, number>();
  for (const code of new Set(rows.filter(({ state }) => state === 'draft').map((row) => row.programme_code))) {
    unused.set(code, await unusedRecovered(tx, code));
  }
  return rows.map((row) => requestListItem(row, unused.get(row.programme_code) ?? 0));
}

/** The request as it is now, in the same transaction. Of a cancelled one, the claims it had. */
export async function requestView(tx: Tx, id: string): Promise<RequestView> {
  const row = await loadRequest(tx, id);
  const [claims] = await tx.query<{ ids: string[] }>(
    `SELECT coalesce(json_agg(c.id ORDER BY c.due_on, c.submitted_at, c.id), '[]'::json) AS ids
       FROM funding_request_claim q JOIN claim c ON c.id = q.claim_id WHERE q.request_id = $1 AND (q.live OR $2)`,
    [id, row.state === 'cancelled'],
  );
  const [item] = await requestListItems(tx, [row]);
  return { ...item!, claimIds: claims!.ids };
}
