import { type Problem } from '#kernel';
import { plural } from '../page/index.js';

interface DemoPerson {
  readonly email: string;
  readonly name: string;
  readonly organisation: string;
  readonly roles: readonly string[];
}

/** The demonstration's people, each organisation's together, MTM's first. */
export function peopleByOrganisation(people: readonly DemoPerson[]): { organisation: string; people: DemoPerson[] }[] {
  const groups = new Map<string, DemoPerson[]>();
  for (const person of people) groups.set(person.organisation, [...(groups.get(person.organisation) ?? []), person]);
  return [...groups]
    .map(([organisation, members]) => ({ organisation, people: members }))
    .sort(
      (a, b) =>
        Number(b.organisation === 'MTM') - Number(a.organisation === 'MTM') ||
        a.organisation.localeCompare(b.organisation),
    );
}

/** A path of ours to go on to: anything else (another site, a page of the sign-in itself) is the home page. */
export function safeNext(next: unknown): string {
  if (typeof next !== 'string' || next.length > 1000) return '/';
  const ours = /^\/(?![/\\])[\x21-\x7e]*$/.test(next) && !next.includes('\\');
  return ours && !/^\/(sign-|api\/|assets\/)/.test(next) ? next : '/';
}

/** Why somebody was not let in, in the same words whether or not the address is known. */
export function refusalOf({ code, retryAfterSeconds }: { code: string; retryAfterSeconds: number }): Problem {
  const message =
    code === 'locked'
      ? `Too many attempts. Try again in ${plural(Math.max(1, Math.ceil(retryAfterSeconds / 60)), 'minute')}, or reset your password.`
      : 'Check your e-mail address and password: they do not match.';
  return { path: 'email', code, message };
}
