import { UnrecoverableError, Worker, type IQueueBackend, type Job } from 'bullmq';
import { PermanentFailure, type JobHandlers } from './job-handlers.js';
import { bullOptions, QUEUE_NAME, type QueueConnection } from './queue-connection.js';

/** What a worker tells its log. Texts hold job names and ids, no personal data. */
interface JobLog {
  failed(details: { job: string; jobId: string; attempt: number; final: boolean; error: Error }): void;
  error(error: Error): void;
}

interface JobWorkerOptions {
  concurrency: number;
  /** A job whose worker has not been heard of for so long is taken for dead and started again. Milliseconds. */
  lockMs?: number;
}

/** A job whose process died under it this often has failed for good: it may be what kills them. */
const MAX_DEATHS = 3;
const LOCK_MS = 30_000;

/** Takes jobs from the queue and runs their handlers. Starts with `start()`. */
export class JobWorker {
  private readonly worker: Worker<object, void, string, IQueueBackend>;
  private readonly active = new Set<Promise<void>>();
  private readonly givingUp = new Set<Promise<void>>();

  constructor(
    at: QueueConnection,
    private readonly handlers: JobHandlers,
    private readonly log: JobLog,
    options: JobWorkerOptions,
  ) {
    const lockMs = options.lockMs ?? LOCK_MS;
    const [connection, factory] = bullOptions(at, true);
    const settings = {
      ...connection,
      autorun: false,
      concurrency: options.concurrency,
      lockDuration: lockMs,
      stalledInterval: Math.ceil(lockMs / 2),
      maxStalledCount: MAX_DEATHS,
    };
    this.worker = new Worker(QUEUE_NAME, (job: Job<object, void>) => this.run(job), settings, factory);
    this.worker.on('error', (error) => this.log.error(error));
    this.worker.on('failed', (job, error) => this.failed(job, error));
  }

  async start(): Promise<void> {
    await this.worker.waitUntilReady();
    void this.worker.run().catch((error: Error) => this.log.error(error));
  }

  /**
   * Takes no more jobs and waits for those running. After `deadlineMs` it lets go of them: their locks run out and
   * another worker starts them again, which their handlers allow for.
   */
  async close(deadlineMs: number): Promise<void> {
    await this.worker.pause(true);
    let timer: NodeJS.Timeout | undefined;
    const deadline = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, deadlineMs);
    });
    await Promise.race([Promise.allSettled([...this.active]), deadline]);
    clearTimeout(timer);
    await this.worker.close(this.active.size > 0);
    await Promise.allSettled([...this.givingUp]);
  }

  private run(job: Job<object, void>): Promise<void> {
    const running = this.handle(job).finally(() => this.active.delete(running));
    this.active.add(running);
    return running;
  }

  private async handle(job: Job<object, void>): Promise<void> {
    const number = job.attemptsMade + 1;
    try {
      await this.handlers.run(job.name, job.data, { number, last: number >= (job.opts.attempts ?? 1) });
    } catch (error) {
      if (error instanceof PermanentFailure) throw new UnrecoverableError(error.message);
      throw error;
    }
  }

  private failed(job: Job<object, void> | undefined, error: Error): void {
    if (!job) return;
    const final = job.finishedOn !== undefined;
    this.log.failed({ job: job.name, jobId: job.id ?? '', attempt: job.attemptsMade, final, error });
    if (!final) return;
    const told = this.handlers
      .gaveUp(job.name, job.data, error.message)
      .catch((problem: Error) => this.log.error(problem)) // the sweep finds what stays pending
      .finally(() => this.givingUp.delete(told));
    this.givingUp.add(told);
  }
}
