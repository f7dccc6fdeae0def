import { Inject, Injectable } from '@nestjs/common';
import { notFound } from '#kernel';
import { DocumentFiles, type DocumentFile } from '#documents';
import { UnitOfWork, type Actor } from '#platform/database';

/** Reads of remittance advice: by MTM's people, and by the authority that was paid. */
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
    const [found] = await this.uow.read(actor, (tx) =>
      tx.query<{ id: string }>('SELECT document_id AS id FROM payment_remittance WHERE payment_id = $1', [paymentId]),
    );
    if (!found) throw notFound('remittance advice');
    return this.files.read(actor, found.id, 'pdf');
  }
}
