import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { type DataSource } from 'typeorm';
import { CheckpointFiles, SealCheckpoint, VerifyAudit } from '#audit';
import { createDataSource, systemActor, UnitOfWork, type Actor } from '#platform/database';
import { createTestDatabase, type TestDatabase } from '../support/postgres.js';

export const AUDITOR: Actor = {
  userId: '01890a5d-ac96-774b-bcce-b302099a8001',
  organisation: 'MTM',
  scope: '*',
  roles: ['auditor'],
  requestId: 'req-1',
};

/** A database of its own, a folder for checkpoints, the use cases on both, and a way to tamper behind their back. */
export class AuditWorld {
  now = new Date('2018-03-20T09:00:00.123Z');
  uow: UnitOfWork;
  seal: SealCheckpoint;
  verifier: VerifyAudit;
  source: DataSource;
  admin: pg.Client;
  directory: string;
  files: CheckpointFiles;
  private database: TestDatabase;

  static async open(): Promise<AuditWorld> {
    const world = new AuditWorld();
    world.database = await createTestDatabase();
    world.source = await createDataSource(world.database.url, { poolSize: 6 }).initialize();
    world.admin = new pg.Client({ connectionString: world.database.adminUrl, options: '-c app.authority=*' });
    await world.admin.connect();
    world.directory = await mkdtemp(join(tmpdir(), 'audit-'));
    world.files = new CheckpointFiles(world.directory);
    world.uow = new UnitOfWork(world.source, { now: () => world.now });
    world.seal = new SealCheckpoint(world.uow, world.files);
    world.verifier = new VerifyAudit(world.uow, world.files);
    return world;
  }

  verify = (chain?: string) => this.verifier.run(AUDITOR, chain === undefined ? {} : { chain });
  sealNow = () => this.seal.run(systemActor);

  /** As a superuser who has switched every trigger off: what the trail must betray. */
  async tamper(...statements: string[]): Promise<void> {
    await this.admin.query('SET session_replication_role = replica');
    try {
      for (const sql of statements) await this.admin.query(sql);
    } finally {
      await this.admin.query('SET session_replication_role = origin');
    }
  }

  /** Back to an empty trail. */
  async reset(): Promise<void> {
    await this.tamper(
      'DELETE FROM audit_checkpoint_head',
      'DELETE FROM audit_checkpoint',
      'DELETE FROM audit_entry',
      'DELETE FROM audit_head',
    );
    await rm(this.directory, { recursive: true, force: true });
  }

  async close(): Promise<void> {
    await this.source.destroy();
    await this.admin.end();
    await this.database.drop();
    await rm(this.directory, { recursive: true, force: true });
  }
}
