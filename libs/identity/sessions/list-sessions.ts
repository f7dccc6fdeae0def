import { Inject, Injectable } from '@nestjs/common';
import { UnitOfWork, type Actor } from '#platform/database';
import { requireMay } from '../domain/index.js';
import { loadUser } from '../user.queries.js';
import { type SessionView } from './session.view.js';
import { type UserSessionEntity } from './user-session.entity.js';

const MOST = 100;

/** Where a user is signed in. Allowed: `session.read`; everybody sees their own. */
@Injectable()
export class ListSessions {
  constructor(@Inject(UnitOfWork) private readonly uow: UnitOfWork) {}

  /** The sessions that live, the one seen last first, at most 100. Throws not_found, forbidden. */
  run(actor: Actor, userId: string): Promise<SessionView[]> {
    return this.uow.read(actor, async (tx) => {
      const user = await loadUser(tx, userId);
      requireMay(actor, 'session.read', { userId: user.id });
      const rows = await tx.query<Signed>(
        `SELECT id, user_id AS "userId", how, user_agent AS "userAgent", signed_in_at AS "signedInAt", seen_at AS "seenAt",
                expires_at AS "expiresAt"
           FROM user_session
          WHERE user_id = $1 AND ended_at IS NULL AND expires_at > $2 AND seen_at + make_interval(secs => idle_seconds) > $2
          ORDER BY seen_at DESC, id DESC LIMIT $3`,
        [user.id, tx.now, MOST],
      );
      return rows.map(toView);
    });
  }
}

type Signed = Pick<UserSessionEntity, 'id' | 'userAgent' | 'seenAt' | 'expiresAt'> & {
  userId: string;
  how: SessionView['how'];
  signedInAt: Date;
};

const toView = (row: Signed): SessionView => ({
  ...row,
  signedInAt: row.signedInAt.toISOString(),
  seenAt: row.seenAt.toISOString(),
  expiresAt: row.expiresAt.toISOString(),
});
