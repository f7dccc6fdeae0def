import { v7 as uuid } from 'uuid';
import { appendAudit, type AuditRecord } from '#audit';
import { type Tx } from '#platform/database';
import { enqueueAll } from '#platform/outbox';
import { type StoredFile } from '#platform/storage';
import { type DocumentModel } from '../documents/document-model.js';
import { type DocumentState } from './delivery-lifecycle.js';
import { sendDeliveryJob } from './jobs.js';

export interface DocumentRow {
  id: string;
  authority_code: string;
  claim_id: string;
  number: string;
  state: DocumentState;
  model: DocumentModel;
  payer_email: string;
  authority_email: string | null;
}

/** Why something failed, short enough for its column. */
export const errorText = (text: string): string => text.replace(/\p{Cc}+/gu, ' ').slice(0, 500);

export async function loadDocument(tx: Tx, id: string, forUpdate = false): Promise<DocumentRow | null> {
  const [row] = await tx.query<DocumentRow>(
    `SELECT id, authority_code, claim_id, number, state, model, payer_email, authority_email
       FROM claim_document WHERE id = $1${forUpdate ? ' FOR UPDATE' : ''}`,
    [id],
  );
  return row ?? null;
}

const audit = (tx: Tx, row: DocumentRow, record: Pick<AuditRecord, 'action' | 'before' | 'after' | 'reason'>) =>
  appendAudit(tx, {
    chain: row.authority_code,
    subjectType: 'document',
    subjectId: row.id,
    claimId: row.claim_id,
    ...record,
  });

export { audit as auditDocument };

/**
 * Records where the files are, makes the e-mails and asks for them. Returns false, having done nothing, when another
 * worker was faster. `mailDomain` is the right side of their Message-IDs, which from here on never change.
 */
export async function recordStored(
  tx: Tx,
  row: DocumentRow,
  files: { pdf: StoredFile; xml: StoredFile },
  mailDomain: string,
): Promise<boolean> {
  const { pdf, xml } = files;
  const changed = await tx.execute(
    `UPDATE claim_document SET state = 'stored', pdf_key = $2, pdf_sha256 = $3, pdf_size = $4, xml_key = $5,
            xml_sha256 = $6, xml_size = $7, stored_at = $8, touched_at = $8, attempts = attempts + 1, last_error = NULL
      WHERE id = $1 AND state = 'pending'`,
    [row.id, pdf.key, pdf.sha256, pdf.size, xml.key, xml.sha256, xml.size, tx.now],
  );
  if (changed === 0) return false;
  const ids = await createDeliveries(tx, row, mailDomain);
  await enqueueAll(
    tx,
    sendDeliveryJob,
    ids.map((deliveryId) => ({ deliveryId })),
  );
  await audit(tx, row, {
    action: 'document.stored',
    before: { state: 'pending' },
    after: {
      state: 'stored',
      number: row.number,
      pdfSha256: pdf.sha256,
      pdfSize: pdf.size,
      xmlSha256: xml.sha256,
      xmlSize: xml.size,
      deliveries: ids,
    },
  });
  return true;
}

/** One e-mail to the payer and, when it has a contact, a separate copy to the authority. */
async function createDeliveries(tx: Tx, row: DocumentRow, mailDomain: string): Promise<string[]> {
  const payer = { audience: 'payer', address: row.payer_email };
  // The copy first, so that a mailbox shows the message to the payer on top.
  const to = row.authority_email ? [{ audience: 'authority', address: row.authority_email }, payer] : [payer];
  const made = to.map((one) => ({ ...one, id: uuid() }));
  await tx.execute(
    `INSERT INTO delivery (id, document_id, authority_code, audience, to_address, message_id, created_at, touched_at)
     SELECT made.id, $1, $2, made.audience, made.address, made.message_id, $3, $3
       FROM unnest($4::uuid[], $5::text[], $6::text[], $7::text[]) AS made (id, audience, address, message_id)`,
    [
      row.id,
      row.authority_code,
      tx.now,
      made.map((one) => one.id),
      made.map((one) => one.audience),
      made.map((one) => one.address),
      made.map((one) => `<${one.id}@${mailDomain}>`),
    ],
  );
  return made.map((one) => one.id);
}

/** Records a failed try; `final` makes it visible as failed. Does nothing to a document that is not pending. */
export async function recordRenderFailure(
  tx: Tx,
  id: string,
  failure: { text: string; final: boolean },
): Promise<void> {
  const row = await loadDocument(tx, id, true);
  if (row?.state !== 'pending') return;
  const state = failure.final ? 'failed' : 'pending';
  await tx.execute(
    `UPDATE claim_document SET state = $2, attempts = attempts + 1, last_error = $3, touched_at = $4 WHERE id = $1`,
    [id, state, errorText(failure.text), tx.now],
  );
  if (failure.final)
    await audit(tx, row, { action: 'document.failed', before: { state: 'pending' }, after: { state } });
}
