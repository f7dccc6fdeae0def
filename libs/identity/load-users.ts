import { v7 as uuid } from 'uuid';
import { InvalidValue } from '#kernel';
import { appendAudits } from '#audit';
import { systemActor, type UnitOfWork } from '#platform/database';
import { roleProblems, type Role } from './domain/index.js';

/** A user to be there: from a seed, not from a person's request. */
export interface UserSeed {
  email: string;
  name: string;
  organisation: string;
  roles: readonly Role[];
}

/**
 * Makes the users that are not there yet, known by their e-mail address; who is there stays as they are. Returns how
 * many were made. Throws InvalidValue for roles that do not fit the organisation.
 */
export function loadUsers(uow: UnitOfWork, seeds: readonly UserSeed[]): Promise<number> {
  for (const seed of seeds) {
    const [problem] = roleProblems(seed.organisation, seed.roles);
    if (problem) throw new InvalidValue(`${seed.email}: ${problem.message}`);
  }
  const rows = seeds.map((seed) => ({ ...seed, id: uuid(), email: seed.email.toLowerCase() }));
  return uow.run(systemActor, async (tx) => {
    const made = await tx.query<{ id: string; organisation: string; roles: string[] }>(
      `INSERT INTO user_account (id, email, name, organisation, roles, created_at)
       SELECT s.id, s.email, s.name, s.organisation, s.roles, $2
         FROM jsonb_to_recordset($1::jsonb) AS s (id uuid, email text, name text, organisation text, roles text[])
       ON CONFLICT (email) DO NOTHING RETURNING id, organisation, roles`,
      [JSON.stringify(rows), tx.now],
    );
    await appendAudits(
      tx,
      made.map((user) => ({
        chain: user.organisation,
        action: 'user.created',
        subjectType: 'user',
        subjectId: user.id,
        after: { roles: user.roles, active: true },
      })),
    );
    return made.length;
  });
}
