export {
  ACTIONS,
  may,
  PAYER_ORGANISATION,
  requireMay,
  roleProblems,
  ROLE_TITLES,
  ROLES,
  scopeOf,
  type Action,
  type Answer,
  type Role,
  type Subject,
} from './domain/index.js';
export { CreateUser, CreateUserInput } from './create-user.js';
export { findActor } from './find-actor.js';
export { IdentityModule } from './identity.module.js';
export { IssueToken, IssueTokenInput } from './issue-token.js';
export { ListUsers, ListUsersInput, USER_CSV_COLUMNS } from './list-users.js';
export { loadUsers, type UserSeed } from './load-users.js';
export { RevokeToken } from './revoke-token.js';
export { SetUserActive } from './set-user-active.js';
export { TokenAuthenticator } from './token-authenticator.js';
export { UpdateUser, UpdateUserInput } from './update-user.js';
export { IssuedTokenView, TokenView, UserView } from './user.view.js';
