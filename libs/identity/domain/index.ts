export { ACTIONS, type Action } from './actions.js';
export { may, requireMay, type Answer, type Subject, type Who } from './permissions.js';
export { PAYER_ORGANISATION, roleProblems, ROLES, ROLE_TITLES, scopeOf, type Role } from './roles.js';
export { hashToken, looksLikeToken, TOKEN_DAYS, tokenFrom } from './token.js';
