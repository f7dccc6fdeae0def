import type { FastifyRequest } from 'fastify';
import type { SessionStore } from '@fastify/session';
import type { FoundSession, OidcTransaction, SignInMethod, WebSessions } from '#identity';
import type { KeptForm } from './kept-form.js';
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
    /** The work queue as it was last asked for. */
    queue?: string;
    /** Known by password, the second factor still to come. */
    pending?: { userId: string; step: 'second_factor' | 'enrol'; sealed?: string };
    /** The sealed secret of a second factor that somebody signed in is setting up. */
    newFactor?: string;
    /** A sign-in under way at a provider of identities. */
    oidc?: OidcTransaction;
    /** Sent when the session before this one was over. */
    kept?: KeptForm;
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
 * A new session under a new id, so that an id somebody planted before is worth nothing. Where the person wanted to go is
 * kept, and what they sent after their last session was over, if it was they; a half-done sign-in is not.
 */
async function renew(request: FastifyRequest, userId: string, facts: object): Promise<void> {
  const { next, kept } = request.session;
  await request.session.regenerate();
  Object.assign(request.session, { ...facts, ...(next ? { next } : {}), ...(kept?.userId === userId ? { kept } : {}) });
}

/** Signs a person in, by a new session. */
export async function signIn(request: FastifyRequest, userId: string, how: SignInMethod): Promise<void> {
  const userAgent = String(request.headers['user-agent'] ?? '').slice(0, 200);
  await renew(request, userId, { userId, how, userAgent });
  await request.session.save();
}

/**
 * Notes who has shown a password, in a new session too: whoever planted the old one must not go on as them, least of all
 * where a second factor is set up.
 */
export async function halfSignIn(
  request: FastifyRequest,
  pending: { userId: string; step: 'second_factor' | 'enrol' },
): Promise<void> {
  await renew(request, pending.userId, { pending });
}
