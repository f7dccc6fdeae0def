import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { type AppConfig } from '#platform/config';
import { RUNTIME_ROLE } from '#platform/database';
import { migrate } from '#migrations';
import { StartFailure, systemCode } from './embedded/failure.js';
import { startPostgres, type RunningPostgres } from './embedded/postgres.js';

export type Say = (line: string) => void;

export interface OpenDatabase {
  /** As a role that owns nothing. */
  url: string;
  /** As the owner: migrations and seeds. */
  migrationUrl: string;
  /** Null when the database is somebody else's. */
  server: RunningPostgres | null;
  stop(): Promise<void>;
}

const NAME = 'claims';
const LOGIN = 'claims_login';

/** Starts the embedded server, or checks that the one of DATABASE_URL answers, and brings the schema up to date. */
export async function openDatabase(config: AppConfig, say: Say): Promise<OpenDatabase> {
  if (config.database.url !== null) {
    const { url } = config.database;
    const migrationUrl = config.database.migrationUrl ?? url;
    await mustAnswer('DATABASE_URL', url);
    if (migrationUrl !== url) await mustAnswer('MIGRATION_DATABASE_URL', migrationUrl);
    await bringUpToDate(migrationUrl, say);
    return { url, migrationUrl, server: null, stop: async () => undefined };
  }
  const server = await startPostgres({ folder: config.dataDir, say });
  try {
    await createDatabase(server);
    const migrationUrl = server.url(NAME);
    await bringUpToDate(migrationUrl, say);
    const url = await createLogin(server);
    return { url, migrationUrl, server, stop: () => server.stop() };
  } catch (error) {
    await server.stop();
    throw error;
  }
}

async function bringUpToDate(migrationUrl: string, say: Say): Promise<void> {
  const ran = await migrate(migrationUrl);
  if (ran.length > 0) say(`Migrated the database (${ran.length} ${ran.length === 1 ? 'step' : 'steps'})`);
}

/** Says which setting is wrong without repeating the password in it. */
export async function mustAnswer(setting: string, url: string): Promise<void> {
  const { hostname, port } = new URL(url);
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 10_000 });
  client.on('error', () => undefined);
  try {
    await client.connect();
  } catch (error) {
    const reason = systemCode(error) || (error instanceof Error ? error.message : String(error));
    throw new StartFailure(
      `${setting}: PostgreSQL at ${hostname}:${port || 5432} does not let us in (${reason}): start it, or correct ${setting}`,
    );
  } finally {
    await client.end().catch(() => undefined);
  }
}

async function createDatabase(server: RunningPostgres): Promise<void> {
  await withClient(server.url('postgres'), async (client) => {
    const found = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [NAME]);
    if (found.rowCount === 0) await client.query(`CREATE DATABASE ${NAME}`);
  });
}

/** The login of the processes. Its password is new at each start and kept in the run file alone. */
async function createLogin(server: RunningPostgres): Promise<string> {
  const url = new URL(server.url(NAME));
  url.username = LOGIN;
  url.password = randomBytes(24).toString('hex');
  await ensureLogin(server.url(NAME), url.href, true);
  return url.href;
}

/**
 * Makes the user of `url`, with the password in it, a login that owns nothing and may become the runtime role. One that
 * exists keeps its password unless told otherwise: on somebody's server a wrong one must fail, not be set. Needs a `migrationUrl` whose user may create roles; does nothing where both are one user.
 */
export async function ensureLogin(migrationUrl: string, url: string, renewPassword = false): Promise<void> {
  const user = decodeURIComponent(new URL(url).username);
  if (user === '' || user === decodeURIComponent(new URL(migrationUrl).username)) return;
  const name = pg.escapeIdentifier(user);
  const password = pg.escapeLiteral(decodeURIComponent(new URL(url).password));
  await withClient(migrationUrl, async (client) => {
    const found = await client.query('SELECT 1 FROM pg_roles WHERE rolname = $1', [user]);
    if (found.rowCount === 0)
      await client.query(`CREATE ROLE ${name} LOGIN NOSUPERUSER NOBYPASSRLS PASSWORD ${password}`);
    else if (renewPassword) await client.query(`ALTER ROLE ${name} PASSWORD ${password}`);
    await client.query(`GRANT ${RUNTIME_ROLE} TO ${name}`);
  });
}

async function withClient(url: string, work: (client: pg.Client) => Promise<void>): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await work(client);
  } finally {
    await client.end();
  }
}
