import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { v7 as uuid } from 'uuid';
import { InvalidValue, type Clock } from '#kernel';
import { CLOCK } from '#platform/config';
import { systemActor, UnitOfWork, type Actor } from '#platform/database';
import { scopeOf, sessionLimits, sha256, type Role } from '../domain/index.js';
import { asUser, auditUser } from '../user-record.js';
import { loadUser } from '../user.queries.js';
import { endSessions } from './end-sessions.js';
import { UserSessionEntity, type SignInMethod } from './user-session.entity.js';

/**
 * What the pages keep for a session: JSON, at most 64 KB. `pending` is who has shown a password and no second factor yet;
 * what ends that user's sessions (another password, deactivation) ends this one.
 */
export interface SessionData {
  pending?: { userId: string; [more: string]: unknown };
  [key: string]: unknown;
}

/** Whose a session is, as a page shows it. */
export interface SessionPerson {
  readonly name: string;
  readonly email: string;
  readonly organisation: string;
  readonly roles: readonly Role[];
}

export interface FoundSession {
  /** The row's id, which may be shown; the cookie's never is. */
  readonly sessionId: string;
  /** Null, with `person` and `how`, until somebody signs in. */
  readonly actor: Actor | null;
  readonly person: SessionPerson | null;
  readonly how: SignInMethod | null;
  readonly data: SessionData;
}

/** What a session becomes somebody's by. */
export interface SessionFacts {
  userId?: string;
  how?: SignInMethod;
  userAgent?: string | null;
}

interface Row {
  session_id: string;
  user_id: string | null;
  organisation: string;
  how: SignInMethod;
  data: SessionData;
  name: string;
  email: string;
  roles: Role[];
}

const LONGEST_AGENT = 200;

/**
 * The sessions of the pages, found by the SHA-256 of the random id in the cookie. Roles are read fresh each time. As a
 * token's, the look-up is one statement outside any transaction, by a function of the database's owner.
 */
@Injectable()
export class WebSessions {
  constructor(
    @Inject(DataSource) private readonly source: DataSource,
    @Inject(UnitOfWork) private readonly uow: UnitOfWork,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** The session, noted as seen; null when it is unknown, expired, ended, or its user is deactivated. */
  async find(id: string): Promise<FoundSession | null> {
    const [row] = await this.ask<Row>('SELECT * FROM find_session($1, $2)', [sha256(id), this.clock.now()]);
    if (!row) return null;
    const { session_id: sessionId, data } = row;
    if (row.user_id === null) return { sessionId, actor: null, person: null, how: null, data };
    const { organisation, roles, name, email } = row;
    const actor: Actor = { userId: row.user_id, organisation, scope: scopeOf(organisation), roles };
    return { sessionId, actor, person: { name, email, organisation, roles }, how: row.how, data };
  }

  /**
   * Keeps what a session holds; writes only what changed, or that it was seen, once a minute. The first save makes it,
   * and alone may say whose it is: signing in takes a new id, so that whoever knew the old one has nothing. One that is
   * over stays so. Throws InvalidValue for a session that is to become somebody's, or another's; not_found for no user.
   */
  async save(id: string, data: SessionData, facts: SessionFacts = {}): Promise<void> {
    const { userId } = facts;
    const [row] = await this.ask<{ state: 'unknown' | 'kept' | 'other' }>(
      'SELECT save_session($1, $2, $3, $4, $5) AS state',
      [sha256(id), this.clock.now(), userId ?? null, pendingOf(data), JSON.stringify(data)],
    );
    if (row?.state === 'other') throw new InvalidValue('a session never becomes somebody’s: sign-in takes a new id');
    if (row?.state !== 'unknown') return;
    if (userId !== undefined) await this.signIn(id, data, { ...facts, userId });
    else if (Object.keys(data).length > 0) await this.begin(id, data, facts.userAgent ?? null);
  }

  /** Signs out. Of a session that is unknown or over already nothing changes. */
  async end(id: string): Promise<void> {
    const found = await this.find(id);
    if (!found) return;
    await this.uow.run(found.actor ?? systemActor, async (tx) => {
      await endSessions(tx, { id: found.sessionId }, 'signed_out');
    });
  }

  private async begin(id: string, data: SessionData, userAgent: string | null): Promise<void> {
    await this.uow.run(systemActor, (tx) =>
      tx.manager.insert(UserSessionEntity, newSession(id, data, userAgent, tx.now, null)),
    );
  }

  private async signIn(id: string, data: SessionData, facts: SessionFacts & { userId: string }): Promise<void> {
    const { userId, how, userAgent } = facts;
    if (how === undefined) throw new InvalidValue('nobody says how somebody signed in');
    await this.uow.run(systemActor, async (tx) => {
      const user = await loadUser(tx, userId);
      if (!user.active) throw new InvalidValue('a user who is deactivated does not sign in');
      const whose = { userId, organisation: user.organisation, how };
      const row = newSession(id, data, userAgent ?? null, tx.now, whose);
      await tx.manager.insert(UserSessionEntity, row);
      await auditUser(asUser(tx, user), 'user.signed_in', user, { after: { how, sessionId: row.id } });
    });
  }

  private async ask<T>(sql: string, parameters: unknown[]): Promise<T[]> {
    return (await this.source.query(sql, parameters)) as T[];
  }
}

function newSession(
  id: string,
  data: SessionData,
  userAgent: string | null,
  now: Date,
  whose: { userId: string; organisation: string; how: SignInMethod } | null,
): UserSessionEntity {
  const { idleSeconds, absoluteSeconds } = sessionLimits(whose?.organisation ?? null);
  return {
    id: uuid(),
    sha256: sha256(id),
    userId: whose?.userId ?? null,
    organisation: whose?.organisation ?? null,
    how: whose?.how ?? null,
    pendingUserId: pendingOf(data),
    data,
    userAgent: shortened(userAgent),
    createdAt: now,
    signedInAt: whose === null ? null : now,
    seenAt: now,
    idleSeconds,
    expiresAt: new Date(now.getTime() + absoluteSeconds * 1000),
    endedAt: null,
    endReason: null,
  };
}

const pendingOf = (data: SessionData): string | null => data.pending?.userId ?? null;

/** What a browser calls itself: enough to know it again in a list. */
function shortened(userAgent: string | null): string | null {
  const plain = userAgent?.replace(/[^\x20-\x7e]/g, '').slice(0, LONGEST_AGENT);
  return plain ? plain : null;
}
