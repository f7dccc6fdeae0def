import { Inject, Injectable } from '@nestjs/common';
import { InvalidValue } from '#kernel';
import { AppConfig } from '#platform/config';
import { systemActor, UnitOfWork } from '#platform/database';
import { faultPoint, PermanentFailure, type JobAttempt } from '#platform/queue';
import { DocumentStorage } from '#platform/storage';
import { describeError } from '#platform/telemetry';
import { loadDocument, recordRenderFailure, recordStored, type DocumentRow } from './document-store.js';
import { RenderPool } from './render-pool.js';

/** Ours are some hundred kilobytes at most; a thousand pages still fit. */
const MAX_BYTES = 50 * 1024 * 1024;

/**
 * Makes the files of an issued document out of its frozen model, stores them and makes its e-mails. Work of a job, so it
 * may run again at any point: the same model gives the same bytes, the same bytes have the same key, and only a pending
 * document is recorded as stored.
 */
@Injectable()
export class RenderDocument {
  private readonly mailDomain: string;

  constructor(
    @Inject(UnitOfWork) private readonly uow: UnitOfWork,
    @Inject(DocumentStorage) private readonly storage: DocumentStorage,
    @Inject(RenderPool) private readonly pool: RenderPool,
    @Inject(AppConfig) config: AppConfig,
  ) {
    this.mailDomain = config.mail.from.slice(config.mail.from.lastIndexOf('@') + 1);
  }

  /** Throws what went wrong, once it is recorded; PermanentFailure when no further try can help. */
  async run(documentId: string, attempt: JobAttempt): Promise<void> {
    const document = await this.uow.read(systemActor, (tx) => loadDocument(tx, documentId));
    if (!document) throw new PermanentFailure('there is no such document');
    if (document.state !== 'pending') return;
    faultPoint('render:loaded');
    try {
      await this.make(document);
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

  private async make(document: DocumentRow): Promise<void> {
    const { pdf, xml } = await this.pool.render({ kind: document.kind, model: document.model });
    faultPoint('render:rendered');
    const [storedPdf, storedXml] = await Promise.all([
      this.storage.put(pdf, { maxBytes: MAX_BYTES }),
      xml && this.storage.put(xml, { maxBytes: MAX_BYTES }),
    ]);
    faultPoint('render:stored');
    const files = { pdf: storedPdf, xml: storedXml };
    await this.uow.run(systemActor, (tx) => recordStored(tx, document, files, this.mailDomain));
    faultPoint('render:recorded');
  }

  private fail(documentId: string, text: string, final: boolean): Promise<void> {
    return this.uow.run(systemActor, (tx) => recordRenderFailure(tx, documentId, { text, final }));
  }
}

/** What went wrong, without values a database or a server quotes. */
export function textOf(error: unknown): string {
  const { name, code, message } = describeError(error);
  return [name, code, message].filter((part) => part !== undefined && part !== 'Error').join(': ');
}
