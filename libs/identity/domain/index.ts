export { admitGuess, admitReset, type Attempts } from './attempts.js';
export { LINK_LIFETIME_MS, LINK_TOKEN, linkAddress, sha256, type LinkPurpose } from './link.js';
export { tenantAllowed, verifiedEmail, type OidcClaims } from './oidc-claims.js';
export { normalPassword, PASSWORD_RULES, passwordProblems } from './password.js';
export { may, requireMay } from './permissions.js';
export { PAYER_ORGANISATION, ROLE_TITLES, roleProblems, ROLES, scopeOf, type Role } from './roles.js';
export { acceptsStep, needsSecondFactor, TOTP_PERIOD_SECONDS, totpStep } from './second-factor.js';
export { sessionLimits, type SessionLimits } from './session-limits.js';
export { hashToken, looksLikeToken, TOKEN_DAYS, tokenFrom } from './token.js';
