import { Inject, Injectable } from '@nestjs/common';
import { ArrayContains, MoreThan } from 'typeorm';
import { given, UnitOfWork, type Actor } from '#platform/database';
import { listQuery, page, type Page } from '#platform/http';
import { BooleanField, EnumField, kinds, TextField } from '#platform/validation';
import { requireMay, ROLES } from './domain/index.js';
import { UserAccountEntity } from './user-account.entity.js';
import { loadUser, toUserView } from './user.queries.js';
import { type UserView } from './user.view.js';

/** The filters of GET /users. */
export class ListUsersInput {
  @TextField({ max: 30, optional: true, example: 'BRENT' })
  organisation?: string;

  @EnumField(ROLES, { optional: true })
  role?: string;

  @BooleanField({ optional: true })
  active?: boolean;
}

/** The columns of the CSV answer. */
export const USER_CSV_COLUMNS = [
  'id',
  'email',
  'name',
  'organisation',
  'roles',
  'active',
  'weeklyDigest',
  'createdAt',
  'version',
] as const;

/** Users by e-mail address, and one user. Allowed: `user.read`; everyone reads themselves. */
@Injectable()
export class ListUsers {
  constructor(@Inject(UnitOfWork) private readonly uow: UnitOfWork) {}

  /** Throws malformed, forbidden. */
  run(actor: Actor, query: unknown): Promise<Page<UserView>> {
    const { filters, page: request } = listQuery(ListUsersInput, query, [kinds.text({ max: 254 })]);
    return this.uow.read(actor, async (tx) => {
      requireMay(actor, 'user.read');
      const { organisation, role, active } = filters;
      const after = request.after?.[0];
      const rows = await tx.manager.find(UserAccountEntity, {
        where: given<UserAccountEntity>({
          organisation,
          active,
          roles: role === undefined ? undefined : ArrayContains([role]),
          email: after == null ? undefined : MoreThan(String(after)),
        }),
        order: { email: 'ASC' },
        take: request.limit + 1,
      });
      return page(rows.map(toUserView), request.limit, (last) => [last.email]);
    });
  }

  /** Throws not_found, forbidden. */
  one(actor: Actor, id: string): Promise<UserView> {
    return this.uow.read(actor, async (tx) => {
      const user = await loadUser(tx, id);
      requireMay(actor, 'user.read', { userId: user.id });
      return user;
    });
  }
}
