import { existsSync } from 'node:fs';
import { InvalidValue } from '#kernel';
import { WorkerPool, type WorkerPoolOptions } from '#platform/pdf';
import { renderWith, type Renderers, type RenderedFiles, type RenderRequest } from './domain/index.js';

/**
 * Renders documents off the event loop: the same bytes as on it, made in a worker thread that runs `entry`. Where there
 * is no such file (the TypeScript sources, which Jest runs, have no compiled thread) it renders on the calling thread.
 */
export class RenderPool {
  readonly #pool: WorkerPool<RenderRequest, { pdf: Uint8Array; xml: Uint8Array | null }> | null;
  readonly #here: ReturnType<typeof renderWith>;

  constructor(kinds: Renderers, options: WorkerPoolOptions) {
    this.#here = renderWith(kinds);
    this.#pool = existsSync(options.entry) ? new WorkerPool(options) : null;
  }

  /** True when rendering happens in threads of its own. */
  get threaded(): boolean {
    return this.#pool !== null;
  }

  /**
   * Throws InvalidValue as the kind does; DomainError `unavailable` when the queue is full or the pool closed; Error when
   * the thread died or took too long: try again then.
   */
  async render(request: RenderRequest): Promise<RenderedFiles> {
    if (this.#pool === null) return this.#here(request);
    try {
      const { pdf, xml } = await this.#pool.run(request);
      return { pdf: asBuffer(pdf), xml: xml && asBuffer(xml) };
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
