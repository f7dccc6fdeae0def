import { type Logger } from '@nestjs/common';
import { type DeliveryQueries, type SweepDeliveries } from '#documents';
import { type SealCheckpoint } from '#audit';
import { type DailySummaries, type SendDigests, type WarnOfClaims } from '#funding';
import { type SweepSessions } from '#identity';
import { type TakeSnapshot } from '#ledger';
import { type AppConfig } from '#platform/config';
import { systemActor, type UnitOfWork } from '#platform/database';
import { outboxStats, pruneDispatched } from '#platform/outbox';
import { type JobHandlers, JobQueue, JobWorker, OutboxRelay, queueConnection } from '#platform/queue';
import { describeError, type Metrics } from '#platform/telemetry';
import { Schedule } from './schedule.js';
import { type WorkerTuning } from './tuning.js';

export interface WorkerParts {
  config: AppConfig;
  uow: UnitOfWork;
  handlers: JobHandlers;
  sweep: SweepDeliveries;
  seal: SealCheckpoint;
  snapshot: TakeSnapshot;
  warn: WarnOfClaims;
  digests: SendDigests;
  summaries: DailySummaries;
  sessions: SweepSessions;
  logger: Logger;
  tuning: WorkerTuning;
}

/** Rows pruned in one transaction. */
const PRUNE_BATCH = 5_000;
/** Once a day, whenever the process was started; looked at more often. */
const SEAL_AFTER_MS = 23 * 3600_000;
/** With more jobs than this waiting, what has waited long is queued and not lost. */
const SHORT_QUEUE = 500;

/** What runs in a worker: the relay, the jobs and the sweeps. */
export class WorkerRuntime {
  private readonly queue: JobQueue;
  private readonly relay: OutboxRelay;
  private readonly worker: JobWorker;
  private readonly schedule: Schedule;

  constructor(private readonly parts: WorkerParts) {
    const { config, uow, handlers, tuning } = parts;
    const at = queueConnection(config);
    const onError = (error: Error) => this.warn('a connection of the queue failed', error);
    this.queue = new JobQueue(at, onError);
    this.relay = new OutboxRelay(uow, this.queue, {
      databaseUrl: config.database.url ?? '',
      pollMs: tuning.pollMs,
      onError: (error) => this.warn('the outbox could not be relayed', error),
    });
    const log = {
      error: onError,
      failed: ({
        job,
        jobId,
        attempt,
        final,
        error,
      }: Parameters<ConstructorParameters<typeof JobWorker>[2]['failed']>[0]) =>
        parts.logger.warn({
          msg: final ? 'job failed' : 'job will be tried again',
          job,
          jobId,
          attempt,
          error: describeError(error),
        }),
    };
    this.worker = new JobWorker(at, handlers, log, { concurrency: config.worker.concurrency, lockMs: tuning.lockMs });
    this.schedule = new Schedule(
      [
        {
          name: 'settle interrupted e-mails',
          everyMs: tuning.sweepMs,
          run: () => parts.sweep.settleInterrupted(tuning.patience),
        },
        { name: 'ask again for lost jobs', everyMs: tuning.sweepMs, run: () => this.requeueLost() },
        {
          name: 'seal the audit trail',
          everyMs: tuning.sealMs,
          run: () => parts.seal.runIfDue(systemActor, SEAL_AFTER_MS),
        },
        {
          name: 'take a snapshot of the books',
          everyMs: tuning.snapshotMs,
          run: () => parts.snapshot.runIfDue(),
        },
        { name: 'warn of claims not paid yet', everyMs: tuning.clockMs, run: () => parts.warn.runIfDue() },
        { name: 'send the weekly digest', everyMs: tuning.clockMs, run: () => parts.digests.runIfDue() },
        { name: 'add up the daily summaries', everyMs: tuning.clockMs, run: () => parts.summaries.runIfDue() },
        { name: 'sweep sessions that are over', everyMs: tuning.sessionsMs, run: () => parts.sessions.run() },
        { name: 'prune the outbox', everyMs: tuning.pruneMs, run: () => this.prune() },
      ],
      (name, error) => this.warn(`could not ${name}`, error),
    );
  }

  /** Throws when the queue cannot be used: its tables are missing, or it cannot be reached. */
  async start(): Promise<void> {
    await this.queue.ready();
    await this.worker.start();
    this.relay.start();
    this.schedule.start();
  }

  /** Finishes what runs, within its deadline; what is left is started again by another worker. */
  async stop(): Promise<void> {
    await this.schedule.stop();
    await this.relay.stop();
    await this.worker.close(this.parts.tuning.shutdownMs);
    await this.queue.close();
  }

  /** Checks that the queue answers. */
  async ready(): Promise<void> {
    await this.queue.counts();
  }

  registerMetrics(metrics: Metrics, deliveries: DeliveryQueries): void {
    const { uow } = this.parts;
    const outbox = () => uow.read(systemActor, outboxStats);
    const figures = () => deliveries.figures(systemActor);
    const gauge = metrics.registerGauge.bind(metrics);
    gauge('queue_jobs_waiting', 'Jobs ready to be run.', async () => (await this.queue.counts()).waiting);
    gauge('queue_jobs_delayed', 'Jobs that wait for another try.', async () => (await this.queue.counts()).delayed);
    gauge('queue_jobs_active', 'Jobs being run.', async () => (await this.queue.counts()).active);
    gauge(
      'queue_jobs_failed',
      'Jobs that failed for good, as far as the queue keeps them.',
      async () => (await this.queue.counts()).failed,
    );
    gauge(
      'outbox_waiting',
      'Jobs not yet handed to the queue, counted to 10,000.',
      async () => (await outbox()).waiting,
    );
    gauge('outbox_oldest_seconds', 'Age of the oldest of them.', async () => (await outbox()).oldestSeconds);
    gauge('documents_failed', 'Documents whose rendering failed.', async () => (await figures()).documentsFailed);
    gauge('deliveries_failed', 'E-mails that failed.', async () => (await figures()).deliveriesFailed);
    gauge(
      'deliveries_unconfirmed',
      'E-mails that may or may not have arrived.',
      async () => (await figures()).deliveriesUnconfirmed,
    );
  }

  private async requeueLost(): Promise<void> {
    const { waiting } = await this.queue.counts();
    if (waiting > SHORT_QUEUE) return;
    await this.parts.sweep.requeueLost(this.parts.tuning.patience);
  }

  private async prune(): Promise<void> {
    const { uow, tuning } = this.parts;
    for (let batch = PRUNE_BATCH; batch === PRUNE_BATCH;) {
      batch = await uow.run(systemActor, (tx) =>
        pruneDispatched(tx, new Date(tx.now.getTime() - tuning.keepOutboxMs), PRUNE_BATCH),
      );
    }
  }

  private warn(msg: string, error: Error): void {
    this.parts.logger.warn({ msg, error: describeError(error) });
  }
}
