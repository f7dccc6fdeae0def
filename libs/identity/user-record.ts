import { appendAudit } from '#audit';
import { conflict, refused, type Problem } from '#kernel';
import { violatedConstraint, type Tx } from '#platform/database';
import { versionStale } from '#platform/validation';
import { UserAccountEntity } from './user-account.entity.js';
import { type UserView } from './user.view.js';

/** The user's own organisation keeps the trail of the user: ids, roles and state, never name or e-mail address. */
export function auditUser(
  tx: Tx,
  action: string,
  user: Pick<UserView, 'id' | 'organisation'>,
  change: { before?: object; after?: object } = {},
): Promise<void> {
  return appendAudit(tx, { chain: user.organisation, action, subjectType: 'user', subjectId: user.id, ...change });
}

/** The same transaction with the user as who acts: they are known by now, and the trail is to say so. */
export const asUser = (tx: Tx, user: Pick<UserView, 'id' | 'organisation' | 'roles'>): Tx => ({
  ...tx,
  actor: { userId: user.id, organisation: user.organisation, scope: tx.actor.scope, roles: user.roles },
});

/** Writes what is to change of a user; who was given another version to change is told so. Throws stale `version_stale`. */
export async function saveUser(
  tx: Tx,
  before: UserView,
  change: Partial<Pick<UserView, 'email' | 'name' | 'roles' | 'active' | 'weeklyDigest'>>,
): Promise<UserView> {
  const { id, version } = before;
  const next = { ...change, version: version + 1 };
  const { affected } = await tx.manager.update(UserAccountEntity, { id, version }, next);
  if (affected !== 1) throw versionStale();
  return { ...before, ...next };
}

/** Runs a statement that writes an e-mail address; throws conflict `email_taken` when another user has it. */
export async function writingEmail<T>(write: () => Promise<T>): Promise<T> {
  try {
    return await write();
  } catch (error) {
    if (violatedConstraint(error) !== 'user_account_email_key') throw error;
    throw conflict('email_taken', 'Another user has this e-mail address.');
  }
}

/** Throws refused with the first problem's code and all of them listed. */
export function refuseProblems(problems: readonly Problem[]): void {
  const [first] = problems;
  if (first) throw refused(first.code, first.message, problems);
}
