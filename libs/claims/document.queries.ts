import { Inject, Injectable } from '@nestjs/common';
import { notFound } from '#kernel';
import { DocumentFiles, type DocumentFile } from '#documents';
import { requireMay } from '#identity';
import { UnitOfWork, type Actor } from '#platform/database';
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

/** Reads of a claim's documents. */
@Injectable()
export class DocumentQueries {
  constructor(
    @Inject(UnitOfWork) private readonly uow: UnitOfWork,
    @Inject(DocumentFiles) private readonly files: DocumentFiles,
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
           FROM document d LEFT JOIN document r ON r.id = d.refers_to
          WHERE d.claim_id = $1 AND ($2::uuid IS NULL OR d.id > $2) ORDER BY d.id LIMIT $3`,
        [claimId, after, limit],
      );
    });
  }

  /** The claim's latest invoice. Throws not_found, conflict `document_not_ready`, unavailable `stored_file_damaged`. */
  async invoice(actor: Actor, claimId: string, format: 'pdf' | 'xml'): Promise<DocumentFile> {
    const id = await this.uow.read(actor, async (tx) => {
      await requireClaim(tx, claimId);
      const [claim] = await tx.query<{ invoice_id: string | null }>('SELECT invoice_id FROM claim WHERE id = $1', [
        claimId,
      ]);
      return claim?.invoice_id;
    });
    if (!id) throw notFound('document');
    return this.files.read(actor, id, format);
  }
}
