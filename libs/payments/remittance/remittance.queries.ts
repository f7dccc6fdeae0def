import { Inject, Injectable } from '@nestjs/common';
import { notFound } from '#kernel';
import { DocumentFiles, type DocumentFile } from '#documents';
import { requireMay } from '#identity';
import { UnitOfWork, type Actor } from '#platform/database';

/** Reads of remittance advice: by MTM's people, and by the authority that was paid. Allowed: `payment.read_own`. */
@Injectable()
export class RemittanceQueries {
  constructor(
    @Inject(UnitOfWork) private readonly uow: UnitOfWork,
    @Inject(DocumentFiles) private readonly files: DocumentFiles,
  ) {}

  /**
   * The PDF of a payment's remittance advice. Throws not_found, also for another authority's payment and for one that was
   * never settled; forbidden, conflict `document_not_ready`, unavailable `stored_file_damaged`.
   */
  async pdf(actor: Actor, paymentId: string): Promise<DocumentFile> {
    const documentId = await this.uow.read(actor, async (tx) => {
      const [found] = await tx.query<{ id: string; authority: string }>(
        `SELECT r.document_id AS id, p.authority_code AS authority FROM payment_remittance r JOIN payment p ON p.id = r.payment_id
          WHERE r.payment_id = $1`,
        [paymentId],
      );
      if (!found) throw notFound('remittance advice');
      requireMay(actor, 'payment.read_own', { authority: found.authority });
      return found.id;
    });
    return this.files.read(actor, documentId, 'pdf');
  }
}
