import { refused } from '#kernel';
import { type Tx } from '#platform/database';
import { passwordProblems } from '../domain/index.js';
import { endSessions } from '../sessions/end-sessions.js';
import { auditUser } from '../user-record.js';
import { type Account } from './account.js';
import { type Guesses } from './guesses.js';

type Whose = Pick<Account, 'id' | 'organisation' | 'email'>;

/** Throws refused `password_not_allowed` with what is wrong. */
export function requirePassword(password: string, email: string): void {
  const problems = passwordProblems(password, email);
  if (problems.length > 0) throw refused('password_not_allowed', problems[0]!.message, problems);
}

/**
 * Stores a password's hash. Ends the user's sessions but one, cancels their links, and forgets the guesses at the old
 * password. The second factor stays.
 */
export async function storePassword(
  tx: Tx,
  guesses: Guesses,
  user: Whose,
  passwordHash: string,
  how: 'invitation' | 'reset' | 'changed',
  keepSession?: string,
): Promise<void> {
  await tx.execute(
    `INSERT INTO user_credential (user_id, organisation, password_hash, password_at) VALUES ($1, $2, $3, $4)
     ON CONFLICT (user_id) DO UPDATE SET password_hash = $3, password_at = $4`,
    [user.id, user.organisation, passwordHash, tx.now],
  );
  await cancelLinks(tx, user.id);
  await guesses.forget(tx, `password ${user.email}`);
  await auditUser(tx, 'user.password_set', user, { after: { how } });
  await endSessions(
    tx,
    { userId: user.id, ...(keepSession === undefined ? {} : { except: keepSession }) },
    'password_changed',
  );
}

/** Links that were not used do not work any more. */
export async function cancelLinks(tx: Tx, userId: string): Promise<void> {
  await tx.execute(
    'UPDATE user_link SET cancelled_at = $2, sealed = NULL WHERE user_id = $1 AND used_at IS NULL AND cancelled_at IS NULL',
    [userId, tx.now],
  );
}
