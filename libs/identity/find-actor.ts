import { conflict, notFound } from '#kernel';
import { type Actor, type Tx } from '#platform/database';
import { scopeOf } from './domain/index.js';
import { findUserByEmail } from './user.queries.js';

/**
 * Who a command on the server acts as. Whoever may run one there could issue that user's token as well.
 * Throws not_found, conflict `user_inactive`.
 */
export async function findActor(tx: Tx, email: string): Promise<Actor> {
  const user = await findUserByEmail(tx, email);
  if (!user) throw notFound('user');
  if (!user.active) throw conflict('user_inactive', 'This user is deactivated. Activate the user first.');
  return { userId: user.id, organisation: user.organisation, scope: scopeOf(user.organisation), roles: user.roles };
}
