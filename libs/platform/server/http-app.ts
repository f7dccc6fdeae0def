import type { DynamicModule, Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance } from 'fastify';
import type { Logger } from 'pino';
import type { AppConfig } from '#platform/config';
import { actorOf, configureHttp, createHttpAdapter, type HttpTimeouts, type PrefixFilter } from '#platform/http';
import { Metrics, NestLogger, createLogger, observeRequests } from '#platform/telemetry';
import { Readiness } from './readiness.js';

/** How long a proxy gets to notice that this process is going, in production. */
const DRAIN_MS = 5_000;

export interface HttpAppOptions {
  config: AppConfig;
  /** Name of the process in logs and metrics. */
  process: string;
  logger?: Logger;
  /** How errors outside the API are answered, when the process carries pages; asked once the application is made. */
  filters?: (app: NestFastifyApplication) => readonly PrefixFilter[];
  /** How long clients may take; what production allows when left out. */
  timeouts?: HttpTimeouts;
  /** What else is to be done before the application is initialised: plugins of the pages, the API's description. */
  extend?: readonly ((app: NestFastifyApplication) => Promise<void> | void)[];
}

/**
 * An initialised application that does not listen yet. `root` mounts the controllers, with what is one a process
 * (ConfigModule, DatabaseModule, HealthModule). Every process that answers requests starts from here, so all behave alike.
 */
export async function createHttpApp(
  root: Type | DynamicModule,
  options: HttpAppOptions,
): Promise<NestFastifyApplication> {
  const { config } = options;
  const logger = options.logger ?? createLogger({ level: config.logLevel, process: options.process });
  const app = await NestFactory.create<NestFastifyApplication>(
    root,
    createHttpAdapter({
      trustProxy: config.http.trustProxy,
      ...(options.timeouts ? { timeouts: options.timeouts } : {}),
    }),
    { logger: new NestLogger(logger), abortOnError: false },
  );
  await configureHttp(app, {
    rateLimitPerMinute: config.http.rateLimitPerMinute,
    redisUrl: config.redisUrl,
    secure: config.http.publicUrl.startsWith('https:'),
    filters: options.filters?.(app) ?? [],
  });
  const instance = app.getHttpAdapter().getInstance() as unknown as FastifyInstance;
  observeRequests(instance, {
    logger,
    metrics: app.get(Metrics),
    userIdOf: (request) => actorOf(request)?.userId,
  });
  app.get(Readiness).drainMs = config.env === 'production' ? DRAIN_MS : 0;
  for (const extend of options.extend ?? []) await extend(app);
  await app.init();
  await instance.ready();
  return app;
}
