export { ACTIONS, type Action, type Rule, type Separation } from './actions.js';
export { may, requireMay, type Answer, type Subject, type Who } from './permissions.js';
export {
  isRole,
  PAYER_ORGANISATION,
  roleProblems,
  ROLES,
  ROLE_TITLES,
  scopeOf,
  SYSTEM_ROLE,
  type Role,
} from './roles.js';
export { hashToken, looksLikeToken, TOKEN_DAYS, TOKEN_PREFIX, tokenFrom } from './token.js';
