import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type pg from 'pg';
import { ROOT } from './processes.js';
import { type Database, type Services } from './services.js';

/** Generated data that is worth keeping. */
export interface Kept {
  /** `waiting_10000`: letters, digits and underscores. */
  name: string;
  /** Folders of the build that decide what comes out, besides the migrations: `dist/bench/claims`. */
  madeBy: readonly string[];
  /** In the words of `Generating … (kept for the next run)`. */
  what: string;
  /** Fills an empty, migrated database, as superuser, and proves what it has made. */
  fill: (client: pg.Client) => Promise<void>;
}

/** Part of the name of a generated database: another schema or another generator makes another one. */
function fingerprint(folders: readonly string[]): string {
  const hash = createHash('sha256');
  for (const folder of ['dist/migrations', ...folders]) {
    for (const name of readdirSync(join(ROOT, folder)).sort()) {
      if (name.endsWith('.js')) hash.update(readFileSync(join(ROOT, folder, name)));
    }
  }
  return hash.digest('hex').slice(0, 8);
}

/** A generated database, from an earlier run when nothing has changed since. */
export async function keptDatabase(services: Services, kept: Kept, say: (line: string) => void): Promise<Database> {
  const prefix = `bench_${kept.name}_`;
  const name = `${prefix}${fingerprint(kept.madeBy)}`;
  if (await services.exists(name)) return services.database(name);
  for (const old of await databasesLike(services, prefix)) await services.drop(old);
  say(`Generating ${kept.what} (kept for the next run) …`);
  const started = performance.now();
  const building = `${name}_building`;
  await services.fresh(building);
  await withRoomForLogs(services, () => services.asOwner(building, (client) => kept.fill(client)));
  // Renamed only when complete and proved.
  await services.asOwner('postgres', (client) => client.query(`ALTER DATABASE ${building} RENAME TO ${name}`));
  say(`  took ${((performance.now() - started) / 1000).toFixed(0)} s`);
  return services.database(name);
}

/** While data is made, and not while anything is measured, the server may write more between two checkpoints. */
async function withRoomForLogs(services: Services, work: () => Promise<void>): Promise<void> {
  const set = (statement: string) =>
    services.asOwner('postgres', async (client) => {
      await client.query(statement);
      await client.query('SELECT pg_reload_conf()');
    });
  await set(`ALTER SYSTEM SET max_wal_size = '16GB'`);
  try {
    await work();
  } finally {
    await set('ALTER SYSTEM RESET max_wal_size');
    await services.asOwner('postgres', (client) => client.query('CHECKPOINT'));
  }
}

async function databasesLike(services: Services, prefix: string): Promise<string[]> {
  const { rows } = await services.asOwner('postgres', (client) =>
    client.query<{ datname: string }>('SELECT datname FROM pg_database WHERE starts_with(datname, $1)', [prefix]),
  );
  return rows.map(({ datname }) => datname);
}

/** How data is filled in sets: with triggers off, which is why it is proved afterwards, and without waiting for the disk. */
export const FILLING = `SET session_replication_role = replica; SET synchronous_commit = off; SET work_mem = '256MB';
  SET maintenance_work_mem = '512MB'`;

/** Secondary indexes are made anew at the end, which is several times quicker. Returns how. */
export async function dropIndexes(client: pg.Client, tables: readonly string[]): Promise<string[]> {
  const { rows } = await client.query<{ name: string; definition: string }>(
    `SELECT indexrelid::regclass::text AS name, pg_get_indexdef(indexrelid) AS definition FROM pg_index i
      WHERE indrelid = ANY ($1::text[]::regclass[]) AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = i.indexrelid)`,
    [tables],
  );
  for (const { name } of rows) await client.query(`DROP INDEX ${name}`);
  return rows.map(({ definition }) => definition);
}
