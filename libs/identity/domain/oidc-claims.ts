/** Who a provider lets in (OIDC_TENANTS_…). */
interface Allowed {
  readonly tenants: readonly string[];
  readonly emailDomains: readonly string[];
}

/** As much of an ID token as is looked at. */
export interface OidcClaims {
  readonly iss: string;
  readonly sub: string;
  readonly [claim: string]: unknown;
}

const textOf = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : null);

/** The address, in lower case, when the provider says that it is the person's own. */
export function verifiedEmail(claims: OidcClaims): string | null {
  const email = textOf(claims['email']);
  if (email === null) return null;
  // Entra ID has no email_verified; xms_edov says that the address is of a domain its tenant has proved to own.
  const verified = claims['email_verified'] === true || [true, 1, '1', 'true'].includes(claims['xms_edov'] as never);
  return verified ? email.toLowerCase() : null;
}

/**
 * Whether the person may come from this provider: of each kind that is listed one must fit, so that a tenant cannot vouch
 * for addresses of another council. A provider that lists nobody lets nobody in.
 */
export function tenantAllowed(allowed: Allowed, claims: OidcClaims): boolean {
  const { tenants, emailDomains } = allowed;
  if (tenants.length === 0 && emailDomains.length === 0) return false;
  const tenant = textOf(claims['tid'])?.toLowerCase();
  if (tenants.length > 0 && (tenant === undefined || !tenants.includes(tenant))) return false;
  if (emailDomains.length === 0) return true;
  const email = textOf(claims['email'])?.toLowerCase() ?? '';
  return emailDomains.includes(email.slice(email.lastIndexOf('@') + 1));
}
