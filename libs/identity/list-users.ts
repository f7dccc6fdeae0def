import { Inject, Injectable } from '@nestjs/common';
import { UnitOfWork, type Actor } from '#platform/database';
import { listQuery, page, type Page } from '#platform/http';
import { BooleanField, EnumField, kinds, TextField } from '#platform/validation';
import { requireMay, ROLES } from './domain/index.js';
import { loadUser, toUserView, USER_COLUMNS } from './user.queries.js';
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
  'createdAt',
  'version',
] as const;

type Row = Omit<UserView, 'createdAt'> & { createdAt: Date };

/** Users by e-mail address, and one user. Allowed: `user.read`; everyone reads themselves. */
@Injectable()
export class ListUsers {
  constructor(@Inject(UnitOfWork) private readonly uow: UnitOfWork) {}

  /** Throws malformed, forbidden. */
  run(actor: Actor, query: unknown): Promise<Page<UserView>> {
    const { filters, page: request } = listQuery(ListUsersInput, query, [kinds.text({ max: 254 })]);
    return this.uow.read(actor, async (tx) => {
      requireMay(actor, 'user.read');
      const rows = await tx.query<Row>(
        `SELECT ${USER_COLUMNS} FROM user_account
          WHERE ($1::text IS NULL OR organisation = $1) AND ($2::text IS NULL OR $2 = ANY (roles))
            AND ($3::boolean IS NULL OR active = $3) AND ($4::text IS NULL OR email > $4)
          ORDER BY email LIMIT $5`,
        [
          filters.organisation ?? null,
          filters.role ?? null,
          filters.active ?? null,
          request.after?.[0] ?? null,
          request.limit + 1,
        ],
      );
      return page(rows.map(toUserView), request.limit, (last) => [last.email]);
    });
  }

  /** Throws not_found, forbidden. */
  one(actor: Actor, id: string): Promise<UserView> {
    return this.uow.read(actor, async (tx) => {
      const user = await loadUser(tx, id);
      if (user.id !== actor.userId) requireMay(actor, 'user.read');
      return user;
    });
  }
}
