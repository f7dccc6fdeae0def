import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import type { DataSource } from 'typeorm';
import { systemClock } from '#kernel';
import { createDataSource, systemActor, UnitOfWork } from '#platform/database';
import {
  defineJob,
  enqueue,
  enqueueAll,
  idPayload,
  markDispatched,
  outboxStats,
  pruneDispatched,
  takeWaiting,
} from '#platform/outbox';
import { createTestDatabase, type TestDatabase } from '../support/postgres.js';

const ID = '00000000-0000-7000-8000-000000000001';
const job = defineJob({ name: 'test-outbox', attempts: 3, backoffMs: 10, parse: idPayload('thingId') });

describe('the outbox', () => {
  let database: TestDatabase;
  let source: DataSource;
  let uow: UnitOfWork;

  beforeAll(async () => {
    database = await createTestDatabase();
    source = createDataSource(database.url, { poolSize: 6 });
    await source.initialize();
    uow = new UnitOfWork(source, systemClock);
  });
  afterAll(async () => {
    await source.destroy();
    await database.drop();
  });

  const drain = () =>
    uow.run(systemActor, async (tx) => {
      const rows = await takeWaiting(tx, 1000);
      await markDispatched(
        tx,
        rows.map((row) => row.id),
      );
      return rows;
    });

  it('holds a job if the transaction commits, and only then', async () => {
    await uow.run(systemActor, (tx) => enqueue(tx, job, { thingId: ID }));
    await expect(
      uow.run(systemActor, async (tx) => {
        await enqueue(tx, job, { thingId: ID });
        throw new Error('changed my mind');
      }),
    ).rejects.toThrow('changed my mind');
    expect((await drain()).map(({ job: name, payload }) => [name, payload])).toEqual([
      ['test-outbox', { thingId: ID }],
    ]);
  });

  it('adds nothing while a job with the same dedupe text waits, and adds again once it has gone', async () => {
    const add = () => uow.run(systemActor, (tx) => enqueue(tx, job, { thingId: ID }, { dedupe: 'same' }));
    await add();
    await add();
    expect(await drain()).toHaveLength(1);
    await add();
    expect(await drain()).toHaveLength(1);
  });

  it('hands each row to one relay only, however many take at once', async () => {
    await uow.run(systemActor, (tx) =>
      enqueueAll(
        tx,
        job,
        Array.from({ length: 40 }, () => ({ thingId: ID })),
      ),
    );
    const taken: number[][] = [];
    let meet: () => void;
    const met = new Promise<void>((resolve) => (meet = resolve));
    const relay = () =>
      uow.run(systemActor, async (tx) => {
        const ids = (await takeWaiting(tx, 10)).map((row) => row.id);
        taken.push(ids);
        if (taken.length === 4) meet();
        await met; // all four hold their rows at the same time
        await markDispatched(tx, ids);
      });
    await Promise.all([relay(), relay(), relay(), relay()]);
    expect(new Set(taken.flat()).size).toBe(40);
    expect(await drain()).toHaveLength(0);
  });

  it('leaves a rolled-back batch to be taken again', async () => {
    await uow.run(systemActor, (tx) => enqueue(tx, job, { thingId: ID }));
    await expect(
      uow.run(systemActor, async (tx) => {
        expect(await takeWaiting(tx, 10)).toHaveLength(1);
        throw new Error('the queue is away');
      }),
    ).rejects.toThrow('the queue is away');
    expect(await drain()).toHaveLength(1);
  });

  it('wakes whoever listens after the commit', async () => {
    const listener = new pg.Client({ connectionString: database.url });
    await listener.connect();
    try {
      await listener.query('LISTEN outbox');
      const heard = new Promise<string>((resolve) => listener.once('notification', (n) => resolve(n.channel)));
      await uow.run(systemActor, (tx) => enqueue(tx, job, { thingId: ID }));
      expect(await heard).toBe('outbox');
    } finally {
      await listener.end();
    }
    await drain();
  });

  it('counts what waits, and prunes only what was dispatched, within its limit', async () => {
    await drain();
    await uow.run(systemActor, (tx) => enqueue(tx, job, { thingId: ID }));
    const stats = await uow.read(systemActor, outboxStats);
    expect(stats.waiting).toBe(1);
    expect(stats.oldestSeconds).toBeGreaterThanOrEqual(0);
    const later = new Date(Date.now() + 60_000);
    const prune = () => uow.run(systemActor, (tx) => pruneDispatched(tx, later, 30));
    expect(await prune()).toBe(30);
    while ((await prune()) > 0);
    const [left] = (await source.query('SELECT count(*) AS n FROM outbox')) as { n: number }[];
    expect(left?.n).toBe(1);
  });
});
