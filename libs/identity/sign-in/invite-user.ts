import { Inject, Injectable } from '@nestjs/common';
import { conflict } from '#kernel';
import { UnitOfWork, type Actor } from '#platform/database';
import { requireMay } from '../domain/index.js';
import { auditUser } from '../user-record.js';
import { loadUser } from '../user.queries.js';
import { makeLink } from './make-link.js';
import { Seals } from './seals.js';

/** Sends a user the link to choose a first password with; again, when the first was lost. Allowed: `user.invite`. */
@Injectable()
export class InviteUser {
  constructor(
    @Inject(UnitOfWork) private readonly uow: UnitOfWork,
    @Inject(Seals) private readonly seals: Seals,
  ) {}

  /** Throws not_found, forbidden, conflict `user_inactive`, `has_password`. */
  run(actor: Actor, userId: string): Promise<{ expiresAt: string }> {
    return this.uow.run(actor, async (tx) => {
      const user = await loadUser(tx, userId, true);
      requireMay(actor, 'user.invite');
      if (!user.active) throw conflict('user_inactive', 'This user is deactivated. Activate the user first.');
      const known = await tx.query('SELECT FROM user_credential WHERE user_id = $1', [user.id]);
      if (known.length > 0) {
        throw conflict(
          'has_password',
          'This user has chosen a password already. They can ask for a reset on the sign-in page.',
        );
      }
      const link = await makeLink(tx, this.seals, user, 'invitation');
      const expiresAt = link.expiresAt.toISOString();
      await auditUser(tx, 'user.invited', user, { after: { linkId: link.id, expiresAt } });
      return { expiresAt };
    });
  }
}
