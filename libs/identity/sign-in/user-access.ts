import { Inject, Injectable } from '@nestjs/common';
import { UnitOfWork, type Actor } from '#platform/database';
import { requireMay } from '../domain/index.js';
import { UserIdentityEntity } from '../oidc/user-identity.entity.js';
import { loadUser } from '../user.queries.js';
import { UserLinkEntity } from './user-link.entity.js';

/** By what a user can sign in, and what became of the invitation. */
export interface UserAccessView {
  hasPassword: boolean;
  secondFactor: boolean;
  /** The newest. `failed`: why its e-mail did not go. */
  invitation: {
    state: 'open' | 'used' | 'replaced' | 'expired';
    expiresAt: string;
    sentAt: string | null;
    failed: string | null;
  } | null;
  identities: { issuer: string; linkedAt: string }[];
}

@Injectable()
export class UserAccess {
  constructor(@Inject(UnitOfWork) private readonly uow: UnitOfWork) {}

  /** Allowed: `user.read`; everybody reads their own. Throws not_found, forbidden. */
  run(actor: Actor, userId: string): Promise<UserAccessView> {
    return this.uow.read(actor, async (tx) => {
      const user = await loadUser(tx, userId);
      requireMay(actor, 'user.read', { userId: user.id });
      const [credential] = await tx.query<{ totp: boolean }>(
        'SELECT totp_at IS NOT NULL AS totp FROM user_credential WHERE user_id = $1',
        [user.id],
      );
      const where = { userId: user.id, purpose: 'invitation' as const };
      const [link] = await tx.manager.find(UserLinkEntity, { where, order: { id: 'DESC' }, take: 1 });
      const identities = await tx.manager.findBy(UserIdentityEntity, { userId: user.id });
      return {
        hasPassword: credential !== undefined,
        secondFactor: credential?.totp === true,
        invitation: link ? invitationView(link, tx.now) : null,
        identities: identities.map(({ issuer, linkedAt }) => ({ issuer, linkedAt: linkedAt.toISOString() })),
      };
    });
  }
}

function invitationView(link: UserLinkEntity, now: Date): NonNullable<UserAccessView['invitation']> {
  return {
    state: stateOf(link, now),
    expiresAt: link.expiresAt.toISOString(),
    sentAt: link.sentAt?.toISOString() ?? null,
    failed: link.failed,
  };
}

function stateOf(link: UserLinkEntity, now: Date): 'open' | 'used' | 'replaced' | 'expired' {
  if (link.usedAt !== null) return 'used';
  if (link.cancelledAt !== null) return 'replaced';
  return link.expiresAt > now ? 'open' : 'expired';
}
