export { may, requireMay } from './permissions.js';
export { PAYER_ORGANISATION, roleProblems, ROLES, scopeOf, type Role } from './roles.js';
export { hashToken, looksLikeToken, TOKEN_DAYS, tokenFrom } from './token.js';
