/** Why a provider's person is not signed in. */
export type OidcRefusal = 'oidc_failed' | 'oidc_unknown_user' | 'oidc_tenant_not_allowed' | 'oidc_email_unverified';

export type OidcStep = { state: 'signed_in'; userId: string } | { state: 'refused'; code: OidcRefusal };

export const refuse = (code: OidcRefusal): OidcStep => ({ state: 'refused', code });
