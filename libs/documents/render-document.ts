import { Inject, Injectable } from '@nestjs/common';
import { InvalidValue } from '#kernel';
import { AppConfig } from '#platform/config';
import { systemActor, UnitOfWork } from '#platform/database';
import { faultPoint, PermanentFailure, type JobAttempt } from '#platform/queue';
import { DocumentStorage } from '#platform/storage';
import { type DeliveryToSend } from './delivery-store.js';
import { loadDocument, recordRenderFailure, recordStored, type DocumentRow } from './document-store.js';
import { textOf } from './failure-text.js';
import { RenderPool } from './render-pool.js';

/** Ours are some hundred kilobytes at most; a thousand pages still fit. */
const MAX_BYTES = 50 * 1024 * 1024;

/** A document just stored: its e-mails, and the bytes they carry. */
export interface MadeDocument {
  deliveries: readonly DeliveryToSend[];
  pdf: Buffer;
}

/**
 * Makes the files of an issued document out of its frozen model, stores them and makes its e-mails. Work of a job, so it
 * may run again at any point: the same model gives the same bytes, the same bytes have the same key, and only a pending
 * document is recorded as stored.
 */
@Injectable()
export class RenderDocument {
  constructor(
    @Inject(UnitOfWork) private readonly uow: UnitOfWork,
    @Inject(DocumentStorage) private readonly storage: DocumentStorage,
    @Inject(RenderPool) private readonly pool: RenderPool,
    @Inject(AppConfig) private readonly config: AppConfig,
  ) {}

  /**
   * Returns what it made; null when there was nothing (more) to do. Throws what went wrong, once it is recorded;
   * PermanentFailure when no further try can help.
   */
  async run(documentId: string, attempt: JobAttempt): Promise<MadeDocument | null> {
    const document = await this.uow.read(systemActor, (tx) => loadDocument(tx, documentId));
    if (!document) throw new PermanentFailure('there is no such document');
    if (document.state !== 'pending') return null;
    faultPoint('render:loaded');
    try {
      return await this.make(document);
    } catch (error) {
      const final = attempt.last || error instanceof InvalidValue;
      await this.fail(documentId, textOf(error), final);
      throw error instanceof InvalidValue ? new PermanentFailure(error.message) : error;
    }
  }

  /** For a job that has failed without saying so: its processes died. */
  async gaveUp(documentId: string, reason: string): Promise<void> {
    await this.fail(documentId, reason, true);
  }

  private async make(document: DocumentRow): Promise<MadeDocument | null> {
    const { pdf, xml } = await this.pool.render({ kind: document.kind, model: document.model });
    faultPoint('render:rendered');
    const [storedPdf, storedXml] = await Promise.all([
      this.storage.put(pdf, { maxBytes: MAX_BYTES }),
      xml && this.storage.put(xml, { maxBytes: MAX_BYTES }),
    ]);
    faultPoint('render:stored');
    const files = { pdf: storedPdf, xml: storedXml };
    const deliveries = await this.uow.run(systemActor, (tx) =>
      recordStored(tx, document, files, this.config.mail.from),
    );
    faultPoint('render:recorded');
    return deliveries && { deliveries, pdf };
  }

  private fail(documentId: string, text: string, final: boolean): Promise<void> {
    return this.uow.run(systemActor, (tx) => recordRenderFailure(tx, documentId, { text, final }));
  }
}
