import { Inject, Injectable } from '@nestjs/common';
import { UnitOfWork, type Actor } from '#platform/database';
import { listQuery, page, type Page } from '#platform/http';
import { kinds, validateInput } from '#platform/validation';
import { requireMay } from './domain/index.js';
import { EmptyInput } from './set-user-active.js';
import { auditUser } from './user-record.js';
import { loadToken, loadUser, TOKEN_COLUMNS, toTokenView } from './user.queries.js';
import { type TokenView } from './user.view.js';

type Row = Parameters<typeof toTokenView>[0];

/** Ends a token at once. Revoking it again changes nothing. Allowed: `token.revoke`; everyone revokes their own. */
@Injectable()
export class RevokeToken {
  constructor(@Inject(UnitOfWork) private readonly uow: UnitOfWork) {}

  /** Throws malformed, not_found, forbidden. */
  run(actor: Actor, id: string, body: unknown): Promise<TokenView> {
    validateInput(EmptyInput, body);
    return this.uow.run(actor, async (tx) => {
      const { organisation, ...token } = await loadToken(tx, id, true);
      requireMay(actor, 'token.revoke', { userId: token.userId });
      if (token.revokedAt !== null) return token;
      await tx.execute('UPDATE api_token SET revoked_at = $2 WHERE id = $1', [id, tx.now]);
      await auditUser(tx, 'token.revoked', { id: token.userId, organisation }, { after: { tokenId: id } });
      return { ...token, revokedAt: tx.now.toISOString() };
    });
  }

  /** A user's tokens, newest first, without their secrets. Throws malformed, not_found, forbidden. */
  list(actor: Actor, userId: string, query: unknown): Promise<Page<TokenView>> {
    const { page: request } = listQuery(EmptyInput, query, [kinds.uuid()]);
    return this.uow.read(actor, async (tx) => {
      await loadUser(tx, userId);
      if (userId !== actor.userId) requireMay(actor, 'user.read');
      const rows = await tx.query<Row>(
        `SELECT ${TOKEN_COLUMNS} FROM api_token WHERE user_id = $1 AND ($2::uuid IS NULL OR id < $2)
          ORDER BY id DESC LIMIT $3`,
        [userId, request.after?.[0] ?? null, request.limit + 1],
      );
      return page(rows.map(toTokenView), request.limit, (last) => [last.id]);
    });
  }
}
