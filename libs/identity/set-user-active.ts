import { Inject, Injectable } from '@nestjs/common';
import { conflict } from '#kernel';
import { UnitOfWork, type Actor } from '#platform/database';
import { EmptyInput, honourVersion, validateInput, type ExpectedVersion } from '#platform/validation';
import { requireMay } from './domain/index.js';
import { endAccess } from './end-access.js';
import { auditUser, saveUser } from './user-record.js';
import { loadUser } from './user.queries.js';
import { type UserView } from './user.view.js';

/**
 * Deactivates a user, whose tokens, sessions and links then stop working at once, or activates them again. Allowed: `user.manage`, not on
 * oneself: an administrator who locks themselves out would need the database's owner.
 */
@Injectable()
export class SetUserActive {
  constructor(@Inject(UnitOfWork) private readonly uow: UnitOfWork) {}

  /** Throws malformed, not_found, forbidden (`own_account` too), stale, conflict `user_state`. */
  run(actor: Actor, id: string, active: boolean, body: unknown, expected: ExpectedVersion): Promise<UserView> {
    validateInput(EmptyInput, body);
    return this.uow.run(actor, async (tx) => {
      const before = await loadUser(tx, id, true);
      requireMay(actor, 'user.set_active', { userId: before.id });
      honourVersion(expected, before.version);
      if (before.active === active) {
        throw conflict('user_state', `This user is already ${active ? 'active' : 'deactivated'}.`);
      }
      const after = await saveUser(tx, before, { active });
      const change = { before: { active: before.active }, after: { active } };
      await auditUser(tx, active ? 'user.activated' : 'user.deactivated', after, change);
      if (!active) await endAccess(tx, after.id, 'deactivated');
      return after;
    });
  }
}
