import { Inject, Injectable } from '@nestjs/common';
import { conflict, notFound } from '#kernel';
import { requireMay } from '#identity';
import { UnitOfWork, type Actor, type Tx } from '#platform/database';
import { DocumentStorage } from '#platform/storage';
import { requireClaim } from './claim.queries.js';

/** An issued document, where its files stand, and whether they were e-mailed. */
export interface DocumentItem {
  id: string;
  kind: 'invoice' | 'credit_note';
  number: string;
  issuedOn: string;
  totalPence: number;
  /** The invoice a credit note corrects. */
  refersTo: string | null;
  state: 'pending' | 'stored' | 'failed';
  pdf: { sha256: string; size: number } | null;
  xml: { sha256: string; size: number } | null;
  deliveries: { id: string; audience: 'payer' | 'authority'; state: string; sentAt: string | null }[];
}

export interface DocumentFile {
  fileName: string;
  mediaType: 'application/pdf' | 'application/xml';
  sha256: string;
  bytes: Buffer;
}

interface FileRow {
  number: string;
  authority_code: string;
  key: string | null;
  sha256: string | null;
}

export type FileKind = 'pdf' | 'xml';

/** Reads of issued documents. The stored file is the record: its hash is checked every time it is served. */
@Injectable()
export class DocumentQueries {
  constructor(
    @Inject(UnitOfWork) private readonly uow: UnitOfWork,
    @Inject(DocumentStorage) private readonly storage: DocumentStorage,
  ) {}

  /** A claim's documents in the order they were issued, after the one with id `after`. */
  list(actor: Actor, claimId: string, after: string | null, limit: number): Promise<DocumentItem[]> {
    return this.uow.read(actor, async (tx) => {
      await requireClaim(tx, claimId);
      requireMay(actor, 'document.read');
      return tx.query<DocumentItem>(
        `SELECT d.id, d.kind, d.number, d.issued_on AS "issuedOn", d.total_pence AS "totalPence", r.number AS "refersTo", d.state,
                CASE WHEN d.pdf_sha256 IS NOT NULL THEN json_build_object('sha256', d.pdf_sha256, 'size', d.pdf_size) END AS pdf,
                CASE WHEN d.xml_sha256 IS NOT NULL THEN json_build_object('sha256', d.xml_sha256, 'size', d.xml_size) END AS xml,
                coalesce((SELECT json_agg(json_build_object('id', y.id, 'audience', y.audience, 'state', y.state, 'sentAt',
                  to_char(y.sent_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')) ORDER BY y.audience)
                  FROM delivery y WHERE y.document_id = d.id), '[]') AS deliveries
           FROM claim_document d LEFT JOIN claim_document r ON r.id = d.refers_to
          WHERE d.claim_id = $1 AND ($2::uuid IS NULL OR d.id > $2) ORDER BY d.id LIMIT $3`,
        [claimId, after, limit],
      );
    });
  }

  /** The claim's latest invoice as PDF or XML. Throws not_found, conflict `document_not_ready`. */
  async invoice(actor: Actor, claimId: string, kind: FileKind): Promise<DocumentFile> {
    return this.file(actor, kind, async (tx) => {
      await requireClaim(tx, claimId);
      return this.row(tx, kind, 'd.id = (SELECT invoice_id FROM claim WHERE id = $1)', claimId);
    });
  }

  /** Any issued document. Throws not_found, conflict `document_not_ready`, unavailable `stored_file_damaged`. */
  async document(actor: Actor, documentId: string, kind: FileKind): Promise<DocumentFile> {
    return this.file(actor, kind, (tx) => this.row(tx, kind, 'd.id = $1', documentId));
  }

  private async row(tx: Tx, kind: FileKind, where: string, id: string): Promise<FileRow> {
    const [row] = await tx.query<FileRow>(
      `SELECT d.number, d.authority_code, d.${kind}_key AS key, d.${kind}_sha256 AS sha256 FROM claim_document d WHERE ${where}`,
      [id],
    );
    if (!row) throw notFound('document');
    return row;
  }

  private async file(actor: Actor, kind: FileKind, find: (tx: Tx) => Promise<FileRow>): Promise<DocumentFile> {
    const row = await this.uow.read(actor, async (tx) => {
      const found = await find(tx);
      requireMay(actor, 'document.read', { authority: found.authority_code });
      return found;
    });
    if (row.key === null || row.sha256 === null) {
      throw conflict('document_not_ready', `${row.number} is still being made. Try again in a few seconds.`);
    }
    const bytes = await this.storage.readVerified(row.key, row.sha256);
    const mediaType = kind === 'pdf' ? 'application/pdf' : 'application/xml';
    return { fileName: `${row.number}.${kind}`, mediaType, sha256: row.sha256, bytes };
  }
}
