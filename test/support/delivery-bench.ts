import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach } from '@jest/globals';
import type { INestApplicationContext, Type } from '@nestjs/common';
import pg from 'pg';
import { DocumentsWorkModule, RenderDocument, SendDelivery, type MadeDocument } from '#documents';
import { documentKinds, RENDER_THREAD } from '../../apps/worker/document-kinds.js';
import type { Actor } from '#platform/database';
import { MailModule } from '#platform/mail';
import type { JobAttempt } from '#platform/queue';
import { arrangeProgramme, issueTestDocument, type IssuedDocument } from '../builders/issued-document.js';
import { MailServer } from './mail-server.js';
import { createTestDatabase, type TestDatabase } from './postgres.js';
import { startContext } from './worker.js';

export const FIRST: JobAttempt = { number: 1, last: false };
export const LAST: JobAttempt = { number: 10, last: true };
/** Everything has waited long enough. */
export const NOW = { sendingMs: -1, documentMs: -1, deliveryMs: -1 };
export const administrator: Actor = {
  userId: '00000000-0000-7000-8000-0000000000bb',
  organisation: 'MTM',
  scope: '*',
  roles: ['administrator'],
};

export interface DeliveryRecord {
  id: string;
  audience: string;
  state: string;
  message_id: string;
  last_error: string | null;
  attempts: number;
}

/** The use cases of documents and e-mails over a real database and a real mail server or mailbox. */
export class DeliveryBench {
  database: TestDatabase;
  admin: pg.Client;
  dataDir: string;
  server: MailServer;
  private app: INestApplicationContext;
  private seq = 0;

  /** Call inside a spec file, once: a database a file, a mail server and a folder a test. */
  static inSpec(): DeliveryBench {
    const bench = new DeliveryBench();
    beforeAll(async () => {
      bench.database = await createTestDatabase();
      bench.admin = new pg.Client({ connectionString: bench.database.adminUrl });
      await bench.admin.connect();
      await arrangeProgramme(bench.admin);
    });
    beforeEach(async () => {
      bench.dataDir = await mkdtemp(join(tmpdir(), 'claims-delivery-'));
      bench.server = await MailServer.start();
    });
    afterEach(async () => {
      await bench.app.close();
      await bench.server.close();
      await rm(bench.dataDir, { recursive: true, force: true });
    });
    afterAll(async () => {
      await bench.admin.end();
      await bench.database.drop();
    });
    return bench;
  }

  async start(transport: 'smtp' | 'mailbox'): Promise<void> {
    this.app = await startContext(
      {
        DATABASE_URL: this.database.url,
        DATA_DIR: this.dataDir,
        MAIL_FROM: 'claims@claims.example',
        ...(transport === 'smtp' ? { SMTP_URL: this.server.url } : {}),
      },
      [DocumentsWorkModule.forKinds(documentKinds, RENDER_THREAD), MailModule],
    );
  }

  get<T>(type: Type<T> | (abstract new () => T)): T {
    return this.app.get(type as Type<T>);
  }

  issue(options: Parameters<typeof issueTestDocument>[2] = {}): Promise<IssuedDocument> {
    return issueTestDocument(this.admin, ++this.seq, options);
  }

  render(id: string, attempt = FIRST): Promise<MadeDocument | null> {
    return this.get(RenderDocument).run(id, attempt);
  }

  send(id: string, attempt = FIRST): Promise<void> {
    return this.get(SendDelivery).run([id], attempt);
  }

  /** A rendered document and the id of its delivery to the payer, ready to be sent. */
  async rendered(): Promise<IssuedDocument & { payer: string }> {
    const document = await this.issue();
    await this.render(document.id);
    const [payer] = await this.deliveries(document.id);
    return { ...document, payer: payer!.id };
  }

  async document(id: string): Promise<Record<string, never>> {
    return (await this.admin.query('SELECT * FROM document WHERE id = $1', [id])).rows[0] as Record<string, never>;
  }

  async deliveries(documentId: string): Promise<DeliveryRecord[]> {
    const sql = 'SELECT * FROM delivery WHERE document_id = $1 ORDER BY audience DESC';
    return (await this.admin.query(sql, [documentId])).rows as DeliveryRecord[];
  }

  async delivery(id: string): Promise<DeliveryRecord> {
    return (await this.admin.query('SELECT * FROM delivery WHERE id = $1', [id])).rows[0] as DeliveryRecord;
  }

  async audits(subject: string): Promise<string[]> {
    const sql = 'SELECT action FROM audit_entry WHERE subject_id = $1 ORDER BY seq';
    return (await this.admin.query(sql, [subject])).rows.map((row: { action: string }) => row.action);
  }

  /** How many jobs of this name and id the outbox has seen. */
  async jobs(job: string, id: string): Promise<number> {
    const sql = 'SELECT id FROM outbox WHERE job = $1 AND payload::text LIKE $2';
    return (await this.admin.query(sql, [job, `%${id}%`])).rowCount ?? 0;
  }
}
