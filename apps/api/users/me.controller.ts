import { Body, Get, Inject, Param, Post, Put } from '@nestjs/common';
import { ApiBody, ApiOperation, ApiTags } from '@nestjs/swagger';
import { ListUsers, RevokeToken, TokenView, UpdateMe, UpdateMeInput, UserView } from '#identity';
import { type Actor } from '#platform/database';
import { Answers, ApiController, CurrentActor, IfMatch } from '#platform/http';
import { type ExpectedVersion } from '#platform/validation';

@ApiTags('Users')
@ApiController('me')
export class MeController {
  constructor(
    @Inject(ListUsers) private readonly listUsers: ListUsers,
    @Inject(UpdateMe) private readonly updateMe: UpdateMe,
  ) {}

  @Get()
  @ApiOperation({ summary: 'Read who you are' })
  @Answers(UserView, 'The user whose token this is.')
  read(@CurrentActor() actor: Actor): Promise<UserView> {
    return this.listUsers.one(actor, actor.userId);
  }

  @Put()
  @ApiOperation({ summary: 'Choose whether you get the weekly digest' })
  @ApiBody({ type: UpdateMeInput })
  @Answers(UserView, 'You, as changed.')
  update(@CurrentActor() actor: Actor, @Body() body: unknown, @IfMatch() expected: ExpectedVersion): Promise<UserView> {
    return this.updateMe.run(actor, body, expected);
  }
}

@ApiTags('Users')
@ApiController('tokens')
export class TokensController {
  constructor(@Inject(RevokeToken) private readonly revokeToken: RevokeToken) {}

  @Post(':id/revoke')
  @ApiOperation({ summary: 'Revoke a token, one’s own or as an administrator' })
  @Answers(TokenView, 'The token, revoked.')
  revoke(@CurrentActor() actor: Actor, @Param('id') id: string, @Body() body: unknown): Promise<TokenView> {
    return this.revokeToken.run(actor, id, body);
  }
}
