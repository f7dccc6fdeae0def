import { v7 as uuid } from 'uuid';
import { requirePrintable } from '#platform/pdf';
import { statement, type Tx } from '#platform/database';
import { enqueue } from '#platform/outbox';
import { renderDocumentJob } from './jobs.js';

/** A document with its number taken, everything it prints frozen in `model`. */
export interface NewDocument {
  kind: string;
  programme: string;
  authority: string;
  /** The claim it is about; it is in that claim's timeline. */
  claimId: string | null;
  number: string;
  /** Its place in the series of its programme, authority and kind. */
  seq: number;
  /** London date. */
  issuedOn: string;
  totalPence: number;
  /** The document it corrects. */
  refersTo: string | null;
  model: object;
  /** Where it is e-mailed to; null is no e-mail. */
  payerEmail: string | null;
  authorityEmail: string | null;
}

const INSERT = statement(
  `INSERT INTO document (id, authority_code, programme_code, claim_id, kind, number, seq, issued_on, total_pence, refers_to,
                         model, payer_email, authority_email, created_at, touched_at)
   VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $14)`,
);

/**
 * Records a document and asks for its files and e-mails, in the caller's transaction: it is issued if and only if that
 * commits. Returns its id. Refused `unsupported_character`: what could not be printed would be issued and never made.
 */
export async function issueDocument(tx: Tx, issued: NewDocument): Promise<string> {
  requirePrintable(issued.model);
  const id = uuid();
  await tx.execute(INSERT, [
    ...[id, issued.authority, issued.programme, issued.claimId, issued.kind, issued.number, issued.seq],
    ...[issued.issuedOn, issued.totalPence, issued.refersTo, JSON.stringify(issued.model)],
    ...[issued.payerEmail, issued.authorityEmail, tx.now],
  ]);
  await enqueue(tx, renderDocumentJob, { documentId: id });
  return id;
}
