import { type Tx } from '#platform/database';
import { needsSecondFactor, type Role } from '../domain/index.js';

/** A user with what signing in asks for. Read by a function of the database's owner: no other statement reads hashes. */
export interface Account {
  id: string;
  organisation: string;
  roles: Role[];
  name: string;
  email: string;
  active: boolean;
  passwordHash: string | null;
  /** The secret of the second factor, sealed. */
  totpSealed: Buffer | null;
  /** The step of the last code that was taken. */
  totpStep: number | null;
}

const ACCOUNT = `SELECT user_id AS id, organisation, roles, name, email, active, password_hash AS "passwordHash",
  totp_sealed AS "totpSealed", totp_step AS "totpStep" FROM sign_in_account($1, $2)`;

/** `tx` is the system's: an authority's own scope reads none. */
export async function accountByEmail(tx: Tx, email: string): Promise<Account | null> {
  const [account] = await tx.query<Account>(ACCOUNT, [email.trim().toLowerCase(), null]);
  return account ?? null;
}

/** As `accountByEmail`. Only an account that is active. */
export async function activeAccount(tx: Tx, userId: string): Promise<Account | null> {
  const [account] = await tx.query<Account>(ACCOUNT, [null, userId]);
  return account?.active ? account : null;
}

/** What is left to do after the right password, or a link. */
export type SignInStep =
  | { state: 'signed_in'; userId: string }
  | { state: 'second_factor'; userId: string }
  | { state: 'enrol'; userId: string };

export function nextStep(account: Pick<Account, 'id' | 'organisation' | 'totpSealed'>): SignInStep {
  const userId = account.id;
  if (account.totpSealed !== null) return { state: 'second_factor', userId };
  return { state: needsSecondFactor(account.organisation) ? 'enrol' : 'signed_in', userId };
}
