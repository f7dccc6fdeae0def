import { type Tx } from '#platform/database';
import { UserIdentityEntity } from './oidc/user-identity.entity.js';
import { endSessions } from './sessions/end-sessions.js';
import { type SessionEnd } from './sessions/user-session.entity.js';
import { cancelLinks } from './sign-in/choose-password.js';

/** Ends a user's sessions and the links that were not used. */
export async function endAccess(tx: Tx, userId: string, reason: SessionEnd): Promise<void> {
  await cancelLinks(tx, userId);
  await endSessions(tx, { userId }, reason);
}

/** The user has another e-mail address: what was sent to the old one, or vouched for by it, opens nothing any more. */
export async function forgetAddress(tx: Tx, userId: string): Promise<void> {
  await cancelLinks(tx, userId);
  await tx.manager.delete(UserIdentityEntity, { userId });
}
