import { expect } from '@jest/globals';
import { Global, Module, type DynamicModule, type ModuleMetadata, type Type } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { pino } from 'pino';
import { ApiCoreModule } from '../../apps/api/api.module.js';
import { createApiApp } from '../../apps/api/app.js';
import { HealthModule } from '#platform/server';
import { DomainError } from '#kernel';
import { ConfigModule, loadConfig, type AppConfig } from '#platform/config';
import type { Actor } from '#platform/database';
import { Authenticator } from '#platform/http';

export const USER_ID = '01890a5d-ac96-774b-bcce-b302099a8057';
const OTHER_USER_ID = '01890a5d-ac96-774b-bcce-b302099a8058';

const actor = (userId: string): Actor => ({ userId, organisation: 'BRENT', scope: 'BRENT', roles: ['la_finance'] });
const ACTORS: Readonly<Record<string, Actor>> = { good: actor(USER_ID), other: actor(OTHER_USER_ID) };

/** Knows the tokens `good`, `other` and `expired`. */
class KnownTokens extends Authenticator {
  override authenticate(token: string): Promise<Actor | null> {
    if (token === 'expired') throw new DomainError('unauthenticated', 'token_expired', 'This token has expired.');
    return Promise.resolve(ACTORS[token] ?? null);
  }
}

@Global()
@Module({ providers: [{ provide: Authenticator, useClass: KnownTokens }], exports: [Authenticator] })
class KnownTokensModule {}

@Module({})
class TestRoot {}

export interface Call {
  method: string;
  url: string;
  headers?: Record<string, string>;
  /** Text as it is, anything else as JSON. */
  payload?: unknown;
}

export interface Answer {
  statusCode: number;
  headers: Record<string, string>;
  body: string;
  json<T = unknown>(): T;
}

export interface HttpTestApp {
  app: NestFastifyApplication;
  /** Every line logged so far. */
  logged: string[];
  /** A request over the network, as a client sends it. */
  call(request: Call): Promise<Answer>;
}

/** Over a real socket: Fastify's own `inject` needs require() of an ES module, which Jest has on Node 24 only. */
async function send(base: string, { method, url, headers = {}, payload }: Call): Promise<Answer> {
  const isJson = payload !== undefined && typeof payload !== 'string';
  const answer = await fetch(`${base}${url}`, {
    method,
    redirect: 'manual',
    headers: { ...(isJson ? { 'content-type': 'application/json' } : {}), ...headers },
    ...(payload === undefined ? {} : { body: Buffer.from(isJson ? JSON.stringify(payload) : String(payload)) }),
  });
  const body = await answer.text();
  return {
    statusCode: answer.status,
    headers: Object.fromEntries(answer.headers),
    body,
    json: <T>() => JSON.parse(body) as T,
  };
}

/** The API's own application around the controllers of a test. */
export async function startHttpApp(
  controllers: Type[],
  options: { env?: Record<string, string>; imports?: NonNullable<ModuleMetadata['imports']>; providers?: Type[] } = {},
): Promise<HttpTestApp> {
  const config: AppConfig = loadConfig({ NODE_ENV: 'test', ...options.env });
  const logged: string[] = [];
  const logger = pino({ level: 'debug' }, { write: (line: string) => void logged.push(line) });
  const root: DynamicModule = {
    module: TestRoot,
    imports: [
      ConfigModule.forRoot(config),
      HealthModule.forRoot('test'),
      KnownTokensModule,
      ...(options.imports ?? []),
      ApiCoreModule,
    ],
    controllers,
    providers: options.providers ?? [],
  };
  const app = await createApiApp(root, { config, process: 'test', logger });
  await app.listen(0, '127.0.0.1');
  const base = await app.getUrl();
  return { app, logged, call: (request) => send(base, request) };
}

/** Headers of a signed-in caller. */
export const as = (token: string, more: Record<string, string> = {}): Record<string, string> => ({
  authorization: `Bearer ${token}`,
  ...more,
});

/** Every error must be a whole problem, whatever raised it. */
export function expectProblem(answer: Answer, status: number, code: string): Record<string, unknown> {
  expect(answer.headers['content-type']).toBe('application/problem+json; charset=utf-8');
  const body = answer.json<Record<string, unknown>>();
  expect(body).toMatchObject({
    status,
    code,
    type: `/api/errors/${code}`,
    requestId: answer.headers['x-request-id'],
  });
  expect(Object.keys(body).sort()).toEqual(['code', 'detail', 'errors', 'requestId', 'status', 'title', 'type']);
  expect(answer.statusCode).toBe(status);
  return body;
}
