import { Body, Get, Inject, Param, Post } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { ListUsers, RevokeToken, TokenView, UserView } from '#identity';
import { type Actor } from '#platform/database';
import { Answers, ApiController, CurrentActor } from '#platform/http';

@ApiTags('Users')
@ApiController('me')
export class MeController {
  constructor(@Inject(ListUsers) private readonly listUsers: ListUsers) {}

  @Get()
  @ApiOperation({ summary: 'Read who you are' })
  @Answers(UserView, 'The user whose token this is.')
  read(@CurrentActor() actor: Actor): Promise<UserView> {
    return this.listUsers.one(actor, actor.userId);
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
