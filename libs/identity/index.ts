export {
  may,
  PASSWORD_RULES,
  PAYER_ORGANISATION,
  requireMay,
  scopeOf,
  type LinkPurpose,
  type Role,
} from './domain/index.js';
export { CreateUser, CreateUserInput } from './create-user.js';
export { findActor } from './find-actor.js';
export { UpdateMe, UpdateMeInput } from './update-me.js';
export {
  peopleById,
  peopleWithRole,
  usersWithDigest,
  usersWithRole,
  type Addressee,
  type Person,
} from './user.queries.js';
export { IdentityModule, IdentityWorkModule } from './identity.module.js';
export { IssueToken, IssueTokenInput } from './issue-token.js';
export { ListUsers, ListUsersInput, USER_CSV_COLUMNS } from './list-users.js';
export { loadUsers, type UserSeed } from './load-users.js';
export { OidcSignIn, type OidcTransaction } from './oidc/oidc-sign-in.js';
export { type OidcRefusal, type OidcStep } from './oidc/oidc-step.js';
export { People, type NamedPerson, type NameOf } from './people.js';
export { RevokeToken } from './revoke-token.js';
export { EndSession } from './sessions/end-session.js';
export { ListSessions } from './sessions/list-sessions.js';
export { type SessionView } from './sessions/session.view.js';
export { SweepSessions } from './sessions/sweep-sessions.js';
export { type SignInMethod } from './sessions/user-session.entity.js';
export {
  WebSessions,
  type FoundSession,
  type SessionData,
  type SessionFacts,
  type SessionPerson,
} from './sessions/web-sessions.js';
export { SetUserActive } from './set-user-active.js';
export { type SignInStep } from './sign-in/account.js';
export { ChangePassword } from './sign-in/change-password.js';
export { DemoSignIn, type DemoPerson } from './sign-in/demo-sign-in.js';
export { InviteUser } from './sign-in/invite-user.js';
export { sendLinkJob } from './sign-in/link-job.js';
export { type Refusal } from './sign-in/refusal.js';
export { RequestReset } from './sign-in/request-reset.js';
export {
  ResetSecondFactor,
  SecondFactor,
  type NewSecondFactor,
  type SecondFactorStep,
} from './sign-in/second-factor.js';
export { SendLink } from './sign-in/send-link.js';
export { SignInByPassword } from './sign-in/sign-in-by-password.js';
export { AcceptInvitation, LookAtLink, ResetPassword } from './sign-in/use-link.js';
export { UserAccess, type UserAccessView } from './sign-in/user-access.js';
export { TokenAuthenticator } from './token-authenticator.js';
export { UpdateUser, UpdateUserInput } from './update-user.js';
export { IssuedTokenView, TokenView, UserView } from './user.view.js';
