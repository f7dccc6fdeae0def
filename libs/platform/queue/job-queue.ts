import { Queue, type IQueueBackend, type Job, type JobsOptions } from 'bullmq';
import { definedJobs, type OutboxRow } from '#platform/outbox';
import { bullOptions, QUEUE_NAME, type QueueConnection } from './queue-connection.js';

/** How long finished jobs are kept to be looked at; the rows of the features are the record. */
const KEEP_COMPLETED = { count: 1000, age: 24 * 3600 };
const KEEP_FAILED = { count: 1000, age: 30 * 24 * 3600 };
/** For a job this process does not define (a newer version wrote it). */
const UNKNOWN_JOB = { attempts: 10, backoffMs: 5000 };

const FEW = 4;

/**
 * The same for the same row, so that adding it twice adds one job; and another for a row that only has the same number,
 * after the database was restored beside a queue that remembers more.
 */
const jobIdOf = (row: OutboxRow): string => `outbox-${row.id}-${row.at.getTime()}`;

/** A job that failed for good, for administrators. */
interface FailedJob {
  id: string;
  job: string;
  payload: unknown;
  attempts: number;
  reason: string;
  failedAt: Date | null;
}

/** The adding side of the queue. */
export class JobQueue {
  private readonly queue: Queue<object, void, string, object, void, string, IQueueBackend>;

  /** `onError` hears of lost connections; they are mended by themselves. */
  constructor(at: QueueConnection, onError: (error: Error) => void) {
    const [options, factory] = bullOptions(at, false);
    this.queue = new Queue(QUEUE_NAME, options, factory);
    this.queue.on('error', onError);
  }

  /** Resolves when the queue can be used; throws when its tables are missing or it cannot be reached. */
  async ready(): Promise<void> {
    await this.queue.waitUntilReady();
  }

  /** Adds jobs under ids made from the outbox rows', so that adding a row twice adds one job. */
  async add(rows: readonly OutboxRow[]): Promise<void> {
    const definitions = new Map(definedJobs().map((job) => [job.name, job]));
    const jobs = rows.map((row) => {
      const { attempts, backoffMs } = definitions.get(row.job) ?? UNKNOWN_JOB;
      const opts: JobsOptions = {
        jobId: jobIdOf(row),
        attempts,
        backoff: { type: 'exponential', delay: backoffMs, jitter: 0.2 },
        removeOnComplete: KEEP_COMPLETED,
        removeOnFail: KEEP_FAILED,
        stackTraceLimit: 3,
      };
      return { name: row.job, data: row.payload, opts };
    });
    // On PostgreSQL each bulk makes temporary tables; for a few jobs, plain inserts are cheaper.
    if (jobs.length > FEW) await this.queue.addBulk(jobs);
    else for (const job of jobs) await this.queue.add(job.name, job.data, job.opts);
  }

  /** How many jobs there are in each state. */
  async counts(): Promise<{ waiting: number; active: number; delayed: number; failed: number }> {
    const counts = await this.queue.getJobCounts('waiting', 'active', 'delayed', 'failed');
    const of = (state: string) => counts[state] ?? 0;
    return { waiting: of('waiting'), active: of('active'), delayed: of('delayed'), failed: of('failed') };
  }

  /** Jobs that failed for good, newest first. */
  async failed(offset: number, limit: number): Promise<FailedJob[]> {
    const jobs = (await this.queue.getFailed(offset, offset + limit - 1)) as (Job | undefined)[];
    return jobs
      .filter((job) => job !== undefined)
      .map((job) => ({
        id: job.id ?? '',
        job: job.name,
        payload: job.data as unknown,
        attempts: job.attemptsMade,
        reason: job.failedReason ?? '',
        failedAt: job.finishedOn ? new Date(job.finishedOn) : null,
      }));
  }

  async close(): Promise<void> {
    await this.queue.close();
  }
}
