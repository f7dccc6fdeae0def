import { type Tx } from '#platform/database';
import { verifiedEmail, type OidcClaims } from '../domain/index.js';
import { asUser, auditUser } from '../user-record.js';
import { findUserByEmail, loadUser } from '../user.queries.js';
import { type UserView } from '../user.view.js';
import { refuse, type OidcStep } from './oidc-step.js';
import { UserIdentityEntity } from './user-identity.entity.js';

/**
 * The user a provider's person is: the one known by issuer and subject, else, the first time, the active user with the
 * e-mail address the provider has verified. Nobody is made: users are the administrators'. A second person of the same
 * provider does not become a user who is linked already, even with their address.
 */
export async function linkedUser(tx: Tx, claims: OidcClaims): Promise<OidcStep> {
  const { iss: issuer, sub: subject } = claims;
  const known = await tx.manager.findOneBy(UserIdentityEntity, { issuer, subject });
  if (known !== null) {
    const user = await loadUser(tx, known.userId);
    return user.active ? { state: 'signed_in', userId: user.id } : refuse('oidc_unknown_user');
  }
  const email = verifiedEmail(claims);
  if (email === null) return refuse('oidc_email_unverified');
  const user = await findUserByEmail(tx, email);
  if (user === null || !user.active) return refuse('oidc_unknown_user');
  return (await link(tx, user, issuer, subject))
    ? { state: 'signed_in', userId: user.id }
    : refuse('oidc_unknown_user');
}

async function link(tx: Tx, user: UserView, issuer: string, subject: string): Promise<boolean> {
  const linked = await tx.execute(
    `INSERT INTO user_identity (issuer, subject, user_id, organisation, linked_at) VALUES ($1, $2, $3, $4, $5)
     ON CONFLICT DO NOTHING`,
    [issuer, subject, user.id, user.organisation, tx.now],
  );
  if (linked === 1) await auditUser(asUser(tx, user), 'user.identity_linked', user, { after: { issuer } });
  return linked === 1;
}
