import { type OidcRefusal } from '#identity';
import { type Problem } from '#kernel';
import { plural, type Notice } from '../page/index.js';

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
  return ours && !/^\/(sign-|carry-on|api\/|assets\/)/.test(next) ? next : '/';
}

const minutes = (seconds: number): string => plural(Math.max(1, Math.ceil(seconds / 60)), 'minute');

/** Why somebody was not let in, in the same words whether or not the address is known. */
export function refusalOf({ code, retryAfterSeconds }: { code: string; retryAfterSeconds: number }): Problem {
  const message =
    code === 'locked'
      ? `Too many attempts. Try again in ${minutes(retryAfterSeconds)}, or reset your password.`
      : 'Check your e-mail address and password: they do not match.';
  return { path: 'email', code, message };
}

/** Why a code was not taken. */
export function codeRefusal(
  { code, retryAfterSeconds }: { code: string; retryAfterSeconds: number },
  path = 'code',
): Problem {
  const message =
    code === 'locked'
      ? `Too many wrong codes. Try again in ${minutes(retryAfterSeconds)}.`
      : 'This code is not right. Enter the six digits your app shows now; each code works once.';
  return { path, code, message };
}

const OIDC_REFUSALS: Readonly<Record<OidcRefusal, string>> = {
  oidc_failed: 'Signing in at your organisation was not finished. Try again.',
  oidc_unknown_user: 'Nobody here has the e-mail address your organisation gave. Ask for an account.',
  oidc_tenant_not_allowed: 'This service does not take sign-ins from the organisation you signed in at.',
  oidc_email_unverified: 'Your organisation has not verified your e-mail address. Ask its help desk.',
};

/** Why somebody who came back from a provider was not let in. */
export const oidcRefusal = (code: OidcRefusal): Notice => ({
  title: 'You are not signed in',
  text: OIDC_REFUSALS[code],
  kind: 'important',
});
