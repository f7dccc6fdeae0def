import { randomBytes } from 'node:crypto';
import compress from '@fastify/compress';
import cookie from '@fastify/cookie';
import helmet from '@fastify/helmet';
import session from '@fastify/session';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance, RouteOptions } from 'fastify';
import { WebSessions } from '#identity';
import { AppConfig, Secrets } from '#platform/config';
import { nonceIn, setNonce } from './nonce.js';
import { countAddresses, countUsers } from './page-limits.js';
import { storeOf } from './session.js';

/** Addresses that are no pages: they have no session, and headers of their own. */
const MACHINE = /^\/(api|health|metrics|mailbox)(\/|$|\?)/;
const ASSETS = /^\/assets\//;
const isPage = (url: string): boolean => !MACHINE.test(url) && !ASSETS.test(url);

/** Sessions, headers, compression and files of the pages. Call it once, before `app.init()`. */
export async function configurePages(app: NestFastifyApplication): Promise<void> {
  const instance = app.getHttpAdapter().getInstance() as unknown as FastifyInstance;
  const config = app.get(AppConfig);
  const secure = config.http.publicUrl.startsWith('https:');
  await app.register(helmet as never, { global: false, ...headers(secure) } as never);
  instance.addHook('onRequest', (request, reply, done) => {
    if (!MACHINE.test(request.url)) {
      if (!ASSETS.test(request.url)) void reply.header('cache-control', 'no-store');
      setNonce(reply, randomBytes(16).toString('base64'));
      void reply.helmet();
    }
    done();
  });
  // Before the session is looked for: what is too much must cost nothing.
  countAddresses(instance, config.pageLimits, isPage);
  await app.register(cookie as never);
  await registerSessions(app, secure);
  countUsers(instance, config.pageLimits, isPage);
  // Before the plugin's own hook, which reads it.
  instance.addHook('onRoute', (route: RouteOptions) => {
    if (!MACHINE.test(route.url)) route.compress = { threshold: 1024, encodings: ['br', 'gzip'] };
  });
  await app.register(compress as never, { global: false } as never);
}

/**
 * The session's cookie ends with the browser; how long a session lasts is kept with it, in the database. Only sessions that
 * remember something are written, so that a visitor who looks at the sign-in page from a robot leaves nothing.
 */
async function registerSessions(app: NestFastifyApplication, secure: boolean): Promise<void> {
  const options = { path: '/', httpOnly: true, sameSite: 'lax' as const, secure };
  await app.register(
    session as never,
    {
      secret: app.get(Secrets).key('session cookie').toString('base64'),
      // A name with this prefix is taken by browsers only over https, without a domain, for the whole site.
      cookieName: secure ? '__Host-session' : 'session',
      cookie: options,
      saveUninitialized: false,
      rolling: false,
      store: storeOf(app.get(WebSessions), options),
    } as never,
  );
}

function headers(secure: boolean): object {
  return {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'self'"],
        // GOV.UK's template has one line of script of its own, with this nonce.
        scriptSrc: ["'self'", (_: unknown, response: object) => `'nonce-${nonceIn(response)}'`],
        styleSrc: ["'self'"],
        imgSrc: ["'self'"],
        // Evidence is shown beside the lines it proves.
        frameSrc: ["'self'"],
        objectSrc: ["'self'"],
        connectSrc: ["'self'"],
        formAction: ["'self'"],
        frameAncestors: ["'self'"],
        baseUri: ["'none'"],
      },
    },
    // Same-origin, not none: without a referrer a browser says `Origin: null` of our own forms.
    referrerPolicy: { policy: 'same-origin' },
    frameguard: { action: 'sameorigin' },
    hsts: secure ? { maxAge: 31_536_000 } : false,
    xDnsPrefetchControl: false,
  };
}
