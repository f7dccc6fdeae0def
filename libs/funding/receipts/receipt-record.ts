import { notFound } from '#kernel';
import { type Tx } from '#platform/database';
import { type ReceiptSource, type ReceiptState } from '../domain/index.js';
import { lockFunding } from '../programme-funding.js';
import { type ReceiptListItem, type ReceiptView } from './receipt.view.js';

/** A receipt's own row. */
export interface ReceiptRow {
  id: string;
  programme_code: string;
  state: ReceiptState;
  source: ReceiptSource;
  amount_pence: number;
  allocated_pence: number;
  released_pence: number;
  /** What lines of bank statements show of it. */
  matched_pence: number;
  received_on: string;
  bank_reference: string;
  request_id: string | null;
  recorded_by: string;
  recorded_at: Date;
  evidence: string | null;
  confirmed_by: string | null;
  confirmed_at: Date | null;
  reversed_by: string | null;
  reversed_at: Date | null;
  reverse_reason: string | null;
  version: number;
}

export const RECEIPT_COLUMNS = `id, programme_code, state, source, amount_pence, allocated_pence, released_pence, matched_pence, received_on, bank_reference, request_id, recorded_by,
  recorded_at, evidence, confirmed_by, confirmed_at, reversed_by, reversed_at, reverse_reason, version`;

/** Throws not_found, also for an authority's user. */
export async function loadReceipt(tx: Tx, id: string): Promise<ReceiptRow> {
  const [row] = await tx.query<ReceiptRow>(`SELECT ${RECEIPT_COLUMNS} FROM funding_receipt WHERE id = $1`, [id]);
  if (!row) throw notFound('funding receipt');
  return row;
}

/** `loadReceipt` for whoever changes it: first the programme's funding, then the receipt is held until commit. */
export async function lockReceipt(tx: Tx, id: string): Promise<ReceiptRow> {
  const { programme_code } = await loadReceipt(tx, id);
  await lockFunding(tx, programme_code);
  await tx.query('SELECT 1 FROM funding_receipt WHERE id = $1 FOR UPDATE', [id]);
  return loadReceipt(tx, id);
}

export const receiptListItem = (row: ReceiptRow): ReceiptListItem => ({
  id: row.id,
  programme: row.programme_code,
  state: row.state,
  source: row.source,
  amountPence: row.amount_pence,
  unallocatedPence: row.state === 'reversed' ? 0 : row.amount_pence - row.allocated_pence - row.released_pence,
  releasedPence: row.released_pence,
  receivedOn: row.received_on,
  bankReference: row.bank_reference,
  fundingRequestId: row.request_id,
  recordedBy: row.recorded_by,
  recordedAt: row.recorded_at.toISOString(),
  evidence: row.evidence,
  confirmedBy: row.confirmed_by,
  confirmedAt: row.confirmed_at?.toISOString() ?? null,
  reversedBy: row.reversed_by,
  reversedAt: row.reversed_at?.toISOString() ?? null,
  reverseReason: row.reverse_reason,
  version: row.version,
});

/** The receipt as it is now, in the same transaction. */
export async function receiptView(tx: Tx, id: string): Promise<ReceiptView> {
  const row = await loadReceipt(tx, id);
  const [funded] = await tx.query<{ ids: string[] }>(
    `SELECT coalesce(json_agg(claim_id ORDER BY place), '[]'::json) AS ids FROM funding_slice
      WHERE funded_by = $1 AND seq = 1 AND ended_by IS NULL`,
    [id],
  );
  return { ...receiptListItem(row), fundedClaimIds: funded!.ids };
}
