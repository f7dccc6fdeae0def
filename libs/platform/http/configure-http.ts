import multipart from '@fastify/multipart';
import rateLimit from '@fastify/rate-limit';
import { Logger } from '@nestjs/common';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { API_PREFIX } from './api-controller.js';
import { Authenticator, authenticate, isPublic } from './authentication.js';
import { FilterByPrefix, ProblemFilter, sendProblem, type PrefixFilter } from './problem.filter.js';
import { raiseBodyLimit } from './large-body.js';
import { toProblem } from './problem.js';
import { RateLimits } from './rate-limit.js';
import { registerRawBodies } from './raw-body.js';
import { requestIdOf } from './request-id.js';
import { shareCounts } from './shared-counts.js';
import { closeUnused } from './unused-connections.js';

const BODY_LIMIT_BYTES = 2 * 1024 * 1024;

/** How long a client may take, in milliseconds, before its connection is closed. */
export interface HttpTimeouts {
  /** For the head of a request, from its first byte or from when the connection was opened. */
  head: number;
  /** For a whole request, body and all. */
  request: number;
  /** Between one answer and the next request. */
  idle: number;
  /** How often connections are looked at. */
  checkEvery: number;
}
/** Idle ones stay longer than a proxy keeps them, usually a minute: it must not find one closed that it is about to use. */
const TIMEOUTS: HttpTimeouts = { head: 60_000, request: 120_000, idle: 72_000, checkEvery: 5_000 };

/** Parts of the address space whose answers are for programs: no page may be built on them. */
const MACHINE_PREFIXES = ['/api', '/health', '/metrics'];
const DOCS_PREFIX = '/api/docs';

const isUnder = (url: string, prefix: string): boolean =>
  url.startsWith(prefix) && (url.length === prefix.length || '/?-'.includes(url[prefix.length] ?? ''));

const isMachine = (url: string): boolean => MACHINE_PREFIXES.some((prefix) => isUnder(url, prefix));

/** A page for an address that cannot be taken apart, before anything of ours has seen it: there is no session to draw the others with. */
function sendUnreadable(error: Error, asked: FastifyRequest, reply: FastifyReply): void {
  const { body } = toProblem(error, asked.id);
  void reply
    .code(body.status)
    .headers({
      'x-request-id': asked.id,
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      'content-security-policy': "default-src 'self'; frame-ancestors 'none'",
      'content-type': 'text/html; charset=utf-8',
    })
    .send(UNREADABLE);
}

const UNREADABLE = `<!DOCTYPE html>
<html lang="en-GB">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>This address or form could not be read – Programme claims</title></head>
<body><main><h1>This address or form could not be read</h1>
<p>If you typed the address, check it is right. If you followed a link, copy the whole of it.</p>
<p><a href="/">Go to your home page</a></p></main></body>
</html>
`;

/** Fastify with our limits: 2 MB of JSON unless a call is marked @LargeBody, request ids, no trust in proxies unless told. */
export function createHttpAdapter(options: { trustProxy: boolean; timeouts?: HttpTimeouts }) {
  const { head, request, idle, checkEvery } = options.timeouts ?? TIMEOUTS;
  const logger = new Logger('http');
  return new FastifyAdapter({
    bodyLimit: BODY_LIMIT_BYTES,
    // The nearest one only: whatever stands before its entry in X-Forwarded-For is what the client says of itself.
    trustProxy: options.trustProxy ? (_address: string, hop: number): boolean => hop === 0 : false,
    requestTimeout: request,
    keepAliveTimeout: idle,
    http: { headersTimeout: head, connectionsCheckingInterval: checkEvery },
    genReqId: requestIdOf,
    // Our own observer writes one line a request.
    logger: false,
    forceCloseConnections: 'idle',
    return503OnClosing: false,
    routerOptions: { maxParamLength: 200 },
    frameworkErrors: (error: Error, asked: FastifyRequest, reply: FastifyReply) => {
      if (isMachine(asked.url)) sendProblem(error, asked, reply, logger);
      else sendUnreadable(error, asked, reply);
    },
  } as ConstructorParameters<typeof FastifyAdapter>[0]);
}

export interface HttpOptions {
  rateLimitPerMinute: number;
  /** Where limits are counted together with other processes; null: here. */
  redisUrl: string | null;
  /** Whether people reach the service by https: then browsers are told to stay there. */
  secure: boolean;
  /** How errors outside the API are answered; the API's own filter comes first. */
  filters?: readonly PrefixFilter[];
}

/** Everything around the controllers of the API. Call it once, before `app.init()`. */
export async function configureHttp(app: NestFastifyApplication, options: HttpOptions): Promise<void> {
  const instance = app.getHttpAdapter().getInstance() as unknown as FastifyInstance;
  app.useGlobalFilters(
    new FilterByPrefix(app.getHttpAdapter() as never, [
      ...MACHINE_PREFIXES.map((prefix) => ({ prefix, filter: new ProblemFilter() })),
      ...(options.filters ?? []),
    ]),
  );
  await app.register(multipart as never, { throwFileSizeLimit: false } as never);
  if (options.redisUrl !== null) await shareCounts(app, instance, options.redisUrl);
  await app.register(rateLimit as never, { global: false, cache: 10_000 } as never);
  registerRawBodies(instance);
  closeUnused(instance);
  instance.addHook('onRoute', raiseBodyLimit);
  instance.addHook('onRequest', (request, reply, done) => {
    safeHeaders(request, reply, options.secure);
    done();
  });
  addAdmission(app, instance, options.rateLimitPerMinute);
}

/** Who may go on, decided before a body is read: contract of the API, 401 before 400. */
function addAdmission(app: NestFastifyApplication, instance: FastifyInstance, perMinute: number): void {
  let limits: RateLimits | undefined;
  let authenticator: Authenticator | undefined;
  instance.addHook('onRequest', async (request) => {
    if (!isUnder(request.url, API_PREFIX)) return;
    limits ??= new RateLimits(instance, perMinute);
    const asked = (authenticator ??= app.get<Authenticator>(Authenticator, { strict: false }));
    if (!request.is404 && !isPublic(request)) {
      try {
        await authenticate(request, asked);
      } catch (error) {
        await limits.countFailure(request);
        throw error;
      }
    }
    await limits.count(request);
  });
}

function safeHeaders(request: FastifyRequest, reply: FastifyReply, secure: boolean): void {
  void reply.header('x-request-id', request.id);
  if (!isMachine(request.url)) return;
  void reply.headers({
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
    'referrer-policy': 'no-referrer',
    'cross-origin-resource-policy': 'same-origin',
    'content-security-policy': isUnder(request.url, DOCS_PREFIX)
      ? "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
      : "default-src 'none'; frame-ancestors 'none'",
    ...(secure ? { 'strict-transport-security': 'max-age=31536000' } : {}),
  });
}
