import { InvalidValue } from '#kernel';
import { definedJobs, type JobDefinition } from '#platform/outbox';

/** Which try of a job this is. */
export interface JobAttempt {
  /** From 1. */
  readonly number: number;
  /** No further try follows by itself. */
  readonly last: boolean;
}

/** Runs one kind of job by calling one use case. May be called again for the same payload at any time. */
export interface JobHandler<Payload extends object> {
  readonly job: JobDefinition<Payload>;
  run(payload: Payload, attempt: JobAttempt): Promise<void>;
  /** The job has failed for good, also when it never returned (its process died too often). Makes that visible. */
  gaveUp(payload: Payload, reason: string): Promise<void>;
}

/** A failure that no further try can cure. */
export class PermanentFailure extends Error {
  override name = 'PermanentFailure';
}

/** The handler of every job, each exactly once. Throws when a defined job has none or two, or one is not defined. */
export class JobHandlers {
  private readonly byName = new Map<string, JobHandler<object>>();

  constructor(handlers: readonly JobHandler<object>[], defined = definedJobs()) {
    for (const handler of handlers) {
      const { name } = handler.job;
      if (this.byName.has(name)) throw new Error(`The job "${name}" has two handlers.`);
      if (!defined.includes(handler.job)) throw new Error(`The job "${name}" is handled but not defined.`);
      this.byName.set(name, handler);
    }
    const without = defined.filter((job) => !this.byName.has(job.name)).map((job) => job.name);
    if (without.length > 0) throw new Error(`No handler for the job ${without.join(', ')}.`);
  }

  /**
   * Runs a job that came out of the queue. Throws what the handler throws; a payload that cannot be read is a
   * PermanentFailure; an unknown name is an ordinary failure, since a newer worker may know it.
   */
  async run(name: string, raw: unknown, attempt: JobAttempt): Promise<void> {
    const handler = this.byName.get(name);
    if (!handler) throw new Error(`This worker has no handler for the job "${name}".`);
    await handler.run(this.payload(handler, raw), attempt);
  }

  /** Tells the handler that the job has failed for good. */
  async gaveUp(name: string, raw: unknown, reason: string): Promise<void> {
    const handler = this.byName.get(name);
    if (!handler) return;
    try {
      await handler.gaveUp(this.payload(handler, raw), reason);
    } catch (error) {
      if (!(error instanceof PermanentFailure)) throw error;
    }
  }

  private payload(handler: JobHandler<object>, raw: unknown): object {
    try {
      return handler.job.parse(raw);
    } catch (error) {
      if (error instanceof InvalidValue) throw new PermanentFailure(error.message);
      throw error;
    }
  }
}
