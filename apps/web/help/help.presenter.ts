import { ROLE_TITLES, ROLES, type Role } from '#identity/domain';
import { GUIDES, type Guide, type Task } from './guides.js';
import { PICTURE_OF, PICTURE_SIZE, PICTURES, type Picture } from './pictures.js';

const titled = (role: Role): string => ROLE_TITLES[role].charAt(0).toUpperCase() + ROLE_TITLES[role].slice(1);

export interface ShownPicture extends Picture {
  /** As the assets know it. */
  asset: string;
  width: number;
  height: number;
}

export interface ShownGuide extends Guide {
  role: Role;
  title: string;
  tasks: readonly (Task & { picture: ShownPicture | null })[];
}

/** A guide with its pictures, each once: a page says it again in words, not in bytes. */
function shown(role: Role, seen = new Set<string>()): ShownGuide {
  const tasks = GUIDES[role].tasks.map((task) => {
    const name = PICTURE_OF[task.title];
    if (name === undefined || seen.has(name)) return { ...task, picture: null };
    seen.add(name);
    return { ...task, picture: { ...PICTURES[name], ...PICTURE_SIZE, asset: `help-${name}.png` } };
  });
  return { ...GUIDES[role], role, title: titled(role), tasks };
}

/** One's own guides, and links to the others: knowing what the next person does helps. */
export function guidesFor(roles: readonly Role[]): { own: ShownGuide[]; others: { text: string; href: string }[] } {
  const own = ROLES.filter((role) => roles.includes(role));
  const others = ROLES.filter((role) => !own.includes(role));
  const seen = new Set<string>();
  return {
    own: own.map((role) => shown(role, seen)),
    others: others.map((role) => ({ text: titled(role), href: `/help/role/${role}` })),
  };
}

/** The guide of a role as an address names it, or null. */
export function guideOf(name: string): ShownGuide | null {
  const role = ROLES.find((one) => one === name);
  return role === undefined ? null : shown(role);
}
