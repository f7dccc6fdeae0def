import type { DynamicModule, Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance } from 'fastify';
import type { Logger } from 'pino';
import type { AppConfig } from '#platform/config';
import { actorOf, configureHttp, createHttpAdapter, type PrefixFilter } from '#platform/http';
import { Metrics, NestLogger, createLogger, observeRequests } from '#platform/telemetry';
import { ApiDescription } from './docs.controller.js';
import { Readiness } from './health/readiness.js';
import { buildOpenApi } from './openapi.js';

/** How long a proxy gets to notice that this process is going, in production. */
const DRAIN_MS = 5_000;

export interface ApiAppOptions {
  config: AppConfig;
  /** Name of the process in logs and metrics. */
  process: string;
  logger?: Logger;
  /** How errors outside the API are answered, when the process carries pages too. */
  filters?: readonly PrefixFilter[];
  /** Adds to the application before it is initialised: page plugins, a mailbox. */
  extend?: (app: NestFastifyApplication) => Promise<void> | void;
}

/**
 * The API as an initialised application that does not listen yet. `root` mounts ApiModule with what is one a process.
 * apps/api and apps/standalone both start from here, so both behave alike.
 */
export async function createApiApp(
  root: Type | DynamicModule,
  options: ApiAppOptions,
): Promise<NestFastifyApplication> {
  const { config } = options;
  const logger = options.logger ?? createLogger({ level: config.logLevel, process: options.process });
  const app = await NestFactory.create<NestFastifyApplication>(
    root,
    createHttpAdapter({ trustProxy: config.http.trustProxy }),
    { logger: new NestLogger(logger), abortOnError: false },
  );
  await configureHttp(app, {
    rateLimitPerMinute: config.http.rateLimitPerMinute,
    secure: config.http.publicUrl.startsWith('https:'),
    ...(options.filters ? { filters: options.filters } : {}),
  });
  observeRequests(app.getHttpAdapter().getInstance() as unknown as FastifyInstance, {
    logger,
    metrics: app.get(Metrics),
    userIdOf: (request) => actorOf(request)?.userId,
  });
  app.get(Readiness).drainMs = config.env === 'production' ? DRAIN_MS : 0;
  app.get(ApiDescription).build = () => buildOpenApi(app);
  await options.extend?.(app);
  await app.init();
  await (app.getHttpAdapter().getInstance() as unknown as FastifyInstance).ready();
  return app;
}
