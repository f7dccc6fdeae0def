import { appendAudit } from '#audit';
import { type Tx } from '#platform/database';
import { type DocumentModel } from '../documents/document-model.js';
import { deliveryLifecycle, type AttemptEvent, type DeliveryEvent, type DeliveryState } from './delivery-lifecycle.js';
import { errorText } from './document-store.js';

export type Audience = 'payer' | 'authority';

export interface DeliveryRow {
  id: string;
  document_id: string;
  claim_id: string;
  authority_code: string;
  audience: Audience;
  to_address: string;
  message_id: string;
  created_at: Date;
  state: DeliveryState;
  attempts: number;
}

/** A delivery with all that its message is made of. */
export interface DeliveryToSend extends DeliveryRow {
  model: DocumentModel;
  pdf_key: string;
  pdf_sha256: string;
}

const COLUMNS = `y.id, y.document_id, d.claim_id, y.authority_code, y.audience, y.to_address, y.message_id, y.created_at,
  y.state, y.attempts`;

export async function loadDeliveryToSend(tx: Tx, id: string): Promise<DeliveryToSend | null> {
  const [row] = await tx.query<DeliveryToSend>(
    `SELECT ${COLUMNS}, d.model, d.pdf_key, d.pdf_sha256
       FROM delivery y JOIN claim_document d ON d.id = y.document_id WHERE y.id = $1`,
    [id],
  );
  return row ?? null;
}

export async function loadDelivery(tx: Tx, id: string): Promise<DeliveryRow | null> {
  const [row] = await tx.query<DeliveryRow>(
    `SELECT ${COLUMNS} FROM delivery y JOIN claim_document d ON d.id = y.document_id WHERE y.id = $1 FOR UPDATE OF y`,
    [id],
  );
  return row ?? null;
}

/**
 * Marks a delivery as being sent, before any of its data goes out. Returns this attempt's number, which is what a later
 * answer must name, or null when the delivery is not (any more) there to be sent.
 */
export async function markSending(tx: Tx, id: string, repeats: boolean): Promise<number | null> {
  const from = [...deliveryLifecycle.sources('send'), ...(repeats ? deliveryLifecycle.sources('repeat') : [])];
  const [row] = await tx.query<{ attempts: number }>(
    `UPDATE delivery SET state = 'sending', attempts = attempts + 1, sending_at = $2, touched_at = $2
      WHERE id = $1 AND state = ANY ($3) RETURNING attempts`,
    [id, tx.now, from],
  );
  return row?.attempts ?? null;
}

interface Told {
  error?: string;
  /** Counts as an attempt although nothing was sent. */
  counts?: boolean;
  reason?: string;
}

/** What became of an attempt counts only while `attempt` is the one that last marked the delivery. */
export type DeliveryChange =
  | (Told & { event: AttemptEvent; attempt: number })
  | (Told & { event: 'accepted' | 'give_up' | 'retry' | 'resend'; attempt?: never });

const SILENT = new Set<DeliveryEvent>(['not_sent']);

/**
 * Moves a delivery by its lifecycle. Returns false, having done nothing, when it is in no state the event starts from or
 * another attempt is under way. Decided under the lock of its row. Being tried is no change of record; what came of it is,
 * and has its audit entry.
 */
export async function moveDelivery(tx: Tx, id: string, change: DeliveryChange): Promise<boolean> {
  const row = await loadDelivery(tx, id);
  const step = row && deliveryLifecycle.find(row.state, change.event);
  if (!row || !step || (change.attempt !== undefined && change.attempt !== row.attempts)) return false;
  const { to } = step;
  await tx.execute(
    `UPDATE delivery SET state = $2, sent_at = CASE WHEN $2 = 'sent' THEN $3::timestamptz END, touched_at = $3,
            last_error = $4, attempts = attempts + $5 WHERE id = $1`,
    [id, to, tx.now, change.error === undefined ? null : errorText(change.error), change.counts ? 1 : 0],
  );
  if (!SILENT.has(change.event)) await auditDelivery(tx, row, to, change.reason);
  return true;
}

const ACTIONS: Record<DeliveryState, string> = {
  queued: 'delivery.requeued',
  sending: 'delivery.sending',
  sent: 'delivery.sent',
  unconfirmed: 'delivery.unconfirmed',
  failed: 'delivery.failed',
};

async function auditDelivery(tx: Tx, row: DeliveryRow, to: DeliveryState, reason?: string): Promise<void> {
  await appendAudit(tx, {
    chain: row.authority_code,
    action: ACTIONS[to],
    subjectType: 'delivery',
    subjectId: row.id,
    claimId: row.claim_id,
    before: { state: row.state },
    after: { state: to, audience: row.audience, documentId: row.document_id },
    reason: reason ?? null,
  });
}

/**
 * A try that did not even begin: noted, and failed when it was the last. Only while the delivery is queued: once another
 * run of the job has marked it as being sent, how that ends is for that run to say.
 */
export async function noteNotBegun(tx: Tx, id: string, failure: { text: string; final: boolean }): Promise<void> {
  if (failure.final) {
    await moveDelivery(tx, id, { event: 'give_up', error: failure.text, counts: true });
    return;
  }
  await tx.execute(
    `UPDATE delivery SET attempts = attempts + 1, last_error = $2, touched_at = $3 WHERE id = $1 AND state = 'queued'`,
    [id, errorText(failure.text), tx.now],
  );
}
