import { Inject, Injectable } from '@nestjs/common';
import { conflict, notFound } from '#kernel';
import { requireMay } from '#identity/domain';
import { UnitOfWork, type Actor } from '#platform/database';
import { enqueue } from '#platform/outbox';
import { validateInput } from '#platform/validation';
import { type DocumentJobView, RetryInput } from './delivery.views.js';
import { loadDocument, moveDocument } from './document-store.js';
import { renderDocumentJob } from './jobs.js';

/** Asks for a failed document's rendering once more. Allowed: `job.manage`. */
@Injectable()
export class RetryDocument {
  constructor(@Inject(UnitOfWork) private readonly uow: UnitOfWork) {}

  /** Throws malformed, not_found, forbidden, conflict `document_not_failed`. */
  run(actor: Actor, id: string, body: unknown): Promise<DocumentJobView> {
    const { reason } = validateInput(RetryInput, body);
    return this.uow.run(actor, async (tx) => {
      const document = await loadDocument(tx, id);
      if (!document) throw notFound('document');
      requireMay(actor, 'job.manage', { authority: document.authority_code });
      if (!(await moveDocument(tx, id, { event: 'retry', reason: reason ?? null }))) {
        throw conflict('document_not_failed', `${document.number} has not failed, so there is nothing to try again.`);
      }
      await enqueue(tx, renderDocumentJob, { documentId: id });
      return { id, number: document.number, state: 'pending', attempts: 0, lastError: null };
    });
  }
}
