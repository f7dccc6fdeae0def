import { type SessionView, type TokenView } from '#identity';
import { ROLE_TITLES, type Role } from '#identity/domain';
import { TableFile } from '../page/index.js';

/** Roles as people say them. */
export function roleNames(roles: readonly Role[]): string {
  const text = roles.map((role) => ROLE_TITLES[role]).join(', ');
  return text.charAt(0).toUpperCase() + text.slice(1);
}

const BROWSERS: readonly (readonly [pattern: RegExp, name: string])[] = [
  [/Edg(e|A|iOS)?\//, 'Edge'],
  [/OPR\//, 'Opera'],
  [/SamsungBrowser\//, 'Samsung Internet'],
  [/(Firefox|FxiOS)\//, 'Firefox'],
  [/(HeadlessChrome|Chrome|CriOS)\//, 'Chrome'],
  [/Safari\//, 'Safari'],
];
const SYSTEMS: readonly (readonly [pattern: RegExp, name: string])[] = [
  [/Windows/, 'Windows'],
  [/iPhone/, 'iPhone'],
  [/iPad/, 'iPad'],
  [/Mac OS X|Macintosh/, 'Mac'],
  [/Android/, 'Android'],
  [/CrOS/, 'Chromebook'],
  [/Linux/, 'Linux'],
];

/** What a browser calls itself, as far as a person knows it: `Firefox on Windows`. */
export function browserName(userAgent: string | null): string {
  const found = (list: typeof BROWSERS) => list.find(([pattern]) => pattern.test(userAgent ?? ''))?.[1];
  const [browser, system] = [found(BROWSERS), found(SYSTEMS)];
  if (browser === undefined)
    return system === undefined ? 'A browser that does not say which' : `A browser on ${system}`;
  return system === undefined ? browser : `${browser} on ${system}`;
}

const WAYS: Readonly<Record<SessionView['how'], string>> = {
  password: 'with a password',
  oidc: 'at the organisation’s own sign-in',
  demo: 'on the demonstration’s page',
};

/** Where somebody is signed in. `current` is the session this is read in. */
export function sessionsTable(sessions: readonly SessionView[], current?: string) {
  const rows = sessions.map(({ id, userAgent, how, signedInAt, seenAt }) => ({
    id,
    browser: browserName(userAgent),
    how: WAYS[how],
    signedInAt,
    seenAt,
    current: id === current,
  }));
  return {
    caption: 'Sessions, the one seen last first',
    rows,
    file: new TableFile('sessions', ['browser', 'how', 'signedInAt', 'seenAt', 'current'], rows),
  };
}

/** Tokens with what can still be done about them. */
export const tokensTable = (tokens: readonly TokenView[], now: Date) => ({
  caption: 'Tokens, newest first',
  rows: tokens.map(({ id, label, createdAt, expiresAt, revokedAt }) => {
    const over = revokedAt === null && new Date(expiresAt) <= now;
    return { id, label, createdAt, expiresAt, revokedAt, over, works: revokedAt === null && !over };
  }),
  file: new TableFile('tokens', ['label', 'createdAt', 'expiresAt', 'revokedAt'], tokens),
});
