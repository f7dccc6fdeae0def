import { appendAudits, type AuditRecord } from '#audit';
import { statement, type Tx } from '#platform/database';
import {
  deliveryLifecycle,
  type AttemptEvent,
  type Audience,
  type DeliveryEvent,
  type DeliveryState,
  type Letter,
} from './domain/index.js';
import { columnText } from './failure-text.js';

export interface DeliveryRow {
  id: string;
  /** Null for a notice. */
  document_id: string | null;
  claim_id: string | null;
  authority_code: string;
  audience: Audience;
  to_address: string;
  message_id: string;
  created_at: Date;
  state: DeliveryState;
  attempts: number;
}

/** What an e-mail carries: a stored document, or, as a notice, only its words. */
type Carried =
  | {
      document_id: string;
      letter: null;
      kind: string;
      number: string;
      model: object;
      /** Null when the document failed and is to be made again. */
      pdf_key: string | null;
      pdf_sha256: string | null;
    }
  | { document_id: null; letter: Letter };

/** A delivery with all that its message is made of. */
export type DeliveryToSend = Omit<DeliveryRow, 'document_id'> & Carried;

const COLUMNS = `y.id, y.document_id, d.claim_id, y.authority_code, y.audience, y.to_address, y.message_id, y.created_at,
  y.state, y.attempts`;

const TO_SEND = `SELECT ${COLUMNS}, y.letter, d.kind, d.number, d.model, d.pdf_key, d.pdf_sha256
  FROM delivery y LEFT JOIN document d ON d.id = y.document_id`;
const THESE = statement(`${TO_SEND} WHERE y.id = ANY ($1) ORDER BY array_position($1, y.id)`);
const OF_DOCUMENT = statement(`${TO_SEND} WHERE y.document_id = $1 ORDER BY y.audience DESC`);

/** Those there are of `ids`, in their order. */
export function loadDeliveriesToSend(tx: Tx, ids: readonly string[]): Promise<DeliveryToSend[]> {
  return tx.query<DeliveryToSend>(THESE, [ids]);
}

/** The e-mails of a document, the payer's first. */
export function loadDeliveriesOf(tx: Tx, documentId: string): Promise<DeliveryToSend[]> {
  return tx.query<DeliveryToSend>(OF_DOCUMENT, [documentId]);
}

const LOCKED = statement(
  `SELECT ${COLUMNS} FROM delivery y LEFT JOIN document d ON d.id = y.document_id
    WHERE y.id = ANY ($1) ORDER BY y.id FOR UPDATE OF y`,
);

export async function loadDelivery(tx: Tx, id: string): Promise<DeliveryRow | null> {
  const [row] = await tx.query<DeliveryRow>(LOCKED, [[id]]);
  return row ?? null;
}

const MARK = statement(
  `UPDATE delivery SET state = 'sending', attempts = attempts + 1, sending_at = $2, touched_at = $2
    WHERE id = ANY ($1) AND state = ANY ($3) RETURNING id, attempts`,
);

/**
 * Marks deliveries as being sent, before any of their data goes out. Returns for each the number of this attempt, which
 * is what a later answer must name; one that is not (any more) there to be sent has none.
 */
export async function markSending(tx: Tx, ids: readonly string[], repeats: boolean): Promise<Map<string, number>> {
  const from = [...deliveryLifecycle.sources('send'), ...(repeats ? deliveryLifecycle.sources('repeat') : [])];
  const rows = await tx.query<{ id: string; attempts: number }>(MARK, [ids, tx.now, from]);
  return new Map(rows.map((row) => [row.id, row.attempts]));
}

interface Told {
  id: string;
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

const MOVE = statement(
  `UPDATE delivery AS y SET state = moved.state, sent_at = CASE WHEN moved.state = 'sent' THEN $1::timestamptz END,
          touched_at = $1, last_error = moved.error, attempts = y.attempts + moved.counted
     FROM unnest($2::uuid[], $3::text[], $4::text[], $5::int[]) AS moved (id, state, error, counted)
    WHERE y.id = moved.id`,
);

/**
 * Moves deliveries by their lifecycle. Returns the ids of those that moved: not one that is in no state its event starts
 * from, nor one with another attempt under way. Decided under the locks of their rows. Being tried is no change of
 * record; what came of it is, and has its audit entry.
 */
export async function moveDeliveries(tx: Tx, changes: readonly DeliveryChange[]): Promise<Set<string>> {
  const rows = await tx.query<DeliveryRow>(LOCKED, [changes.map((change) => change.id)]);
  const moves = rows.flatMap((row) => {
    const change = changes.find(({ id }) => id === row.id)!;
    const step = deliveryLifecycle.find(row.state, change.event);
    return step && (change.attempt ?? row.attempts) === row.attempts ? [{ row, change, to: step.to }] : [];
  });
  if (moves.length === 0) return new Set();
  await tx.execute(MOVE, [
    tx.now,
    moves.map(({ row }) => row.id),
    moves.map(({ to }) => to),
    moves.map(({ change }) => (change.error === undefined ? null : columnText(change.error))),
    moves.map(({ change }) => (change.counts ? 1 : 0)),
  ]);
  const told = moves.filter(({ change }) => !SILENT.has(change.event));
  await appendAudits(
    tx,
    told.map(({ row, change, to }) => auditOf(row, to, change.reason)),
  );
  return new Set(moves.map(({ row }) => row.id));
}

/** `moveDeliveries` of one: whether it moved. */
export async function moveDelivery(tx: Tx, change: DeliveryChange): Promise<boolean> {
  return (await moveDeliveries(tx, [change])).size > 0;
}

const ACTIONS: Record<DeliveryState, string> = {
  queued: 'delivery.requeued',
  sending: 'delivery.sending',
  sent: 'delivery.sent',
  unconfirmed: 'delivery.unconfirmed',
  failed: 'delivery.failed',
};

const auditOf = (row: DeliveryRow, to: DeliveryState, reason?: string): AuditRecord => ({
  chain: row.authority_code,
  action: ACTIONS[to],
  subjectType: 'delivery',
  subjectId: row.id,
  ...(row.claim_id === null ? {} : { claimId: row.claim_id }),
  before: { state: row.state },
  after: { state: to, audience: row.audience, ...(row.document_id && { documentId: row.document_id }) },
  reason: reason ?? null,
});

const NOT_BEGUN = statement(
  `UPDATE delivery SET attempts = attempts + 1, last_error = $2, touched_at = $3 WHERE id = ANY ($1) AND state = 'queued'`,
);

/**
 * A try that did not even begin: noted, and failed when it was the last. Only while a delivery is queued: once another
 * run of the job has marked it as being sent, how that ends is for that run to say.
 */
export async function noteNotBegun(
  tx: Tx,
  ids: readonly string[],
  failure: { text: string; final: boolean },
): Promise<void> {
  if (failure.final) {
    await moveDeliveries(
      tx,
      ids.map((id) => ({ id, event: 'give_up', error: failure.text, counts: true })),
    );
    return;
  }
  await tx.execute(NOT_BEGUN, [ids, columnText(failure.text), tx.now]);
}
