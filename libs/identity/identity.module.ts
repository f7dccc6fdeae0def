import { Global, Module } from '@nestjs/common';
import { Notices } from '#documents';
import { Authenticator } from '#platform/http';
import { CreateUser } from './create-user.js';
import { IssueToken } from './issue-token.js';
import { ListUsers } from './list-users.js';
import { OidcClients } from './oidc/oidc-clients.js';
import { OidcSignIn } from './oidc/oidc-sign-in.js';
import { People } from './people.js';
import { RevokeToken } from './revoke-token.js';
import { EndSession } from './sessions/end-session.js';
import { ListSessions } from './sessions/list-sessions.js';
import { SweepSessions } from './sessions/sweep-sessions.js';
import { WebSessions } from './sessions/web-sessions.js';
import { SetUserActive } from './set-user-active.js';
import { ChangePassword } from './sign-in/change-password.js';
import { DemoSignIn } from './sign-in/demo-sign-in.js';
import { Guesses } from './sign-in/guesses.js';
import { InviteUser } from './sign-in/invite-user.js';
import { RequestReset } from './sign-in/request-reset.js';
import { Seals } from './sign-in/seals.js';
import { ResetSecondFactor, SecondFactor } from './sign-in/second-factor.js';
import { SendLink } from './sign-in/send-link.js';
import { SignInByPassword } from './sign-in/sign-in-by-password.js';
import { AcceptInvitation, LookAtLink, ResetPassword } from './sign-in/use-link.js';
import { UserAccess } from './sign-in/user-access.js';
import { TokenAuthenticator } from './token-authenticator.js';
import { UpdateMe } from './update-me.js';
import { UpdateUser } from './update-user.js';

const USERS = [CreateUser, IssueToken, ListUsers, People, RevokeToken, SetUserActive, UpdateMe, UpdateUser];
const SESSIONS = [WebSessions, ListSessions, EndSession];
const SIGN_IN = [
  SignInByPassword,
  SecondFactor,
  ResetSecondFactor,
  ChangePassword,
  InviteUser,
  RequestReset,
  LookAtLink,
  AcceptInvitation,
  ResetPassword,
  UserAccess,
  OidcSignIn,
  DemoSignIn,
];

/** Users, tokens, sessions and the ways to sign in. Global because every controller's guard asks for the Authenticator. */
@Global()
@Module({
  providers: [
    ...[...USERS, ...SESSIONS, ...SIGN_IN],
    ...[Guesses, Seals, OidcClients, Notices],
    { provide: Authenticator, useClass: TokenAuthenticator },
  ],
  exports: [...USERS, ...SESSIONS, ...SIGN_IN, Authenticator],
})
export class IdentityModule {}

/** What a worker needs: e-mails with links, and sweeping. Needs ConfigModule, DatabaseModule and MailTransport. */
@Module({ providers: [SendLink, SweepSessions, Seals], exports: [SendLink, SweepSessions] })
export class IdentityWorkModule {}
