import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Redis } from 'ioredis';
import { simpleParser } from 'mailparser';
import pg from 'pg';
import { DocumentsModule, DeliveryQueries, RetryDelivery, RetryDocument } from '#documents';
import type { Actor } from '#platform/database';
import type { FaultPoint } from '#platform/queue';
import { arrangeProgramme, issueTestDocument, type IssuedDocument } from '../builders/issued-document.js';
import { MailServer } from '../support/mail-server.js';
import { createTestDatabase, type TestDatabase } from '../support/postgres.js';
import { startContext } from '../support/worker.js';

export const FAULT_POINTS: readonly FaultPoint[] = [
  'relay:taken',
  'relay:added',
  'render:loaded',
  'render:rendered',
  'render:stored',
  'render:recorded',
  'send:connected',
  'send:marked',
  'send:transmitted',
  'send:recorded',
];
export type MailKind = 'smtp' | 'mailbox';
export type QueueKind = 'postgres' | 'redis';

const administrator: Actor = {
  userId: '00000000-0000-7000-8000-0000000000bb',
  organisation: 'MTM',
  scope: '*',
  roles: ['administrator'],
};
const LOADER = new URL('../support/source-loader.mjs', import.meta.url).href;
const CHILD = fileURLToPath(new URL('./worker-child.ts', import.meta.url));

/** mulberry32: the same seed kills at the same moments. */
export function seeded(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

interface Delivery {
  number: string;
  state: string;
  message_id: string;
  audience: string;
}

/** A database, a mail server or mailbox, and worker processes that die when told. */
export class FaultBench {
  private database: TestDatabase;
  private dataDir: string;
  private seq = 0;
  private readonly children = new Set<ChildProcess>();
  admin: pg.Client;
  server: MailServer;
  issued: IssuedDocument[] = [];
  private redisUrl = '';

  private constructor(
    private readonly mail: MailKind,
    private readonly queue: QueueKind,
  ) {}

  static async start(mail: MailKind, queue: QueueKind): Promise<FaultBench> {
    const bench = new FaultBench(mail, queue);
    bench.database = await createTestDatabase();
    bench.dataDir = await mkdtemp(join(tmpdir(), 'claims-faults-'));
    bench.server = await MailServer.start();
    bench.admin = new pg.Client({ connectionString: bench.database.adminUrl });
    await bench.admin.connect();
    await arrangeProgramme(bench.admin);
    if (queue === 'redis') {
      // A numbered database of the tests' Redis for each bench: two benches at once must not take each other's jobs.
      bench.redisUrl = `${process.env['TEST_REDIS_URL']}/${(process.pid % 13) + 1}`;
      await bench.flushRedis();
    }
    return bench;
  }

  async stop(): Promise<void> {
    for (const child of this.children) child.kill('SIGKILL');
    await this.admin.end();
    await this.server.close();
    await this.database.drop();
    await rm(this.dataDir, { recursive: true, force: true });
  }

  async issue(count: number): Promise<void> {
    for (let n = 0; n < count; n++) this.issued.push(await issueTestDocument(this.admin, ++this.seq));
  }

  /**
   * Starts a worker that is killed at a moment, when `after` such moments have passed; resolves when it is dead. Says
   * whether the moment came. One relay may carry everything, so there it is the first.
   */
  async killedAt(at: FaultPoint, after: number): Promise<boolean> {
    const child = await this.spawn({ FAULT_AT: at, FAULT_AFTER: String(at.startsWith('relay:') ? 0 : after) });
    const died = child.exitCode !== null || child.signalCode !== null ? Promise.resolve() : once(child, 'exit');
    const idle = this.untilIdle(child);
    await Promise.race([died, idle]);
    const struck = child.signalCode === 'SIGKILL';
    if (!struck) child.kill('SIGKILL');
    await died;
    return struck;
  }

  /** A healthy worker runs until nothing is left to do, then stops in an orderly way. */
  async heal(): Promise<void> {
    const child = await this.spawn({});
    await this.untilIdle(child);
    const stopped = once(child, 'exit');
    child.kill('SIGTERM');
    const [code] = (await stopped) as [number | null];
    if (code !== 0) throw new Error(`the healthy worker ended with ${code}`);
  }

  /** Redis forgets every job, as after a restart without persistence. */
  async flushRedis(): Promise<void> {
    const redis = new Redis(this.redisUrl);
    await redis.flushdb();
    redis.disconnect();
  }

  /** An administrator sends what is unconfirmed again. */
  async resendUnconfirmed(): Promise<number> {
    const app = await startContext({ DATABASE_URL: this.database.url, DATA_DIR: this.dataDir }, [DocumentsModule]);
    try {
      const { items } = await app.get(DeliveryQueries).list(administrator, { state: 'unconfirmed', limit: '200' });
      for (const { id } of items) await app.get(RetryDelivery).run(administrator, id, 'resend', {});
      return items.length;
    } finally {
      await app.close();
    }
  }

  /**
   * An administrator tries again what failed because its workers died under it too often, as a document that happens to
   * be in hand at every kill does. Returns why each had failed.
   */
  async retryFailed(): Promise<string[]> {
    const app = await startContext({ DATABASE_URL: this.database.url, DATA_DIR: this.dataDir }, [DocumentsModule]);
    try {
      const { items } = await app.get(DeliveryQueries).failed(administrator, { limit: '200' });
      const documents = items.filter(({ kind }) => kind === 'document');
      for (const { id } of documents) await app.get(RetryDocument).run(administrator, id, {});
      return documents.map(({ lastError }) => lastError ?? '');
    } finally {
      await app.close();
    }
  }

  async deliveries(): Promise<Delivery[]> {
    const result = await this.admin.query(
      `SELECT d.number, y.state, y.message_id, y.audience FROM delivery y JOIN document d ON d.id = y.document_id ORDER BY y.id`,
    );
    return result.rows as Delivery[];
  }

  async documentStates(): Promise<string[]> {
    return (await this.admin.query('SELECT DISTINCT state FROM document')).rows.map(
      (row: { state: string }) => row.state,
    );
  }

  /** Message-IDs in the mailbox, each as often as it is there; repeats dropped as that mailbox does. */
  async mailbox(): Promise<{ messageId: string; subject: string }[]> {
    if (this.mail === 'smtp') {
      return this.server.distinct.map(({ mail }) => ({ messageId: mail.messageId ?? '', subject: mail.subject ?? '' }));
    }
    const folder = join(this.dataDir, 'mailbox');
    const names = (await readdir(folder).catch(() => [])).filter((name) => name.endsWith('.eml'));
    return Promise.all(
      names.map(async (name) => {
        const mail = await simpleParser(await readFile(join(folder, name)));
        return { messageId: mail.messageId ?? '', subject: mail.subject ?? '' };
      }),
    );
  }

  /** How often a Message-ID went over the wire. */
  transmissions(messageId: string): number {
    return this.server.received.filter(({ mail }) => mail.messageId === messageId).length;
  }

  private async spawn(env: Record<string, string>): Promise<ChildProcess> {
    const redis = this.queue === 'redis' ? { REDIS_URL: this.redisUrl } : {};
    const smtp = this.mail === 'smtp' ? { SMTP_URL: this.server.url } : {};
    const child = spawn(process.execPath, ['--no-warnings', '--import', LOADER, CHILD], {
      env: {
        PATH: process.env['PATH'],
        NODE_ENV: 'test',
        TZ: 'UTC',
        DATABASE_URL: this.database.url,
        DATA_DIR: this.dataDir,
        MAIL_FROM: 'claims@claims.example',
        ...redis,
        ...smtp,
        ...env,
      },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    this.children.add(child);
    child.once('exit', () => this.children.delete(child));
    await Promise.race([once(child.stdout!, 'data'), once(child, 'exit')]);
    return child;
  }

  /** Nothing waits, nothing is being sent: every record is in a state that lasts. Ends, too, when the worker does. */
  private async untilIdle(child: ChildProcess): Promise<void> {
    for (;;) {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const { rows } = await this.admin.query(
        `SELECT (SELECT count(*) FROM outbox WHERE dispatched_at IS NULL)
              + (SELECT count(*) FROM document WHERE state = 'pending')
              + (SELECT count(*) FROM delivery WHERE state IN ('queued', 'sending')) AS left`,
      );
      if (Number((rows[0] as { left: number }).left) === 0) return;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}
