import { v7 as uuid } from 'uuid';
import { requirePrintable } from '#platform/pdf';
import { statement, type Tx } from '#platform/database';
import { enqueueAll } from '#platform/outbox';
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
   SELECT d.*, $2, $2 FROM json_to_recordset($1::json) AS d (id uuid, authority text, programme text, "claimId" uuid, kind text,
          number text, seq int, "issuedOn" date, "totalPence" bigint, "refersTo" uuid, model jsonb, "payerEmail" text,
          "authorityEmail" text)`,
);

/**
 * Records a document and asks for its files and e-mails, in the caller's transaction: it is issued if and only if that
 * commits. Returns its id. Refused `unsupported_character`: what could not be printed would be issued and never made.
 */
export async function issueDocument(tx: Tx, issued: NewDocument): Promise<string> {
  const [id] = await issueDocuments(tx, [issued]);
  return id!;
}

/** As `issueDocument`, for many in one statement; their ids in the order given. */
export async function issueDocuments(tx: Tx, issued: readonly NewDocument[]): Promise<string[]> {
  if (issued.length === 0) return [];
  for (const { model } of issued) requirePrintable(model);
  const rows = issued.map((one) => ({ ...one, id: uuid() }));
  await tx.execute(INSERT, [JSON.stringify(rows), tx.now]);
  await enqueueAll(
    tx,
    renderDocumentJob,
    rows.map(({ id }) => ({ documentId: id })),
  );
  return rows.map(({ id }) => id);
}
