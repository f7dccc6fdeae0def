import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type pg from 'pg';
import { invoiceNumberKey, trainerNameKey } from '#claims/domain';
import { ROOT } from '../support/processes.js';
import { type Database, type Services } from '../support/services.js';
import { ALLOCATIONS, CLAIMS, DECIDE, EVIDENCE, GENERATED, INVOICES, LINES } from './generate-sql.js';
import { prove } from './prove.js';
import { workedClaims } from './worked-claims.js';

/** Part of the name of a generated database: another schema or another generator makes another one. */
function fingerprint(): string {
  const hash = createHash('sha256');
  for (const folder of ['dist/migrations', 'dist/bench/lists']) {
    for (const name of readdirSync(join(ROOT, folder)).sort()) {
      if (name.endsWith('.js')) hash.update(readFileSync(join(ROOT, folder, name)));
    }
  }
  return hash.digest('hex').slice(0, 8);
}

/** A database with so many claims, kept from an earlier run when nothing has changed since. */
export async function claimsDatabase(
  services: Services,
  count: number,
  say: (line: string) => void,
): Promise<Database> {
  const prefix = `bench_lists_${count}_`;
  const name = `${prefix}${fingerprint()}`;
  if (await services.exists(name)) return services.database(name);
  for (const old of await databasesLike(services, prefix)) await services.drop(old);
  say(`Generating ${count.toLocaleString('en-GB')} claims (kept for the next run) …`);
  const building = `${name}_building`;
  await services.fresh(building);
  await services.asOwner(building, (client) => generate(client, count));
  // Renamed only when complete and proved.
  await services.asOwner('postgres', (client) => client.query(`ALTER DATABASE ${building} RENAME TO ${name}`));
  return services.database(name);
}

async function databasesLike(services: Services, prefix: string): Promise<string[]> {
  const { rows } = await services.asOwner('postgres', (client) =>
    client.query<{ datname: string }>('SELECT datname FROM pg_database WHERE starts_with(datname, $1)', [prefix]),
  );
  return rows.map(({ datname }) => datname);
}

/** As superuser with triggers off: the data is proved afterwards instead. */
async function generate(client: pg.Client, count: number): Promise<void> {
  const { terms, claims } = workedClaims();
  const [name, number] = [trainerNameKey('Trainer 12 Ltd'), invoiceNumberKey('INV-0001')];
  if (name !== 'TRAINER12LTD' || number !== 'INV0001')
    throw new Error('keys are no longer made as the generator makes them');
  await client.query(
    `SET session_replication_role = replica; SET synchronous_commit = off; SET work_mem = '256MB'; SET maintenance_work_mem = '512MB'`,
  );
  await client.query('BEGIN');
  const indexes = await dropIndexes(client);
  for (const statement of DECIDE.split(';')) {
    await client.query(statement.replaceAll('$2', `'${JSON.stringify(claims).replaceAll("'", "''")}'`));
  }
  for (const statement of [
    GENERATED,
    CLAIMS.replaceAll('$1', String(terms.payment.withinDays)),
    INVOICES,
    LINES,
    EVIDENCE,
    ALLOCATIONS,
  ]) {
    await client.query(statement.replaceAll('$1', String(count)));
  }
  for (const definition of indexes) await client.query(definition);
  await client.query('COMMIT');
  await client.query('VACUUM ANALYZE');
  await prove(client, count);
  await client.query('CHECKPOINT');
}

/** Secondary indexes are made anew at the end, which is several times quicker. Returns how. */
async function dropIndexes(client: pg.Client): Promise<string[]> {
  const { rows } = await client.query<{ name: string; definition: string }>(
    `SELECT indexrelid::regclass::text AS name, pg_get_indexdef(indexrelid) AS definition FROM pg_index i
      WHERE indrelid = ANY ('{claim,trainer_invoice,trainer_invoice_line,evidence}'::regclass[])
        AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = i.indexrelid)`,
  );
  for (const { name } of rows) await client.query(`DROP INDEX ${name}`);
  return rows.map(({ definition }) => definition);
}
