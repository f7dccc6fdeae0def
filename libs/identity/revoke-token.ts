import { Inject, Injectable } from '@nestjs/common';
import { LessThan } from 'typeorm';
import { given, UnitOfWork, type Actor } from '#platform/database';
import { listQuery, page, type Page } from '#platform/http';
import { EmptyInput, kinds, validateInput } from '#platform/validation';
import { ApiTokenEntity } from './api-token.entity.js';
import { requireMay } from './domain/index.js';
import { auditUser } from './user-record.js';
import { loadToken, loadUser, toTokenView } from './user.queries.js';
import { type TokenView } from './user.view.js';

/** Ends a token at once. Revoking it again changes nothing. Allowed: `token.revoke`; everyone revokes their own. */
@Injectable()
export class RevokeToken {
  constructor(@Inject(UnitOfWork) private readonly uow: UnitOfWork) {}

  /** Throws malformed, not_found, forbidden. */
  run(actor: Actor, id: string, body: unknown): Promise<TokenView> {
    validateInput(EmptyInput, body);
    return this.uow.run(actor, async (tx) => {
      const token = await loadToken(tx, id, true);
      requireMay(actor, 'token.revoke', { userId: token.userId });
      if (token.revokedAt !== null) return toTokenView(token);
      await tx.manager.update(ApiTokenEntity, { id }, { revokedAt: tx.now });
      const user = { id: token.userId, organisation: token.organisation };
      await auditUser(tx, 'token.revoked', user, { after: { tokenId: id } });
      return toTokenView({ ...token, revokedAt: tx.now });
    });
  }

  /** A user's tokens, newest first, without their secrets. Throws malformed, not_found, forbidden. */
  list(actor: Actor, userId: string, query: unknown): Promise<Page<TokenView>> {
    const { page: request } = listQuery(EmptyInput, query, [kinds.uuid()]);
    return this.uow.read(actor, async (tx) => {
      const user = await loadUser(tx, userId);
      requireMay(actor, 'user.read', { userId: user.id });
      const before = request.after?.[0];
      const rows = await tx.manager.find(ApiTokenEntity, {
        where: given<ApiTokenEntity>({ userId, id: before == null ? undefined : LessThan(String(before)) }),
        order: { id: 'DESC' },
        take: request.limit + 1,
      });
      return page(rows.map(toTokenView), request.limit, (last) => [last.id]);
    });
  }
}
