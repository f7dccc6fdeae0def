import { loadUsers, type Role, type UserSeed } from '#identity';
import { type AppConfig } from '#platform/config';
import { type UnitOfWork } from '#platform/database';

/** Authority, its finance officer, its project manager. Every name is invented; the addresses end in `.example` (RFC 2606). */
const AUTHORITIES: readonly (readonly [code: string, finance: string, manager: string])[] = [
  ['BRENT', 'Amira Vale', 'Tobias Marsh'],
  ['BRISTOL', 'Colm Harbour', 'Nadia Frost'],
  ['LEICS', 'Priya Holloway', 'Edwin Stone'],
  ['LINCS', 'Freya Fenn', 'Marcus Dyke'],
  ['NORFOLK', 'Jonah Broad', 'Yusra Heath'],
  ['SUFFOLK', 'Isolde Thorpe', 'Kofi Wren'],
  ['TOWERHAM', 'Rafi Quay', 'Beatrix Lane'],
  ['WAKEFIELD', 'Hester Moor', 'Owen Pike'],
  ['WSUSSEX', 'Leila Downs', 'Casper Weald'],
  ['WOKINGHAM', 'Matilda Brook', 'Sanjay Copse'],
];

const PAYER: readonly (readonly [user: string, name: string, role: Role])[] = [
  ['finance', 'Greta Ledger', 'mtm_finance'],
  ['finance2', 'Dario Penn', 'mtm_finance'],
  ['approver', 'Winifred Seal', 'mtm_approver'],
  ['approver2', 'Anselm Grant', 'mtm_approver'],
  ['coordinator', 'Mei Planner', 'coordinator'],
  ['auditor', 'Silas Trail', 'auditor'],
  ['admin', 'Rowan Keys', 'administrator'],
];

const demo = (email: string, name: string, organisation: string, role: Role): UserSeed => ({
  email,
  name: `${name} (demo)`,
  organisation,
  roles: [role],
});

/** Every demo user: two of each authority, and the payer's. */
export const DEMO_USERS: readonly UserSeed[] = [
  ...AUTHORITIES.flatMap(([code, finance, manager]) => [
    demo(`finance@${code.toLowerCase()}.example`, finance, code, 'la_finance'),
    demo(`manager@${code.toLowerCase()}.example`, manager, code, 'la_manager'),
  ]),
  ...PAYER.map(([user, name, role]) => demo(`${user}@mtm.example`, name, 'MTM', role)),
];

/** Makes the demo users that are not there yet; returns how many. Refuses to in production. */
export function loadDemoUsers(uow: UnitOfWork, config: Pick<AppConfig, 'env'>): Promise<number> {
  if (config.env === 'production') throw new Error('Demo users are not loaded when NODE_ENV is production.');
  return loadUsers(uow, DEMO_USERS);
}
