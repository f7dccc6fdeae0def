import { resolve } from 'node:path';
import { PLAIN_ADDRESS } from '#kernel';
import { oidcProviders, type OidcProvider } from './oidc-settings.js';

export type LogLevel = 'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'silent';
const LOG_LEVELS: readonly LogLevel[] = ['fatal', 'error', 'warn', 'info', 'debug', 'silent'];

/** The settings of one process, checked once at start and never read from the environment again. */
export class AppConfig {
  env: 'production' | 'development' | 'test';
  http: { port: number; host: string; publicUrl: string; trustProxy: boolean; rateLimitPerMinute: number };
  /** Requests of pages a minute. */
  pageLimits: { perUser: number; perAddress: number; signInsPerAddress: number };
  /** Absolute path. */
  dataDir: string;
  /** `url` is null when the embedded database is to be started. */
  database: { url: string | null; migrationUrl: string | null; poolSize: number };
  redisUrl: string | null;
  mail: { smtpUrl: string | null; from: string };
  /** `port` is null when the worker process answers no /health and /metrics. */
  worker: { concurrency: number; port: number | null };
  bankFiles: { mostBytes: number };
  /** Null outside production when it is not set: see Secrets. */
  secretKey: string | null;
  /** Providers people may sign in with, in the order of their numbers. */
  oidc: readonly OidcProvider[];
  /** Whether anybody may sign in as a demo user, without a password. */
  demo: boolean;
  logLevel: LogLevel;
  testClock: Date | null;
}

/** One or more settings cannot be used. Each problem is a line that says what to change. */
export class ConfigError extends Error {
  override name = 'ConfigError';
  constructor(readonly problems: readonly string[]) {
    super(problems.join('\n'));
  }
}

type Env = Readonly<Record<string, string | undefined>>;

class Reader {
  readonly problems: string[] = [];
  constructor(private readonly env: Env) {}

  text(name: string): string | null {
    const value = this.env[name]?.trim();
    return value ? value : null;
  }

  oneOf<T extends string>(name: string, values: readonly T[], fallback: T): T {
    const value = this.text(name) ?? fallback;
    if (values.includes(value as T)) return value as T;
    this.problems.push(`${name} is "${value}"; it must be one of ${values.join(', ')}.`);
    return fallback;
  }

  integer(name: string, fallback: number, min: number, max: number): number {
    const value = this.text(name);
    if (value === null) return fallback;
    const number = Number(value);
    if (/^\d+$/.test(value) && number >= min && number <= max) return number;
    this.problems.push(`${name} is "${value}"; it must be a whole number from ${min} to ${max}.`);
    return fallback;
  }

  url(name: string, protocols: readonly string[]): string | null {
    const value = this.text(name);
    if (value === null) return null;
    const ok = URL.canParse(value) && protocols.includes(new URL(value).protocol);
    // The value itself may hold a password, so it is not repeated.
    if (!ok)
      this.problems.push(`${name} is not an address that starts with ${protocols.map((p) => `${p}//`).join(' or ')}.`);
    return ok ? value : null;
  }

  mailAddress(name: string, fallback: string): string {
    const value = this.text(name) ?? fallback;
    if (!PLAIN_ADDRESS.test(value))
      this.problems.push(`${name} is "${value}"; it must be one plain e-mail address such as claims@example.org.`);
    return value;
  }

  /** Long enough that nobody guesses it. It is not repeated. */
  secret(name: string, leastBytes: number): string | null {
    const value = this.text(name);
    if (value !== null && Buffer.byteLength(value) < leastBytes) {
      this.problems.push(`${name} is shorter than ${leastBytes} bytes; make one with: openssl rand -base64 48`);
    }
    return value;
  }

  instant(name: string): Date | null {
    const value = this.text(name);
    if (value === null) return null;
    const at = new Date(value);
    if (!Number.isNaN(at.getTime()) && /^\d{4}-\d{2}-\d{2}T/.test(value)) return at;
    this.problems.push(`${name} is "${value}"; it must be an instant such as 2018-03-20T09:00:00Z.`);
    return null;
  }
}

/** Reads and checks every setting. Throws ConfigError with all problems at once. */
export function loadConfig(env: Env = process.env): AppConfig {
  const read = new Reader(env);
  const port = read.integer('PORT', 3000, 0, 65535);
  const databaseUrl = read.url('DATABASE_URL', ['postgres:', 'postgresql:']);
  const mode = read.oneOf('NODE_ENV', ['production', 'development', 'test'], 'development');
  const oidc = oidcProviders((name) => read.text(name), mode);
  read.problems.push(...oidc.problems);
  const config: AppConfig = {
    env: mode,
    http: {
      port,
      host: read.text('HOST') ?? '127.0.0.1',
      publicUrl: read.url('PUBLIC_URL', ['http:', 'https:']) ?? `http://localhost:${port}`,
      trustProxy: read.oneOf('TRUST_PROXY', ['true', 'false'], 'false') === 'true',
      rateLimitPerMinute: read.integer('RATE_LIMIT_PER_MINUTE', 6000, 1, 1_000_000),
    },
    pageLimits: {
      perUser: read.integer('PAGES_PER_MINUTE', 1000, 1, 1_000_000),
      perAddress: read.integer('PAGES_PER_MINUTE_AND_ADDRESS', 5000, 1, 1_000_000),
      signInsPerAddress: read.integer('SIGN_INS_PER_MINUTE', 60, 1, 1_000_000),
    },
    dataDir: resolve(read.text('DATA_DIR') ?? './var'),
    database: {
      url: databaseUrl,
      migrationUrl: read.url('MIGRATION_DATABASE_URL', ['postgres:', 'postgresql:']) ?? databaseUrl,
      poolSize: read.integer('DATABASE_POOL_SIZE', 10, 2, 200),
    },
    redisUrl: read.url('REDIS_URL', ['redis:', 'rediss:']),
    mail: {
      smtpUrl: read.url('SMTP_URL', ['smtp:', 'smtps:']),
      from: read.mailAddress('MAIL_FROM', 'claims@localhost'),
    },
    worker: {
      concurrency: read.integer('WORKER_CONCURRENCY', 10, 1, 64),
      port: read.text('WORKER_PORT') === null ? null : read.integer('WORKER_PORT', 0, 0, 65535),
    },
    bankFiles: { mostBytes: read.integer('STATEMENT_MAX_MB', 512, 1, 10_240) * 1024 * 1024 },
    secretKey: read.secret('SECRET_KEY', 32),
    oidc: oidc.providers,
    demo: read.oneOf('DEMO_SIGN_IN', ['true', 'false'], 'false') === 'true',
    logLevel: read.oneOf('LOG_LEVEL', LOG_LEVELS, 'info'),
    testClock: read.instant('TEST_CLOCK'),
  };
  read.problems.push(...productionProblems(config));
  if (read.problems.length > 0) throw new ConfigError(read.problems);
  return config;
}

function productionProblems(config: AppConfig): string[] {
  if (config.env !== 'production') return [];
  const problems: string[] = [];
  if (config.testClock)
    problems.push('TEST_CLOCK is for tests and demonstrations; unset it when NODE_ENV is production.');
  if (!config.database.url) problems.push('DATABASE_URL is not set; production does not start the embedded database.');
  if (!config.mail.smtpUrl) problems.push('SMTP_URL is not set; production does not keep mail in the local mailbox.');
  if (!config.secretKey) problems.push('SECRET_KEY is not set; make one with: openssl rand -base64 48');
  if (config.demo) problems.push('DEMO_SIGN_IN lets anybody in; unset it when NODE_ENV is production.');
  return problems;
}
