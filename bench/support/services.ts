import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { connect } from 'node:net';
import pg from 'pg';
import { systemClock } from '#kernel';
import { Notices } from '#documents';
import { IssueToken } from '#identity';
import { loadConfig } from '#platform/config';
import { createDataSource, UnitOfWork } from '#platform/database';
import { migrate } from '#migrations';
import { seedAll } from '#seeds';
import { ensureLogin } from '../../apps/standalone/database.js';
import { startPostgres, type RunningPostgres } from '../../apps/standalone/embedded/postgres.js';
import { HttpClient } from './http-client.js';
import { findProgram, freePort, KEPT, launch, ROOT, until, type Running } from './processes.js';

/** A database of the bench's server: as the processes see it, and as its owner. */
export interface Database {
  name: string;
  url: string;
  ownerUrl: string;
}

export interface Api {
  client: HttpClient;
  /** Where it answers. */
  base: string;
  stop(): Promise<void>;
}

export async function withClient<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

const LOGIN = 'bench_login';
/** Nobody else reaches the server: it listens on the loopback of this machine, while the bench runs. */
const PASSWORD = 'bench';

/**
 * What the figures run against, started when first asked for: the embedded PostgreSQL with its data flushed to the disk as
 * in production, and the programs of the build. `stopAll` stops everything, last started first.
 */
export class Services {
  private postgres: RunningPostgres | null = null;
  private readonly cleanups: (() => Promise<void>)[] = [];

  constructor(private readonly say: (line: string) => void) {}

  async server(): Promise<RunningPostgres> {
    if (this.postgres === null) {
      this.postgres = await startPostgres({ folder: KEPT, durable: true, say: this.say });
      const { stop } = this.postgres;
      this.cleanups.push(stop);
    }
    return this.postgres;
  }

  /** Runs statements as superuser. */
  async asOwner<T>(database: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
    return withClient((await this.server()).url(database), work);
  }

  async exists(name: string): Promise<boolean> {
    const found = await this.asOwner('postgres', (client) =>
      client.query('SELECT 1 FROM pg_database WHERE datname = $1', [name]),
    );
    return found.rowCount !== 0;
  }

  /** The addresses of a database. */
  async database(name: string): Promise<Database> {
    const ownerUrl = (await this.server()).url(name);
    const url = new URL(ownerUrl);
    url.username = LOGIN;
    url.password = PASSWORD;
    return { name, url: url.href, ownerUrl };
  }

  /** An empty, migrated database with EIP2, its ten authorities and the demo users; one of that name is dropped first. */
  async fresh(name: string): Promise<Database> {
    await this.drop(name);
    await this.asOwner('postgres', (client) => client.query(`CREATE DATABASE ${name}`));
    const database = await this.database(name);
    await migrate(database.ownerUrl);
    await ensureLogin(database.ownerUrl, database.url, true);
    await seedAll(database.ownerUrl, { demo: true });
    return database;
  }

  /** A copy of a database that nobody is connected to. */
  async copy(of: Database, name: string): Promise<Database> {
    await this.drop(name);
    await this.asOwner('postgres', (client) =>
      client.query(`CREATE DATABASE ${name} TEMPLATE ${of.name} STRATEGY file_copy`),
    );
    return this.database(name);
  }

  async drop(name: string): Promise<void> {
    await this.asOwner('postgres', (client) => client.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`));
  }

  /** A bearer token of each of some demo users. */
  async tokens(database: Pick<Database, 'url'>, emails: readonly string[]): Promise<Map<string, string>> {
    const source = createDataSource(database.url, { poolSize: 2, applicationName: 'bench-tokens' });
    await source.initialize();
    try {
      const issue = new IssueToken(new UnitOfWork(source, systemClock), new Notices(loadConfig({})));
      const tokens = new Map<string, string>();
      for (const email of emails) tokens.set(email, (await issue.forEmail(email, { label: 'bench' })).token);
      return tokens;
    } finally {
      await source.destroy();
    }
  }

  /** apps/api as it ships. `preload` is a module that Node loads before it. */
  api(database: Database, env: Record<string, string> = {}, preload?: string): Promise<Api> {
    return this.http('api', database, { RATE_LIMIT_PER_MINUTE: '1000000', ...env }, preload);
  }

  /** apps/web as it ships, but for the demonstration's sign-in, which production refuses. */
  web(database: Database): Promise<Api> {
    const unlimited = {
      PAGES_PER_MINUTE: '1000000',
      PAGES_PER_MINUTE_AND_ADDRESS: '1000000',
      SIGN_INS_PER_MINUTE: '100000',
    };
    return this.http('web', database, {
      NODE_ENV: 'development',
      DEMO_SIGN_IN: 'true',
      LOG_LEVEL: 'warn',
      ...unlimited,
    });
  }

  private async http(
    app: 'api' | 'web',
    database: Database,
    env: Record<string, string>,
    preload?: string,
  ): Promise<Api> {
    const port = await freePort();
    const words = [...(preload === undefined ? [] : ['--import', preload]), join(ROOT, `dist/apps/${app}/main.js`)];
    const running = launch({
      name: `${app}-${database.name}`,
      words,
      env: { ...processEnv(database), PORT: String(port), ...env },
    });
    this.onStop(running);
    const client = new HttpClient(`http://127.0.0.1:${port}`);
    await until(running, async () => (await client.send('GET', '/health/ready', null)).status === 200);
    return {
      client,
      base: `http://127.0.0.1:${port}`,
      stop: async () => {
        client.close();
        await running.stop();
      },
    };
  }

  /** apps/worker as it ships. */
  async worker(database: Database, env: Record<string, string> = {}): Promise<Running> {
    const port = await freePort();
    const running = launch({
      name: `worker-${database.name}`,
      words: [join(ROOT, 'dist/apps/worker/main.js')],
      env: { ...processEnv(database), WORKER_PORT: String(port), ...env },
    });
    this.onStop(running);
    const client = new HttpClient(`http://127.0.0.1:${port}`);
    await until(running, async () => (await client.send('GET', '/health/ready', null)).status === 200);
    client.close();
    return running;
  }

  /** A redis-server of our own with nothing in it, or null where none is installed. */
  async redis(): Promise<{ url: string; stop: () => Promise<void> } | null> {
    const command = findProgram('redis-server');
    if (command === null) return null;
    const port = await freePort();
    const options = { bind: '127.0.0.1', port, save: '', appendonly: 'no', 'maxmemory-policy': 'noeviction' };
    const words = Object.entries(options).flatMap(([name, value]) => [`--${name}`, String(value)]);
    const running = launch({ name: 'redis', command, words, env: {} });
    this.onStop(running);
    await until(running, () => answers(port));
    return { url: `redis://127.0.0.1:${port}`, stop: () => running.stop() };
  }

  onStop(running: Running): void {
    this.cleanups.push(() => running.stop());
  }

  async stopAll(): Promise<void> {
    for (const step of this.cleanups.splice(0).reverse()) {
      await step().catch((error: Error) => this.say(`Could not clean up: ${error.message}`));
    }
    this.postgres = null;
  }
}

const SECRET_KEY = randomBytes(48).toString('base64');

/** As in production, with an address for e-mail that no figure uses unless it says so. */
const processEnv = (database: Database): Record<string, string> => ({
  NODE_ENV: 'production',
  SECRET_KEY,
  DATABASE_URL: database.url,
  DATA_DIR: join(KEPT, 'files', database.name),
  SMTP_URL: 'smtp://127.0.0.1:9',
  MAIL_FROM: 'claims@bench.example',
});

function answers(port: number): Promise<boolean> {
  return new Promise((done) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy();
      done(true);
    });
    socket.once('error', () => done(false));
  });
}
