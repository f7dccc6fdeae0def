/** One OpenID provider people may sign in with. */
export interface OidcProvider {
  /** `1` to `5`: the number in the names of its settings, and in the address it answers to. */
  readonly key: string;
  /** As its button says it. */
  readonly name: string;
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** Tenants (claim `tid`) that may sign in; empty: not asked. */
  readonly tenants: readonly string[];
  /** Domains of e-mail addresses that may sign in, in lower case; empty: not asked. */
  readonly emailDomains: readonly string[];
}

export const OIDC_MOST = 5;
const NAMES = ['ISSUER', 'CLIENT_ID', 'CLIENT_SECRET', 'NAME', 'TENANTS'] as const;
type Name = (typeof NAMES)[number];

const LOOPBACK = new Set(['localhost', '127.0.0.1', '[::1]']);
const TENANT = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const DOMAIN = /^@?(?=.{1,253}$)([a-z0-9-]{1,63}\.)+[a-z]{2,63}$/i;

/**
 * The providers `OIDC_…_1` to `_5` describe. Each problem is one line. A provider is described in full or not at all, its
 * tenants always: one that lets everybody in would let in whoever can have an account there.
 */
export function oidcProviders(
  text: (name: string) => string | null,
  env: string,
): { providers: OidcProvider[]; problems: string[] } {
  const providers: OidcProvider[] = [];
  const problems: string[] = [];
  for (let number = 1; number <= OIDC_MOST; number++) {
    const given = Object.fromEntries(NAMES.map((name) => [name, text(`OIDC_${name}_${number}`)]));
    if (NAMES.every((name) => given[name] === null)) continue;
    const missing = NAMES.filter((name) => given[name] === null).map((name) => `OIDC_${name}_${number}`);
    if (missing.length > 0) {
      problems.push(`${missing.join(', ')}: not set, and provider ${number} needs it.`);
      continue;
    }
    const provider = read(String(number), given as Record<Name, string>);
    problems.push(...wrong(provider, given['TENANTS']!, env));
    providers.push(provider);
  }
  return { providers, problems };
}

const listed = (tenants: string): string[] =>
  tenants
    .split(',')
    .map((one) => one.trim())
    .filter(Boolean);

function read(key: string, given: Record<Name, string>): OidcProvider {
  const allowed = listed(given.TENANTS);
  return {
    key,
    name: given.NAME,
    issuer: given.ISSUER,
    clientId: given.CLIENT_ID,
    clientSecret: given.CLIENT_SECRET,
    tenants: allowed.filter((one) => TENANT.test(one)).map((one) => one.toLowerCase()),
    emailDomains: allowed.filter((one) => DOMAIN.test(one)).map((one) => one.replace(/^@/, '').toLowerCase()),
  };
}

function wrong({ key, issuer, name }: OidcProvider, tenants: string, env: string): string[] {
  const problems: string[] = [];
  if (!allowedIssuer(issuer, env)) {
    problems.push(`OIDC_ISSUER_${key} is not an address that starts with https:// and holds no password.`);
  }
  if (name.length > 60) problems.push(`OIDC_NAME_${key} is longer than 60 characters.`);
  const strange = listed(tenants).filter((one) => !TENANT.test(one) && !DOMAIN.test(one));
  if (strange.length > 0) {
    problems.push(`OIDC_TENANTS_${key}: "${strange[0]}" is neither a tenant's id nor a domain of e-mail addresses.`);
  }
  if (listed(tenants).length === 0) problems.push(`OIDC_TENANTS_${key} lists nobody.`);
  return problems;
}

/** https, so that nobody on the way answers for the provider; http to this machine itself is for tests and trying out. */
function allowedIssuer(issuer: string, env: string): boolean {
  if (!URL.canParse(issuer)) return false;
  const { protocol, hostname, username, password } = new URL(issuer);
  if (username !== '' || password !== '') return false;
  return protocol === 'https:' || (protocol === 'http:' && env !== 'production' && LOOPBACK.has(hostname));
}
