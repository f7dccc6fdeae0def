import { Inject, Injectable } from '@nestjs/common';
import { Notices } from '#documents';
import { UnitOfWork, type Actor } from '#platform/database';
import {
  ArrayField,
  EmailField,
  kinds,
  requireVersion,
  TextField,
  validateInput,
  type ExpectedVersion,
} from '#platform/validation';
import { tellOfNewAddress } from './account-notices.js';
import { requireMay, roleProblems, ROLES, type Role } from './domain/index.js';
import { endAccess, forgetAddress } from './end-access.js';
import { auditUser, refuseProblems, saveUser, writingEmail } from './user-record.js';
import { loadUser } from './user.queries.js';
import { type UserView } from './user.view.js';

export class UpdateUserInput {
  @EmailField()
  email: string;

  @TextField({ max: 200, example: 'Ada Demo' })
  name: string;

  @ArrayField(kinds.oneOf(ROLES), { min: 1, max: ROLES.length })
  roles: Role[];
}

/**
 * Replaces what may change of a user. Other roles end the user's sessions; another e-mail address ends the links that went
 * to the old one, and what providers know the user by; the old one is told. Allowed: `user.manage`, for other roles `user.set_roles`.
 */
@Injectable()
export class UpdateUser {
  constructor(
    @Inject(UnitOfWork) private readonly uow: UnitOfWork,
    @Inject(Notices) private readonly notices: Notices,
  ) {}

  /** Throws malformed, not_found, forbidden (`own_roles` too), precondition_required, stale, conflict, refused. */
  run(actor: Actor, id: string, body: unknown, expected: ExpectedVersion): Promise<UserView> {
    const input = validateInput(UpdateUserInput, body);
    const roles = [...new Set(input.roles)];
    return this.uow.run(actor, async (tx) => {
      const before = await loadUser(tx, id, true);
      requireMay(actor, 'user.manage');
      const sameRoles = roles.length === before.roles.length && roles.every((role) => before.roles.includes(role));
      if (!sameRoles) requireMay(actor, 'user.set_roles', { userId: before.id });
      requireVersion(expected, before.version);
      refuseProblems(roleProblems(before.organisation, roles));
      const change = { email: input.email.toLowerCase(), name: input.name, roles };
      const after = await writingEmail(() => saveUser(tx, before, change));
      const fields = (['email', 'name'] as const).filter((field) => before[field] !== after[field]);
      await auditUser(tx, 'user.changed', after, {
        before: { roles: before.roles },
        after: { roles, ...(fields.length > 0 ? { fieldsChanged: fields } : {}) },
      });
      if (!sameRoles) await endAccess(tx, after.id, 'roles_changed');
      if (after.email !== before.email) {
        await forgetAddress(tx, after.id);
        await tellOfNewAddress(tx, this.notices, before);
      }
      return after;
    });
  }
}
