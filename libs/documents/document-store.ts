import { v7 as uuid } from 'uuid';
import { appendAudit } from '#audit';
import { statement, type Tx } from '#platform/database';
import { type StoredFile } from '#platform/storage';
import { type DeliveryToSend } from './delivery-store.js';
import { messageIdOf } from './message-id.js';
import { columnText } from './failure-text.js';
import { type Audience } from './domain/index.js';
import { documentLifecycle, type DocumentState } from './domain/index.js';

export interface DocumentRow {
  id: string;
  authority_code: string;
  claim_id: string | null;
  kind: string;
  number: string;
  state: DocumentState;
  model: object;
  payer_email: string | null;
  authority_email: string | null;
}

const ONE = statement(
  `SELECT id, authority_code, claim_id, kind, number, state, model, payer_email, authority_email
     FROM document WHERE id = $1`,
);

export async function loadDocument(tx: Tx, id: string): Promise<DocumentRow | null> {
  const [row] = await tx.query<DocumentRow>(ONE, [id]);
  return row ?? null;
}

/** The files of a stored document. */
export interface DocumentFiles {
  pdf: StoredFile;
  xml: StoredFile | null;
}

export type DocumentChange =
  | { event: 'store'; files: DocumentFiles; /** Said in the audit entry. */ facts: object }
  | { event: 'give_up'; error: string }
  | { event: 'retry'; reason: string | null };

const ACTIONS: Record<DocumentState, string> = {
  pending: 'document.requeued',
  stored: 'document.stored',
  failed: 'document.failed',
};

const LOCKED = statement('SELECT authority_code, claim_id, state FROM document WHERE id = $1 FOR UPDATE');
const MOVE = statement(
  `UPDATE document SET state = $2, touched_at = $3, last_error = $4, attempts = CASE WHEN $5 THEN 0 ELSE attempts + 1 END,
          pdf_key = $6, pdf_sha256 = $7, pdf_size = $8, xml_key = $9, xml_sha256 = $10, xml_size = $11, stored_at = $12
    WHERE id = $1`,
);

/**
 * Moves a document by its lifecycle and says so in the audit trail. Returns false, having done nothing, when it is in no
 * state the event starts from. Decided under the lock of its row.
 */
export async function moveDocument(tx: Tx, id: string, change: DocumentChange): Promise<boolean> {
  const [row] = await tx.query<Pick<DocumentRow, 'authority_code' | 'claim_id' | 'state'>>(LOCKED, [id]);
  const step = row && documentLifecycle.find(row.state, change.event);
  if (!row || !step) return false;
  const files = change.event === 'store' ? change.files : null;
  const error = change.event === 'give_up' ? columnText(change.error) : null;
  await tx.execute(MOVE, [
    ...[id, step.to, tx.now, error, change.event === 'retry'],
    ...[files?.pdf.key, files?.pdf.sha256, files?.pdf.size].map((value) => value ?? null),
    ...[files?.xml?.key, files?.xml?.sha256, files?.xml?.size].map((value) => value ?? null),
    files ? tx.now : null,
  ]);
  await appendAudit(tx, {
    chain: row.authority_code,
    action: ACTIONS[step.to],
    subjectType: 'document',
    subjectId: id,
    ...(row.claim_id === null ? {} : { claimId: row.claim_id }),
    before: { state: row.state },
    after: { state: step.to, ...(change.event === 'store' ? change.facts : {}) },
    reason: change.event === 'retry' ? change.reason : null,
  });
  return true;
}

/**
 * Records where the files are and makes the e-mails, which it returns, the payer's first; null, having done nothing, when
 * another worker was faster. `from` is the sender's address: their Message-IDs never change from here on.
 */
export async function recordStored(
  tx: Tx,
  row: DocumentRow,
  files: DocumentFiles,
  from: string,
): Promise<DeliveryToSend[] | null> {
  const { pdf, xml } = files;
  const mails = mailsOf(row, from);
  const ids = mails.map((mail) => mail.id);
  const facts = {
    number: row.number,
    pdfSha256: pdf.sha256,
    pdfSize: pdf.size,
    ...(xml && { xmlSha256: xml.sha256, xmlSize: xml.size }),
    deliveries: ids,
  };
  if (!(await moveDocument(tx, row.id, { event: 'store', files, facts }))) return null;
  await createDeliveries(tx, row, mails);
  return mails.toReversed().map((mail) => ({
    ...{ id: mail.id, document_id: row.id, claim_id: row.claim_id, authority_code: row.authority_code },
    ...{ audience: mail.audience, to_address: mail.address, message_id: mail.messageId, created_at: tx.now },
    ...{ state: 'queued', attempts: 0, letter: null, kind: row.kind, number: row.number, model: row.model },
    ...{ pdf_key: pdf.key, pdf_sha256: pdf.sha256 },
  }));
}

interface NewMail {
  id: string;
  audience: Audience;
  address: string;
  messageId: string;
}

/** One e-mail to each address the document was issued with. */
function mailsOf(row: DocumentRow, from: string): NewMail[] {
  const to: [Audience, string | null][] = [
    // The copy first, so that a mailbox shows the message to the payer on top.
    ['authority', row.authority_email],
    ['payer', row.payer_email],
  ];
  return to.flatMap(([audience, address]) => {
    if (address === null) return [];
    const id = uuid();
    return [{ audience, address, id, messageId: messageIdOf(id, from) }];
  });
}

const NEW_MAILS = statement(
  `INSERT INTO delivery (id, document_id, authority_code, audience, to_address, message_id, created_at, touched_at)
   SELECT made.id, $1, $2, made.audience, made.address, made.message_id, $3, $3
     FROM unnest($4::uuid[], $5::text[], $6::text[], $7::text[]) AS made (id, audience, address, message_id)`,
);

async function createDeliveries(tx: Tx, row: DocumentRow, mails: readonly NewMail[]): Promise<void> {
  await tx.execute(NEW_MAILS, [
    ...[row.id, row.authority_code, tx.now],
    mails.map((one) => one.id),
    mails.map((one) => one.audience),
    mails.map((one) => one.address),
    mails.map((one) => one.messageId),
  ]);
}

/** Records a failed try; `final` makes it visible as failed. Does nothing to a document that is not pending. */
export async function recordRenderFailure(
  tx: Tx,
  id: string,
  failure: { text: string; final: boolean },
): Promise<void> {
  if (failure.final) {
    await moveDocument(tx, id, { event: 'give_up', error: failure.text });
    return;
  }
  await tx.execute(
    `UPDATE document SET attempts = attempts + 1, last_error = $2, touched_at = $3
      WHERE id = $1 AND state = 'pending'`,
    [id, columnText(failure.text), tx.now],
  );
}
