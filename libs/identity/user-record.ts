import { appendAudit } from '#audit';
import { conflict, refused, type Problem } from '#kernel';
import { violatedConstraint, type Tx } from '#platform/database';
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
