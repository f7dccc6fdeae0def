import { Inject, Injectable } from '@nestjs/common';
import { v7 as uuid } from 'uuid';
import { UnitOfWork, type Actor } from '#platform/database';
import { ArrayField, CodeField, EmailField, kinds, TextField, validateInput } from '#platform/validation';
import { PAYER_ORGANISATION, requireMay, roleProblems, ROLES, type Role } from './domain/index.js';
import { auditUser, refuseProblems, writingEmail } from './user-record.js';
import { UserAccountEntity } from './user-account.entity.js';
import { organisationExists, toUserView } from './user.queries.js';
import { type UserView } from './user.view.js';

export class CreateUserInput {
  @EmailField()
  email: string;

  @TextField({ max: 200, example: 'Ada Demo' })
  name: string;

  @CodeField(/^[A-Z0-9]{2,12}$/, { example: 'BRENT', description: 'An authority’s code, or MTM. It never changes.' })
  organisation: string;

  @ArrayField(kinds.oneOf(ROLES), { min: 1, max: ROLES.length })
  roles: Role[];
}

/** Makes a user of one organisation. Allowed: `user.manage`. */
@Injectable()
export class CreateUser {
  constructor(@Inject(UnitOfWork) private readonly uow: UnitOfWork) {}

  /** Throws malformed, forbidden, conflict `email_taken`, refused `organisation_unknown` or roleProblems' codes. */
  run(actor: Actor, body: unknown): Promise<UserView> {
    const input = validateInput(CreateUserInput, body);
    return this.uow.run(actor, async (tx) => {
      requireMay(actor, 'user.manage');
      if (!(await organisationExists(tx, input.organisation, PAYER_ORGANISATION))) {
        const message = 'There is no such organisation. Give an authority’s code, or MTM.';
        refuseProblems([{ path: 'organisation', code: 'organisation_unknown', message }]);
      }
      refuseProblems(roleProblems(input.organisation, input.roles));
      const user: UserAccountEntity = {
        id: uuid(),
        email: input.email.toLowerCase(),
        name: input.name,
        organisation: input.organisation,
        roles: [...new Set(input.roles)],
        active: true,
        weeklyDigest: false,
        version: 1,
        createdAt: tx.now,
      };
      await writingEmail(() => tx.manager.insert(UserAccountEntity, user));
      await auditUser(tx, 'user.created', user, { after: { roles: user.roles, active: true } });
      return toUserView(user);
    });
  }
}
