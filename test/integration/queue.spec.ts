import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { DataSource } from 'typeorm';
import { systemClock } from '#kernel';
import { createDataSource, systemActor, UnitOfWork } from '#platform/database';
import { defineJob, enqueue, idPayload } from '#platform/outbox';
import { JobHandlers, JobQueue, JobWorker, OutboxRelay, PermanentFailure, type QueueConnection } from '#platform/queue';
import { createTestDatabase, type TestDatabase } from '../support/postgres.js';

const id = (n: number) => `00000000-0000-7000-8000-${String(n).padStart(12, '0')}`;
const job = defineJob({ name: 'test-queue', attempts: 3, backoffMs: 20, parse: idPayload('thingId') });
const AT = new Date('2018-04-03T09:00:00Z');
const REDIS = process.env['TEST_REDIS_URL'];
const backends = [
  { backend: 'PostgreSQL', kind: 'postgres' as const, available: true },
  { backend: 'Redis', kind: 'redis' as const, available: REDIS !== undefined },
];

describe.each(backends)('the queue on $backend', ({ kind, available }) => {
  const test = available ? it : it.skip;
  let database: TestDatabase;
  let source: DataSource;
  let uow: UnitOfWork;
  let at: QueueConnection;
  let queue: JobQueue;
  const errors: Error[] = [];
  const open: { close(): Promise<void> }[] = [];

  beforeAll(async () => {
    if (!available) return;
    database = await createTestDatabase();
    source = createDataSource(database.url, { poolSize: 4 });
    await source.initialize();
    uow = new UnitOfWork(source, systemClock);
    at = kind === 'redis' ? { kind, url: REDIS!, prefix: `test-${Date.now()}` } : { kind, url: database.url };
    queue = new JobQueue(at, (error) => errors.push(error));
    await queue.ready();
  });
  afterEach(async () => {
    for (const thing of open.splice(0).reverse()) await thing.close();
  });
  afterAll(async () => {
    if (!available) return;
    await queue.close();
    await source.destroy();
    await database.drop();
  });

  /** A worker whose handler is `run`; `seen` resolves with what it told once `count` things have happened. */
  async function worker(
    run: (thing: string, attempt: { number: number; last: boolean }) => Promise<void>,
    options: { concurrency?: number } = {},
  ) {
    const events: string[] = [];
    const waiting: (() => void)[] = [];
    const tell = (event: string) => {
      events.push(event);
      for (const wake of waiting.splice(0)) wake();
    };
    const handlers = new JobHandlers([
      {
        job,
        run: async ({ thingId }: { thingId: string }, attempt) => {
          await run(thingId, attempt);
          tell(`done ${thingId}`);
        },
        gaveUp: async ({ thingId }: { thingId: string }, reason) => tell(`gave up ${thingId}: ${reason}`),
      },
    ]);
    const log = { failed: () => undefined, error: (error: Error) => errors.push(error) };
    const made = new JobWorker(at, handlers, log, { concurrency: 2, lockMs: 3_000, ...options });
    let closed: Promise<void> | undefined;
    const close = (deadline = 5000) => (closed ??= made.close(deadline));
    open.push({ close: () => close() });
    await made.start();
    const until = async (event: string) => {
      while (!events.includes(event)) await new Promise<void>((resolve) => waiting.push(resolve));
    };
    return { events, until, close };
  }

  test('runs a job of the outbox once, woken by the commit', async () => {
    const relay = new OutboxRelay(uow, queue, {
      databaseUrl: database.url,
      pollMs: 600_000, // only the notification can wake it in time
      onError: (error) => errors.push(error),
    });
    relay.start();
    open.push({ close: () => relay.stop() });
    const { until, events } = await worker(async () => undefined);
    await uow.run(systemActor, (tx) => enqueue(tx, job, { thingId: id(1) }));
    await until(`done ${id(1)}`);
    await uow.run(systemActor, (tx) => enqueue(tx, job, { thingId: id(2) }));
    await until(`done ${id(2)}`);
    expect(events).toEqual([`done ${id(1)}`, `done ${id(2)}`]);
    await relay.stop(); // the job may be done before the relay's transaction is
    const left = (await source.query('SELECT id FROM outbox WHERE dispatched_at IS NULL')) as unknown[];
    expect(left).toEqual([]);
  });

  test('adds an outbox row once, however often a relay that died adds it', async () => {
    const row = { id: 1_000_001, at: AT, job: 'test-queue', payload: { thingId: id(3) } };
    await queue.add([row]);
    await queue.add([row, { ...row, id: 1_000_002, payload: { thingId: id(4) } }]);
    const { until, events } = await worker(async () => undefined, { concurrency: 1 });
    await until(`done ${id(4)}`);
    await queue.add([row]); // after it has completed, too
    await queue.add([{ ...row, id: 1_000_003, payload: { thingId: id(5) } }]);
    await until(`done ${id(5)}`);
    expect(events).toEqual([`done ${id(3)}`, `done ${id(4)}`, `done ${id(5)}`]);
  });

  test('tries again with a wait, then gives up and says so; other jobs are not held up', async () => {
    const tries: string[] = [];
    const { until, events } = await worker(
      async (thing, attempt) => {
        if (thing !== id(6)) return;
        tries.push(`${attempt.number} ${attempt.last}`);
        throw new Error('not today');
      },
      { concurrency: 1 },
    );
    await queue.add(
      [6, 7, 8].map((n) => ({ id: 2_000_000 + n, at: AT, job: 'test-queue', payload: { thingId: id(n) } })),
    );
    await until(`gave up ${id(6)}: not today`);
    expect(tries).toEqual(['1 false', '2 false', '3 true']);
    expect(events.slice(0, 2)).toEqual([`done ${id(7)}`, `done ${id(8)}`]);
    const [failed] = await queue.failed(0, 1);
    expect(failed).toMatchObject({
      id: `outbox-2000006-${AT.getTime()}`,
      job: 'test-queue',
      payload: { thingId: id(6) },
      attempts: 3,
      reason: 'not today',
      failedAt: expect.any(Date),
    });
  });

  test('does not try again what cannot be cured', async () => {
    let tries = 0;
    const { until } = await worker(async () => {
      tries++;
      throw new PermanentFailure('never');
    });
    const before = (await queue.counts()).failed;
    await queue.add([{ id: 3_000_001, at: AT, job: 'test-queue', payload: { thingId: id(9) } }]);
    await until(`gave up ${id(9)}: never`);
    expect(tries).toBe(1);
    expect((await queue.counts()).failed).toBe(before + 1);
  });

  test('waits for running jobs when it closes', async () => {
    let finish: () => void = () => undefined;
    let started: () => void = () => undefined;
    const running = new Promise<void>((resolve) => (started = resolve));
    const held = new Promise<void>((resolve) => (finish = resolve));
    const { events, close } = await worker(async () => {
      started();
      await held;
    });
    await queue.add([{ id: 4_000_001, at: AT, job: 'test-queue', payload: { thingId: id(10) } }]);
    await running;
    const closed = close(60_000);
    finish();
    await closed;
    expect(events).toEqual([`done ${id(10)}`]);
    expect((await queue.counts()).active).toBe(0);
  });

  test('starts a job again when its worker went away with it', async () => {
    let started: () => void = () => undefined;
    const running = new Promise<void>((resolve) => (started = resolve));
    const gone = await worker(async () => {
      started();
      await new Promise(() => undefined);
    });
    await queue.add([{ id: 5_000_001, at: AT, job: 'test-queue', payload: { thingId: id(11) } }]);
    await running;
    await gone.close(1);
    const other = await worker(async () => undefined);
    await other.until(`done ${id(11)}`);
    expect(gone.events).toEqual([]);
  });
});
