import type { FastifyRequest } from 'fastify';
import type { SessionStore } from '@fastify/session';
import type { FoundSession, OidcTransaction, SignInMethod, WebSessions } from '#identity';
import type { Notice } from './view.js';

declare module 'fastify' {
  /** What a session keeps between two pages. Who is signed in is read anew with every page, never kept in it. */
  interface Session {
    userId?: string;
    how?: SignInMethod;
    userAgent?: string;
    /** The secret of its CSRF tokens. */
    csrf?: string;
    /** Told on the next page. */
    notice?: Notice;
    /** Where to go once signed in. */
    next?: string;
    /** Known by password, the second factor still to come. */
    pending?: { userId: string; step: 'second_factor' | 'enrol'; sealed?: string };
    /** A sign-in under way at a provider of identities. */
    oidc?: OidcTransaction;
    /** Read with the session and never written. */
    found?: Omit<FoundSession, 'data'>;
  }
}

/** Fields that are no part of what the session itself remembers. */
const NOT_KEPT = new Set(['cookie', 'userId', 'how', 'userAgent', 'found']);

function dataOf(session: object): Record<string, unknown> {
  return Object.fromEntries(Object.entries(session).filter(([name]) => !NOT_KEPT.has(name)));
}

/** Our sessions as @fastify/session wants its store: callbacks, and one object for everything. */
export function storeOf(sessions: WebSessions, cookie: object): SessionStore {
  return {
    get(id, done) {
      sessions.find(id).then(
        (found) => {
          if (!found) return done(null, null);
          const { data, ...rest } = found;
          const who = found.actor && found.how ? { userId: found.actor.userId, how: found.how } : {};
          const session = { ...data, ...who, found: rest, cookie };
          done(null, session as never);
        },
        (error: unknown) => done(error),
      );
    },
    set(id, session, done) {
      const { userId, how, userAgent } = session;
      const facts = { ...(userId && how ? { userId, how } : {}), userAgent: userAgent ?? null };
      sessions.save(id, dataOf(session), facts).then(
        () => done(),
        (error: unknown) => done(error),
      );
    },
    destroy(id, done) {
      sessions.end(id).then(
        () => done(),
        (error: unknown) => done(error),
      );
    },
  };
}

/** Who is signed in, or null. */
export const personOf = (request: FastifyRequest): FoundSession['person'] => request.session?.found?.person ?? null;

/**
 * Signs a person in: a new session under a new id, so that an id somebody planted before is worth nothing. Where they
 * wanted to go is kept; a half-done sign-in is not.
 */
export async function signIn(request: FastifyRequest, userId: string, how: SignInMethod): Promise<void> {
  const { next } = request.session;
  await request.session.regenerate();
  const userAgent = String(request.headers['user-agent'] ?? '').slice(0, 200);
  Object.assign(request.session, { userId, how, userAgent, ...(next ? { next } : {}) });
  await request.session.save();
}
