import { existsSync } from 'node:fs';
import { InvalidValue } from '#kernel';
import { WorkerPool, type WorkerPoolOptions } from '#platform/pdf';
import type { DocumentModel } from './document-model.js';
import { renderDocument, type RenderedDocument } from './render-document.js';

/** The compiled worker, beside this module when it runs from dist. */
const COMPILED_WORKER = new URL('./render-worker.js', import.meta.url);

/**
 * Renders documents off the event loop: the same bytes as `renderDocument`, made in a worker thread. From the TypeScript
 * sources (Jest) there is no compiled worker to start; then it renders on the calling thread, unless `entry` names a
 * worker that can run.
 */
export class RenderPool {
  readonly #pool: WorkerPool<DocumentModel, { pdf: Uint8Array; xml: Uint8Array }> | null;

  constructor(options: Partial<WorkerPoolOptions> = {}) {
    const entry = options.entry ?? (existsSync(COMPILED_WORKER) ? COMPILED_WORKER : null);
    this.#pool = entry === null ? null : new WorkerPool({ ...options, entry });
  }

  /** True when rendering happens in threads of its own. */
  get threaded(): boolean {
    return this.#pool !== null;
  }

  /**
   * Throws InvalidValue as `renderDocument` does; DomainError `unavailable` when the queue is full or the pool closed;
   * Error when the thread died or took too long: try again then.
   */
  async render(model: DocumentModel): Promise<RenderedDocument> {
    if (this.#pool === null) return renderDocument(model);
    try {
      const { pdf, xml } = await this.#pool.run(model);
      return { pdf: asBuffer(pdf), xml: asBuffer(xml) };
    } catch (error) {
      throw error instanceof Error && error.name === 'InvalidValue' ? new InvalidValue(error.message) : error;
    }
  }

  async close(): Promise<void> {
    await this.#pool?.close();
  }

  /** Called by Nest when it shuts down. */
  async onApplicationShutdown(): Promise<void> {
    await this.close();
  }
}

/** A Buffer arrives from another thread as a plain Uint8Array. */
const asBuffer = ({ buffer, byteOffset, byteLength }: Uint8Array): Buffer =>
  Buffer.from(buffer, byteOffset, byteLength);
