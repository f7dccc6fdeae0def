import { Body, Get, Inject, Param, Post, Put, Query } from '@nestjs/common';
import { ApiBody, ApiOperation, ApiQuery, ApiTags } from '@nestjs/swagger';
import {
  CreateUser,
  CreateUserInput,
  IssuedTokenView,
  IssueToken,
  IssueTokenInput,
  ListUsers,
  ListUsersInput,
  RevokeToken,
  SetUserActive,
  TokenView,
  UpdateUser,
  UpdateUserInput,
  USER_CSV_COLUMNS,
  UserView,
} from '#identity';
import { type Actor } from '#platform/database';
import {
  Answers,
  AnswersList,
  ApiController,
  Creates,
  CurrentActor,
  IfMatch,
  IgnoresIdempotencyKey,
  type Page,
} from '#platform/http';
import { type ExpectedVersion } from '#platform/validation';

@ApiTags('Users')
@ApiController('users')
export class UsersController {
  constructor(
    @Inject(ListUsers) private readonly listUsers: ListUsers,
    @Inject(CreateUser) private readonly createUser: CreateUser,
    @Inject(UpdateUser) private readonly updateUser: UpdateUser,
    @Inject(SetUserActive) private readonly setUserActive: SetUserActive,
    @Inject(IssueToken) private readonly issueToken: IssueToken,
    @Inject(RevokeToken) private readonly revokeToken: RevokeToken,
  ) {}

  @Get()
  @ApiOperation({ summary: 'List users by e-mail address' })
  @ApiQuery({ type: ListUsersInput })
  @AnswersList(UserView, { csv: USER_CSV_COLUMNS })
  list(@CurrentActor() actor: Actor, @Query() query: unknown): Promise<Page<UserView>> {
    return this.listUsers.run(actor, query);
  }

  @Post()
  @ApiOperation({ summary: 'Make a user of one organisation' })
  @ApiBody({ type: CreateUserInput })
  @Creates(UserView)
  create(@CurrentActor() actor: Actor, @Body() body: unknown): Promise<UserView> {
    return this.createUser.run(actor, body);
  }

  @Get(':id')
  @ApiOperation({ summary: 'Read a user' })
  @Answers(UserView, 'The user.')
  read(@CurrentActor() actor: Actor, @Param('id') id: string): Promise<UserView> {
    return this.listUsers.one(actor, id);
  }

  @Put(':id')
  @ApiOperation({ summary: 'Replace a user’s e-mail address, name and roles; nobody changes their own roles' })
  @ApiBody({ type: UpdateUserInput })
  @Answers(UserView, 'The user as changed.')
  update(
    @CurrentActor() actor: Actor,
    @Param('id') id: string,
    @Body() body: unknown,
    @IfMatch() expected: ExpectedVersion,
  ): Promise<UserView> {
    return this.updateUser.run(actor, id, body, expected);
  }

  @Post(':id/deactivate')
  @ApiOperation({ summary: 'Deactivate a user, whose tokens stop working at once' })
  @Answers(UserView, 'The user, deactivated.')
  deactivate(
    @CurrentActor() actor: Actor,
    @Param('id') id: string,
    @Body() body: unknown,
    @IfMatch() expected: ExpectedVersion,
  ): Promise<UserView> {
    return this.setUserActive.run(actor, id, false, body, expected);
  }

  @Post(':id/activate')
  @ApiOperation({ summary: 'Activate a user again' })
  @Answers(UserView, 'The user, active.')
  activate(
    @CurrentActor() actor: Actor,
    @Param('id') id: string,
    @Body() body: unknown,
    @IfMatch() expected: ExpectedVersion,
  ): Promise<UserView> {
    return this.setUserActive.run(actor, id, true, body, expected);
  }

  @Get(':id/tokens')
  @ApiOperation({ summary: 'List a user’s tokens, newest first, without their secrets' })
  @AnswersList(TokenView, { csv: ['id', 'userId', 'label', 'createdAt', 'expiresAt', 'revokedAt'] })
  tokens(@CurrentActor() actor: Actor, @Param('id') id: string, @Query() query: unknown): Promise<Page<TokenView>> {
    return this.revokeToken.list(actor, id, query);
  }

  /** The answer is a secret, so it is kept nowhere, not even under an Idempotency-Key (docs/adr, access). */
  @Post(':id/tokens')
  @IgnoresIdempotencyKey()
  @ApiOperation({
    summary: 'Issue a bearer token',
    description: 'The token is told this once. An Idempotency-Key is not looked at: each call makes another token.',
  })
  @ApiBody({ type: IssueTokenInput })
  @Creates(IssuedTokenView, { location: () => null })
  issue(@CurrentActor() actor: Actor, @Param('id') id: string, @Body() body: unknown): Promise<IssuedTokenView> {
    return this.issueToken.run(actor, id, body);
  }
}
