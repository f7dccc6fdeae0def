import pg from 'pg';
import { DataSource, getMetadataArgsStorage } from 'typeorm';

/** The role every process works as: it owns nothing and cannot bypass row-level security. Made by the first migration. */
export const RUNTIME_ROLE = 'claims_app';
/** PostgreSQL 14: the oldest server that still gets fixes; server_version_num. */
export const MINIMUM_SERVER_VERSION = 140000;

/** `pg` reads DATE as a local-midnight Date (a day early in summer) and int8 as text; both are set right, once. */
export function setTypeParsers(): void {
  pg.types.setTypeParser(pg.types.builtins.DATE, (text) => text);
  pg.types.setTypeParser(1182 as never, (text: string) => (text === '{}' ? [] : text.slice(1, -1).split(',')));
  pg.types.setTypeParser(pg.types.builtins.INT8, (text) => {
    const value = Number(text);
    if (!Number.isSafeInteger(value)) throw new RangeError('a bigint from the database does not fit a safe integer');
    return value;
  });
}

export interface DataSourceOptions {
  poolSize?: number;
  applicationName?: string;
  /** Keep the login role (migrations) instead of becoming the runtime role. */
  asOwner?: boolean;
}

/**
 * A TypeORM data source that works as the runtime role. `synchronize` is never on: schema changes are migrations.
 *
 * It knows every entity the process has loaded, out of the list that TypeORM's own `@Entity()` writes. A use case imports
 * the entities it works with, so none can be missing, and no app, command, seed or test has a list to keep.
 */
export function createDataSource(url: string, options: DataSourceOptions = {}): DataSource {
  setTypeParsers();
  return new DataSource({
    type: 'postgres',
    url,
    entities: getMetadataArgsStorage().tables.map((table) => table.target),
    synchronize: false,
    migrationsRun: false,
    logging: false,
    poolSize: options.poolSize ?? 10,
    applicationName: options.applicationName ?? 'claims',
    extra: {
      options: options.asOwner ? '-c timezone=UTC' : `-c timezone=UTC -c role=${RUNTIME_ROLE}`,
      connectionTimeoutMillis: 10_000,
      // A lock that is never released must become an error, not a queue of waiting requests.
      ...(options.asOwner ? {} : { lock_timeout: 15_000, idle_in_transaction_session_timeout: 60_000 }),
    },
  });
}

/** Refuses a server that is too old or a role that could see or change what it must not. Throws with what to do. */
export async function checkRuntimeRole(source: DataSource): Promise<void> {
  const [row] = (await source.query(
    `SELECT current_setting('server_version_num')::int AS version, r.rolsuper, r.rolbypassrls,
            EXISTS (SELECT FROM pg_class c WHERE c.relowner = r.oid) AS owns, current_user AS name
       FROM pg_roles r WHERE r.rolname = current_user`,
  )) as { version: number; rolsuper: boolean; rolbypassrls: boolean; owns: boolean; name: string }[];
  if (!row || row.version < MINIMUM_SERVER_VERSION) throw new Error('The database must be PostgreSQL 14 or later.');
  if (row.rolsuper || row.rolbypassrls || row.owns) {
    throw new Error(
      `The database role "${row.name}" owns tables or bypasses row-level security; use one that is a member of ${RUNTIME_ROLE}.`,
    );
  }
}
