import { type Problem } from '#kernel';

/** The people's roles (docs/domain.md, "Who"). */
export const ROLES = [
  'la_manager',
  'la_finance',
  'mtm_finance',
  'mtm_approver',
  'coordinator',
  'auditor',
  'administrator',
] as const;
export type Role = (typeof ROLES)[number];

/** Jobs, sweeps and commands; no person has it. */
export const SYSTEM_ROLE = 'system';

/** The organisation of the payer's own staff. Every other organisation is an authority, by its code. */
export const PAYER_ORGANISATION = 'MTM';

export const ROLE_TITLES: Record<Role | typeof SYSTEM_ROLE, string> = {
  la_manager: 'LA project manager',
  la_finance: 'LA finance officer',
  mtm_finance: 'MTM finance',
  mtm_approver: 'MTM approver',
  coordinator: 'programme coordinator',
  auditor: 'auditor',
  administrator: 'administrator',
  system: 'the system itself',
};

const AUTHORITY_ROLES: ReadonlySet<string> = new Set<Role>(['la_manager', 'la_finance']);
/** An auditor changes nothing and an administrator decides nothing about money, so neither has another role beside it. */
const ALONE: readonly Role[] = ['auditor', 'administrator'];

/** What row-level security lets a user of an organisation see: everything for the payer's staff, else their own. */
export const scopeOf = (organisation: string): string => (organisation === PAYER_ORGANISATION ? '*' : organisation);

/** Whether these roles may be held together by a user of this organisation; each problem says what to change. */
export function roleProblems(organisation: string, roles: readonly string[]): Problem[] {
  const problem = (code: string, message: string): Problem => ({ path: 'roles', code, message });
  if (roles.length === 0) return [problem('role_missing', 'Give at least one role.')];
  const problems: Problem[] = [];
  const payer = organisation === PAYER_ORGANISATION;
  const misfits = roles.filter((role) => AUTHORITY_ROLES.has(role) === payer);
  if (misfits.length > 0) {
    const whose = payer ? 'Only users of an authority have' : 'Only MTM’s own users have';
    problems.push(problem('role_not_of_organisation', `${whose} the role ${misfits.join(' or ')}.`));
  }
  const alone = ALONE.find((role) => roles.includes(role));
  if (alone && new Set(roles).size > 1) {
    problems.push(problem('roles_conflict', `A user with the role ${alone} has no other role.`));
  }
  return problems;
}
