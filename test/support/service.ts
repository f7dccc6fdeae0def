import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Module, type DynamicModule, type Type } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import pg from 'pg';
import { pino } from 'pino';
import { v7 as uuid } from 'uuid';
import { findActor, IssueToken } from '#identity';
import { CLOCK, ConfigModule, loadConfig, type AppConfig } from '#platform/config';
import { DatabaseModule, systemActor, UnitOfWork } from '#platform/database';
import { StorageModule } from '#platform/storage';
import { type HttpTimeouts } from '#platform/http';
import { seedAll } from '#seeds';
import { ApiModule } from '../../apps/api/api.module.js';
import { apiOptions } from '../../apps/api/app.js';
import { webOptions } from '../../apps/web/app.js';
import { WebModule } from '../../apps/web/web.module.js';
import { createHttpApp, HealthModule } from '#platform/server';
import { createTestDatabase, type TestDatabase } from './postgres.js';

/** A clock that a test turns. */
export class TestClock {
  constructor(private at: Date) {}
  now(): Date {
    return new Date(this.at);
  }
  set(iso: string): void {
    this.at = new Date(iso);
  }
}

export interface Reply<T = Record<string, unknown>> {
  status: number;
  headers: Headers;
  text: string;
  body: T;
}

export interface Sent {
  headers?: Record<string, string>;
  /** Text, bytes or form as it is, anything else as JSON. */
  body?: unknown;
}

export interface ServiceOptions {
  env?: Record<string, string>;
  /** More modules in the same process, such as the worker's. */
  modules?: (Type | DynamicModule)[];
  clock?: string;
  /** The pages too, with the demonstration's sign-in. */
  web?: boolean;
  /** How long clients may take, where that is what is tested. */
  timeouts?: HttpTimeouts;
  /** Gets every line that is logged. */
  logTo?: (line: string) => void;
}

@Module({})
class ServiceRoot {}

/** The whole API over a real socket and a real database, with EIP2 and its demo users loaded. */
export class Service {
  readonly clock: TestClock;
  database: TestDatabase;
  admin: pg.Client;
  app: NestFastifyApplication;
  base: string;
  dataDir: string;
  config: AppConfig;
  private readonly tokens = new Map<string, Promise<string>>();

  private constructor(clock: string) {
    this.clock = new TestClock(new Date(clock));
  }

  static async start(options: ServiceOptions = {}): Promise<Service> {
    const service = new Service(options.clock ?? '2018-04-03T09:00:00.000Z');
    service.database = await createTestDatabase();
    service.dataDir = await mkdtemp(join(tmpdir(), 'claims-service-'));
    await seedAll(service.database.url, { demo: true, clock: service.clock });
    // Bound by no policy; the scope is for functions and triggers that ask for it.
    service.admin = new pg.Client({ connectionString: service.database.adminUrl, options: '-c app.authority=*' });
    await service.admin.connect();
    await service.boot(options);
    return service;
  }

  private async boot(options: ServiceOptions): Promise<void> {
    this.config = loadConfig({
      NODE_ENV: 'test',
      DATABASE_URL: this.database.url,
      DATA_DIR: this.dataDir,
      RATE_LIMIT_PER_MINUTE: '1000000',
      PAGES_PER_MINUTE: '1000000',
      PAGES_PER_MINUTE_AND_ADDRESS: '1000000',
      SIGN_INS_PER_MINUTE: '1000000',
      ...(options.web ? { DEMO_SIGN_IN: 'true' } : {}),
      ...options.env,
    });
    const config = ConfigModule.forRoot(this.config);
    config.providers = [
      ...(config.providers ?? []).filter((provider) => (provider as { provide?: unknown }).provide !== CLOCK),
      { provide: CLOCK, useValue: this.clock },
    ];
    const root: DynamicModule = {
      module: ServiceRoot,
      imports: [
        config,
        DatabaseModule.forRoot('test'),
        StorageModule,
        HealthModule.forRoot('test'),
        ApiModule,
        ...(options.web ? [WebModule] : []),
        ...(options.modules ?? []),
      ],
    };
    const { logTo } = options;
    const level = process.env['TEST_LOG_LEVEL'] ?? 'silent';
    const logger = logTo ? pino({ level: 'debug' }, { write: logTo }) : pino({ level });
    this.app = await createHttpApp(root, {
      config: this.config,
      process: 'test',
      logger,
      ...(options.timeouts ? { timeouts: options.timeouts } : {}),
      extend: [...apiOptions.extend, ...(options.web ? webOptions.extend : [])],
      ...(options.web ? { filters: webOptions.filters } : {}),
    });
    await this.app.listen(0, '127.0.0.1');
    this.base = await this.app.getUrl();
  }

  /** A bearer token of a demo user, one for however many ask at once. */
  token(email: string): Promise<string> {
    const known = this.tokens.get(email) ?? this.issueToken(email);
    this.tokens.set(email, known);
    return known;
  }

  /** Tokens age with the clock: whoever turns it far has everybody signed in anew. */
  signInAgain(): void {
    this.tokens.clear();
  }

  private async issueToken(email: string): Promise<string> {
    const user = await this.app.get(UnitOfWork).read(systemActor, (tx) => findActor(tx, email));
    return (await this.app.get(IssueToken).run(systemActor, user.userId, { label: 'test' })).token;
  }

  /** One request, signed in as `email` unless it is null. */
  async call<T = Record<string, unknown>>(
    email: string | null,
    method: string,
    path: string,
    sent: Sent = {},
  ): Promise<Reply<T>> {
    const asItIs = typeof sent.body === 'string' || sent.body instanceof FormData || sent.body instanceof Uint8Array;
    const isJson = sent.body !== undefined && !asItIs;
    const answer = await fetch(
      `${this.base}${path.startsWith('/api') || path.startsWith('/health') ? '' : '/api/v1'}${path}`,
      {
        method,
        redirect: 'manual',
        headers: {
          ...(email === null ? {} : { authorization: `Bearer ${await this.token(email)}` }),
          ...(isJson ? { 'content-type': 'application/json' } : {}),
          ...sent.headers,
        },
        ...(sent.body === undefined
          ? {}
          : { body: (isJson ? JSON.stringify(sent.body) : sent.body) as string | FormData }),
      },
    );
    const text = await answer.text();
    const json = answer.headers.get('content-type')?.includes('json') ?? false;
    return { status: answer.status, headers: answer.headers, text, body: (json ? JSON.parse(text) : {}) as T };
  }

  get<T = Record<string, unknown>>(email: string, path: string, headers: Record<string, string> = {}) {
    return this.call<T>(email, 'GET', path, { headers });
  }

  /** A POST with an Idempotency-Key of its own. */
  post<T = Record<string, unknown>>(
    email: string,
    path: string,
    body: unknown = {},
    headers: Record<string, string> = {},
  ) {
    return this.call<T>(email, 'POST', path, { body, headers: { 'idempotency-key': uuid(), ...headers } });
  }

  async stop(): Promise<void> {
    await this.app?.close();
    await this.admin?.end();
    await this.database?.drop();
    if (this.dataDir) await rm(this.dataDir, { recursive: true, force: true });
  }
}
