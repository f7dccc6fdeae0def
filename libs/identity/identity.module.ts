import { Global, Module } from '@nestjs/common';
import { Authenticator } from '#platform/http';
import { CreateUser } from './create-user.js';
import { IssueToken } from './issue-token.js';
import { ListUsers } from './list-users.js';
import { RevokeToken } from './revoke-token.js';
import { SetUserActive } from './set-user-active.js';
import { TokenAuthenticator } from './token-authenticator.js';
import { UpdateMe } from './update-me.js';
import { UpdateUser } from './update-user.js';

const USE_CASES = [CreateUser, IssueToken, ListUsers, RevokeToken, SetUserActive, UpdateMe, UpdateUser];

/** Users and tokens. Global because every controller's guard asks for the Authenticator. */
@Global()
@Module({
  providers: [...USE_CASES, { provide: Authenticator, useClass: TokenAuthenticator }],
  exports: [...USE_CASES, Authenticator],
})
export class IdentityModule {}
