import { ROLE_TITLES, ROLES, type Role } from '#identity/domain';
import { GUIDES, type Guide } from './guides.js';

const titled = (role: Role): string => ROLE_TITLES[role].charAt(0).toUpperCase() + ROLE_TITLES[role].slice(1);

export interface ShownGuide extends Guide {
  role: Role;
  title: string;
}

const shown = (role: Role): ShownGuide => ({ role, title: titled(role), ...GUIDES[role] });

/** One's own guides, and links to the others: knowing what the next person does helps. */
export function guidesFor(roles: readonly Role[]): { own: ShownGuide[]; others: { text: string; href: string }[] } {
  const own = ROLES.filter((role) => roles.includes(role));
  const others = ROLES.filter((role) => !own.includes(role));
  return { own: own.map(shown), others: others.map((role) => ({ text: titled(role), href: `/help/role/${role}` })) };
}

/** The guide of a role as an address names it, or null. */
export function guideOf(name: string): ShownGuide | null {
  const role = ROLES.find((one) => one === name);
  return role === undefined ? null : shown(role);
}
