import { Inject, Injectable } from '@nestjs/common';
import { notFound } from '#kernel';
import { UnitOfWork, type Actor } from '#platform/database';
import { may, requireMay } from '../domain/index.js';
import { isUuid } from '../user.queries.js';
import { endSessions } from './end-sessions.js';
import { UserSessionEntity } from './user-session.entity.js';

/** Signs somebody out elsewhere. Allowed: `session.end`; everybody ends their own. */
@Injectable()
export class EndSession {
  constructor(@Inject(UnitOfWork) private readonly uow: UnitOfWork) {}

  /** Ends one session; one that is over stays so. Throws not_found, also for another's when one may not. */
  async run(actor: Actor, sessionId: string): Promise<void> {
    await this.uow.run(actor, async (tx) => {
      const session = isUuid(sessionId) ? await tx.manager.findOneBy(UserSessionEntity, { id: sessionId }) : null;
      const userId = session?.userId ?? null;
      if (userId === null || !may(actor, 'session.end', { userId }).allowed) throw notFound('session');
      const own = userId === actor.userId;
      await endSessions(tx, { id: session!.id }, own ? 'ended' : 'ended_by_administrator');
    });
  }

  /** Ends all of one's own sessions but this one. Returns how many. */
  others(actor: Actor, keepSessionId: string): Promise<number> {
    return this.uow.run(actor, async (tx) => {
      requireMay(actor, 'session.end', { userId: actor.userId });
      return endSessions(tx, { userId: actor.userId, except: keepSessionId }, 'ended');
    });
  }
}
