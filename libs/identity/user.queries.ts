import { notFound } from '#kernel';
import { type Tx } from '#platform/database';
import { kinds } from '#platform/validation';
import { type TokenView, type UserView } from './user.view.js';

type UserRow = Omit<UserView, 'createdAt'> & { createdAt: Date };
type TokenRow = Omit<TokenView, 'createdAt' | 'expiresAt' | 'revokedAt'> & {
  createdAt: Date;
  expiresAt: Date;
  revokedAt: Date | null;
};

export const USER_COLUMNS = `id, email, name, organisation, roles, active, created_at AS "createdAt", version`;
export const TOKEN_COLUMNS = `id, user_id AS "userId", label, created_at AS "createdAt", expires_at AS "expiresAt",
  revoked_at AS "revokedAt"`;

/** What is no id names nothing. */
const isUuid = (id: string): boolean => kinds.uuid().check(id) === null;

export const toUserView = (row: UserRow): UserView => ({ ...row, createdAt: row.createdAt.toISOString() });

export const toTokenView = (row: TokenRow): TokenView => ({
  ...row,
  createdAt: row.createdAt.toISOString(),
  expiresAt: row.expiresAt.toISOString(),
  revokedAt: row.revokedAt?.toISOString() ?? null,
});

/** The user, or not_found. `lock` keeps others from changing it until the transaction ends. */
export async function loadUser(tx: Tx, id: string, lock = false): Promise<UserView> {
  if (!isUuid(id)) throw notFound('user');
  const rows = await tx.query<UserRow>(
    `SELECT ${USER_COLUMNS} FROM user_account WHERE id = $1 ${lock ? 'FOR UPDATE' : ''}`,
    [id],
  );
  if (!rows[0]) throw notFound('user');
  return toUserView(rows[0]);
}

/** The token without its secret, or not_found. */
export async function loadToken(tx: Tx, id: string, lock = false): Promise<TokenView & { organisation: string }> {
  if (!isUuid(id)) throw notFound('token');
  const rows = await tx.query<TokenRow & { organisation: string }>(
    `SELECT ${TOKEN_COLUMNS}, organisation FROM api_token WHERE id = $1 ${lock ? 'FOR UPDATE' : ''}`,
    [id],
  );
  if (!rows[0]) throw notFound('token');
  return { ...toTokenView(rows[0]), organisation: rows[0].organisation };
}

export async function findUserByEmail(tx: Tx, email: string): Promise<UserView | null> {
  const rows = await tx.query<UserRow>(`SELECT ${USER_COLUMNS} FROM user_account WHERE email = $1`, [
    email.toLowerCase(),
  ]);
  return rows[0] ? toUserView(rows[0]) : null;
}

/** The payer itself, or an authority that is known. */
export async function organisationExists(tx: Tx, organisation: string, payer: string): Promise<boolean> {
  if (organisation === payer) return true;
  const rows = await tx.query<{ found: boolean }>('SELECT true AS found FROM authority WHERE code = $1', [
    organisation,
  ]);
  return rows.length > 0;
}
