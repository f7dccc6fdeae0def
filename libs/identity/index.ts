export {
  ACTIONS,
  may,
  requireMay,
  PAYER_ORGANISATION,
  ROLES,
  ROLE_TITLES,
  type Action,
  type Role,
} from './domain/index.js';
