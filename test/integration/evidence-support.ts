import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import pg from 'pg';
import { type DataSource } from 'typeorm';
import { v7 as uuid } from 'uuid';
import { createDataSource, UnitOfWork, type Actor } from '#platform/database';
import { FileStorage } from '#platform/storage';
import { insertDrafts } from '../../libs/claims/claim-store.js';
import { loadProgramme } from '../../libs/programme/load-programme.js';
import { claimBody, training, trainerInvoice } from '../builders/claim-body.js';
import { createTestDatabase, type TestDatabase } from '../support/postgres.js';

const actor = (organisation: string, role: string): Actor => ({
  userId: uuid(),
  organisation,
  scope: organisation === 'MTM' ? '*' : organisation,
  roles: [role],
});

export const BRENT = actor('BRENT', 'la_finance');
export const BRENT_MANAGER = actor('BRENT', 'la_manager');
export const BRISTOL = actor('BRISTOL', 'la_finance');
export const MTM_FINANCE = actor('MTM', 'mtm_finance');
export const MTM_APPROVER = actor('MTM', 'mtm_approver');
export const AUDITOR = actor('MTM', 'auditor');

/** A migrated database with EIP2 in it, a storage folder, and drafts to order. */
export class ClaimsWorld {
  now = new Date('2018-04-03T09:00:00.000Z');
  uow: UnitOfWork;
  source: DataSource;
  admin: pg.Client;
  storage: FileStorage;
  folder: string;
  database: TestDatabase;

  static async open(): Promise<ClaimsWorld> {
    const world = new ClaimsWorld();
    world.database = await createTestDatabase();
    world.source = await createDataSource(world.database.url, { poolSize: 6 }).initialize();
    world.admin = new pg.Client({ connectionString: world.database.adminUrl });
    await world.admin.connect();
    world.folder = await mkdtemp(join(tmpdir(), 'claims-world-'));
    world.storage = new FileStorage(join(world.folder, 'storage'));
    await world.storage.prepare();
    world.uow = new UnitOfWork(world.source, { now: () => world.now });
    const eip2: unknown = JSON.parse(readFileSync(new URL('../../seeds/eip2.json', import.meta.url), 'utf8'));
    await loadProgramme(world.uow, eip2);
    return world;
  }

  /** A draft of this officer's authority with one trainer invoice for each number; gives its id. */
  async draft(owner: Actor, ...numbers: string[]): Promise<string> {
    const id = uuid();
    const invoices = (numbers.length > 0 ? numbers : [id]).map((number) => trainerInvoice([training()], { number }));
    const body = claimBody(invoices, { authority: owner.organisation });
    await this.uow.run(owner, (tx) => insertDrafts(tx, [{ id, body, totalPence: 50_000, aboveRatePence: 0 }]));
    return id;
  }

  /** Puts a claim into a state behind the application's back. */
  async force(claimId: string, state: string): Promise<void> {
    await this.admin.query('ALTER TABLE claim DISABLE TRIGGER USER');
    await this.admin.query(
      `UPDATE claim SET state = $2, terms_id = (SELECT id FROM programme_terms LIMIT 1), calculation = '{}',
              due_on = CASE WHEN $2 NOT IN ('draft', 'returned', 'withdrawn', 'rejected') THEN '2018-06-02'::date END,
              submitted_at = created_at, invoice_number = coalesce(invoice_number, 'N-' || id),
              approved_by = CASE WHEN $2 = 'approved' THEN gen_random_uuid() END,
              approved_pence = CASE WHEN $2 = 'approved' THEN total_pence END
        WHERE id = $1`,
      [claimId, state],
    );
    await this.admin.query('ALTER TABLE claim ENABLE TRIGGER USER');
  }

  async trainerInvoices(claimId: string): Promise<string[]> {
    const { rows } = await this.admin.query<{ id: string }>(
      'SELECT id FROM trainer_invoice WHERE claim_id = $1 ORDER BY position',
      [claimId],
    );
    return rows.map(({ id }) => id);
  }

  async actions(claimId: string): Promise<string[]> {
    const { rows } = await this.admin.query<{ action: string }>(
      'SELECT action FROM audit_entry WHERE claim_id = $1 ORDER BY seq',
      [claimId],
    );
    return rows.map(({ action }) => action);
  }

  async close(): Promise<void> {
    await this.source?.destroy();
    await this.admin?.end();
    await this.database?.drop();
    if (this.folder) await rm(this.folder, { recursive: true, force: true });
  }
}

/** A file as a form brings it. */
export const sent = (bytes: Buffer, filename = 'invoice.pdf', mimetype = 'application/pdf') => ({
  filename,
  mimetype,
  stream: Readable.from([bytes.subarray(0, 10), bytes.subarray(10)]),
});
