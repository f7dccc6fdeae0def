import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { migrate } from '#migrations';

export interface TestDatabase {
  /** Logs in as a role that owns nothing, is no superuser and may become `claims_app`: what the processes use. */
  url: string;
  /** Logs in as superuser, whom row-level security does not hold: for arranging and for looking behind the scenes only. */
  adminUrl: string;
  drop(): Promise<void>;
}

const LOGIN = { name: 'claims_test', password: 'claims_test' };
/** Any number will do as long as nothing else in the tests' server takes it. */
const TEMPLATE_LOCK = 7_041_776;

/** A database of its own for one spec file, cloned from a migrated template: a clone takes milliseconds, migrating does not. */
export async function createTestDatabase(): Promise<TestDatabase> {
  const template = `claims_template_${process.env['TEST_RUN_ID'] ?? 'shared'}`;
  const name = `claims_test_${randomBytes(6).toString('hex')}`;
  await asAdmin(async (admin) => {
    await buildTemplate(admin, template);
    await admin.query(`CREATE DATABASE ${name} TEMPLATE ${template}`);
    // Whoever locks heads of the trail out of their order would only be asked to run again; tests are told.
    await admin.query(`ALTER DATABASE ${name} SET audit.strict = 'on'`);
  });
  return { url: loginUrl(name), adminUrl: adminUrl(name), drop: () => dropDatabase(name) };
}

/** An empty database, nothing migrated: for the tests of migrations and of starting. */
export async function createEmptyDatabase(): Promise<TestDatabase> {
  const name = `claims_test_${randomBytes(6).toString('hex')}`;
  await asAdmin(async (admin) => {
    await admin.query(`CREATE DATABASE ${name}`);
  });
  return { url: loginUrl(name), adminUrl: adminUrl(name), drop: () => dropDatabase(name) };
}

/** Under an advisory lock, since Jest runs files side by side: the first builds, the others wait and find it. */
async function buildTemplate(admin: pg.Client, template: string): Promise<void> {
  await admin.query('SELECT pg_advisory_lock($1)', [TEMPLATE_LOCK]);
  try {
    const found = await admin.query('SELECT 1 FROM pg_database WHERE datname = $1', [template]);
    if (found.rowCount !== 0) return;
    const building = `${template}_building`;
    await admin.query(`DROP DATABASE IF EXISTS ${building} WITH (FORCE)`);
    await admin.query(`CREATE DATABASE ${building}`);
    await migrate(adminUrl(building));
    await createLogin(admin);
    // Renamed only when complete: a failed migration must fail every spec, not leave half a schema for the second.
    await admin.query(`ALTER DATABASE ${building} RENAME TO ${template}`);
  } finally {
    await admin.query('SELECT pg_advisory_unlock($1)', [TEMPLATE_LOCK]);
  }
}

async function createLogin(admin: pg.Client): Promise<void> {
  const found = await admin.query('SELECT 1 FROM pg_roles WHERE rolname = $1', [LOGIN.name]);
  if (found.rowCount === 0) {
    await admin.query(`CREATE ROLE ${LOGIN.name} LOGIN PASSWORD '${LOGIN.password}' NOSUPERUSER NOBYPASSRLS`);
  }
  await admin.query(`GRANT claims_app TO ${LOGIN.name}`);
}

async function dropDatabase(name: string): Promise<void> {
  await asAdmin(async (admin) => {
    await admin.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
  });
}

async function asAdmin(work: (admin: pg.Client) => Promise<void>): Promise<void> {
  const admin = new pg.Client({ connectionString: baseUrl().href });
  await admin.connect();
  try {
    await work(admin);
  } finally {
    await admin.end();
  }
}

function baseUrl(): URL {
  const url = process.env['TEST_DATABASE_ADMIN_URL'];
  if (url === undefined)
    throw new Error('TEST_DATABASE_ADMIN_URL is not set: run the tests through `node test/run.mjs`');
  return new URL(url);
}

function adminUrl(database: string): string {
  const url = baseUrl();
  url.pathname = `/${database}`;
  return url.href;
}

function loginUrl(database: string): string {
  const url = new URL(adminUrl(database));
  url.username = LOGIN.name;
  url.password = LOGIN.password;
  return url.href;
}
