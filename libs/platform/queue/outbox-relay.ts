import pg from 'pg';
import { RUNTIME_ROLE, systemActor, type UnitOfWork } from '#platform/database';
import { markDispatched, OUTBOX_CHANNEL, takeWaiting } from '#platform/outbox';
import { faultPoint } from './fault-point.js';
import type { JobQueue } from './job-queue.js';

interface OutboxRelayOptions {
  databaseUrl: string;
  /** Rows in one transaction. */
  batch?: number;
  /** Poll behind the notifications, in milliseconds; also the wait after an error. */
  pollMs?: number;
  onError: (error: Error) => void;
}

const BATCH = 200;
const POLL_MS = 1500;

/** Moves jobs from the outbox to the queue: woken by NOTIFY, and looking by itself behind that. Any number may run. */
export class OutboxRelay {
  private stopping = false;
  private loop: Promise<void> | undefined;
  private wakeUp: (() => void) | undefined;
  private woken = false;
  private listener: pg.Client | undefined;
  private readonly batch: number;
  private readonly pollMs: number;

  constructor(
    private readonly uow: UnitOfWork,
    private readonly queue: JobQueue,
    private readonly options: OutboxRelayOptions,
  ) {
    this.batch = options.batch ?? BATCH;
    this.pollMs = options.pollMs ?? POLL_MS;
  }

  start(): void {
    this.loop ??= this.run();
  }

  /** Finishes the batch under way. */
  async stop(): Promise<void> {
    this.stopping = true;
    this.wake();
    await this.loop;
    await this.listener?.end().catch(() => undefined);
    this.listener = undefined;
  }

  /**
   * Moves one batch and returns how many there were. The rows are added to the queue before the transaction that marks
   * them commits: a crash in between adds them again under the same job ids.
   */
  relayBatch(): Promise<number> {
    return this.uow.run(systemActor, async (tx) => {
      const rows = await takeWaiting(tx, this.batch);
      if (rows.length === 0) return 0;
      faultPoint('relay:taken');
      await this.queue.add(rows);
      faultPoint('relay:added');
      await markDispatched(
        tx,
        rows.map((row) => row.id),
      );
      return rows.length;
    });
  }

  private async run(): Promise<void> {
    while (!this.stopping) {
      let moved = 0;
      try {
        await this.listen();
        moved = await this.relayBatch();
      } catch (error) {
        this.options.onError(error as Error);
      }
      if (moved < this.batch) await this.wait();
    }
  }

  private wake(): void {
    this.woken = true;
    this.wakeUp?.();
  }

  private async wait(): Promise<void> {
    if (!this.woken && !this.stopping) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, this.pollMs);
        this.wakeUp = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
    this.woken = false;
    this.wakeUp = undefined;
  }

  /** One connection that listens; made again when it is lost. Without it the poll still works. */
  private async listen(): Promise<void> {
    if (this.listener) return;
    const client = new pg.Client({
      connectionString: this.options.databaseUrl,
      application_name: 'claims-outbox',
      options: `-c role=${RUNTIME_ROLE}`,
      keepAlive: true,
      connectionTimeoutMillis: 10_000,
    });
    const lost = () => {
      if (this.listener === client) this.listener = undefined;
    };
    client.on('error', lost);
    client.on('end', lost);
    client.on('notification', () => this.wake());
    await client.connect();
    this.listener = client;
    await client.query(`LISTEN ${OUTBOX_CHANNEL}`);
  }
}
