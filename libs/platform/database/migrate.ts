import { type DataSource, type MigrationInterface } from 'typeorm';
import { createDataSource, MINIMUM_SERVER_VERSION, RUNTIME_ROLE } from './data-source.js';

/** Any number that no other advisory lock of ours uses: the first migration's date. */
const MIGRATION_LOCK = 1514764800;

type MigrationClass = new () => MigrationInterface;

/**
 * Runs what has not run yet, as the owner, under an advisory lock so that several processes may try at once.
 * Each migration is one transaction. Returns the names that ran now.
 */
export async function runMigrations(url: string, migrations: readonly MigrationClass[]): Promise<string[]> {
  const source = createDataSource(url, { asOwner: true, poolSize: 3, applicationName: 'claims-migrations' });
  source.setOptions({ migrations: [...migrations], migrationsTransactionMode: 'each' });
  await source.initialize();
  const lock = source.createQueryRunner();
  try {
    const [server] = (await lock.query(`SELECT current_setting('server_version_num')::int AS version`)) as [
      { version: number },
    ];
    if (server.version < MINIMUM_SERVER_VERSION) throw new Error('The database must be PostgreSQL 14 or later.');
    await lock.query('SELECT pg_advisory_lock($1)', [MIGRATION_LOCK]);
    const ran = await source.runMigrations();
    // So that a process can say whether it is of the schema's age (readiness).
    await lock.query(`GRANT SELECT ON migrations TO ${RUNTIME_ROLE}`);
    return ran.map((migration) => migration.name);
  } finally {
    await lock.release();
    await source.destroy();
  }
}

/** Throws unless every one of these migrations has run: a process must not work on a schema older than its code. */
export async function requireMigrated(source: DataSource, migrations: readonly MigrationClass[]): Promise<void> {
  const names = migrations.map((migration) => migration.name);
  const [row] = (await source.query('SELECT count(*)::int AS ran FROM migrations WHERE name = ANY ($1)', [names])) as [
    { ran: number },
  ];
  if (row.ran !== names.length) throw new Error('The database lacks migrations. Run them, then start again.');
}
