import { type EntityTarget, type FindOptionsWhere } from 'typeorm';
import { notFound } from '#kernel';
import { type Tx } from '#platform/database';
import { kinds } from '#platform/validation';
import { type Role } from './domain/index.js';
import { ApiTokenEntity } from './api-token.entity.js';
import { UserAccountEntity } from './user-account.entity.js';
import { type TokenView, type UserView } from './user.view.js';

/** What is no id names nothing. */
export const isUuid = (id: string): boolean => kinds.uuid().check(id) === null;

/** One row by its id; `lock` keeps others from changing it until the transaction ends. */
function find<T extends { id: string }>(tx: Tx, entity: EntityTarget<T>, id: string, lock: boolean): Promise<T | null> {
  const where = { id } as FindOptionsWhere<T>;
  return tx.manager.findOne(entity, { where, ...(lock ? { lock: { mode: 'pessimistic_write' } } : {}) });
}

export const toUserView = (user: UserAccountEntity): UserView => ({
  id: user.id,
  email: user.email,
  name: user.name,
  organisation: user.organisation,
  roles: user.roles,
  active: user.active,
  weeklyDigest: user.weeklyDigest,
  createdAt: user.createdAt.toISOString(),
  version: user.version,
});

export const toTokenView = (token: ApiTokenEntity): TokenView => ({
  id: token.id,
  userId: token.userId,
  label: token.label,
  createdAt: token.createdAt.toISOString(),
  expiresAt: token.expiresAt.toISOString(),
  revokedAt: token.revokedAt?.toISOString() ?? null,
});

/** The user, or not_found. */
export async function loadUser(tx: Tx, id: string, lock = false): Promise<UserView> {
  const user = isUuid(id) ? await find(tx, UserAccountEntity, id, lock) : null;
  if (!user) throw notFound('user');
  return toUserView(user);
}

/** The token without its secret, or not_found. */
export async function loadToken(tx: Tx, id: string, lock = false): Promise<ApiTokenEntity> {
  const token = isUuid(id) ? await find(tx, ApiTokenEntity, id, lock) : null;
  if (!token) throw notFound('token');
  return token;
}

export async function findUserByEmail(tx: Tx, email: string): Promise<UserView | null> {
  const user = await tx.manager.findOneBy(UserAccountEntity, { email: email.toLowerCase() });
  return user && toUserView(user);
}

/** Where a user can be written to, and whose the user is. */
export interface Addressee {
  userId: string;
  organisation: string;
  email: string;
}

const ADDRESSEE = 'SELECT id AS "userId", organisation, email FROM user_account WHERE active';

/** Active users of an organisation with a role, by e-mail address. */
export function usersWithRole(tx: Tx, organisation: string, role: Role): Promise<Addressee[]> {
  return tx.query<Addressee>(`${ADDRESSEE} AND organisation = $1 AND $2 = ANY (roles) ORDER BY email`, [
    organisation,
    role,
  ]);
}

/** Active users who asked for the weekly digest, by organisation. */
export function usersWithDigest(tx: Tx): Promise<Addressee[]> {
  return tx.query<Addressee>(`${ADDRESSEE} AND weekly_digest ORDER BY organisation, email`);
}

/** A person as colleagues see each other. */
export interface Person {
  id: string;
  name: string;
  organisation: string;
  roles: string[];
}

const PERSON = 'SELECT id, name, organisation, roles FROM user_account';

/** Who these users are, deactivated ones included; of another organisation only for whoever sees all. */
export async function peopleById(tx: Tx, ids: readonly (string | null)[]): Promise<ReadonlyMap<string, Person>> {
  const wanted = [...new Set(ids.filter((id) => id !== null))];
  if (wanted.length === 0) return new Map();
  const people = await tx.query<Person>(`${PERSON} WHERE id = ANY ($1::uuid[])`, [wanted]);
  return new Map(people.map((person) => [person.id, person]));
}

/** Active users of an organisation with one of the roles, by name. */
export function peopleWithRole(tx: Tx, organisation: string, roles: readonly Role[]): Promise<Person[]> {
  return tx.query<Person>(
    `${PERSON} WHERE active AND organisation = $1 AND roles && $2::text[] ORDER BY name, id LIMIT 500`,
    [organisation, roles],
  );
}

/** The payer itself, or an authority that is known. */
export async function organisationExists(tx: Tx, organisation: string, payer: string): Promise<boolean> {
  if (organisation === payer) return true;
  const rows = await tx.query<{ found: boolean }>('SELECT true AS found FROM authority WHERE code = $1', [
    organisation,
  ]);
  return rows.length > 0;
}
