import { Body, Get, Inject, Param, Post, Query } from '@nestjs/common';
import { ApiBody, ApiOperation, ApiTags } from '@nestjs/swagger';
import { MessageInput, MessageQueries, MessageView, PostMessage } from '#claims';
import { type Actor } from '#platform/database';
import { AnswersList, ApiController, Creates, CurrentActor, idOf, type Page } from '#platform/http';

@ApiTags('Claims')
@ApiController('claims/:id/messages')
export class ClaimMessagesController {
  constructor(
    @Inject(MessageQueries) private readonly queries: MessageQueries,
    @Inject(PostMessage) private readonly posting: PostMessage,
  ) {}

  @Get()
  @ApiOperation({ summary: 'What the authority and MTM wrote to each other about a claim, newest first' })
  @AnswersList(MessageView, { csv: ['id', 'sentAt', 'organisation', 'authorId', 'text'] })
  list(@CurrentActor() actor: Actor, @Param('id') id: string, @Query() query: unknown): Promise<Page<MessageView>> {
    return this.queries.list(actor, idOf(id, 'claim'), query);
  }

  @Post()
  @ApiOperation({ summary: 'Write to the other side about a claim; it is e-mailed to them' })
  @ApiBody({ type: MessageInput })
  @Creates(MessageView, { location: () => null })
  post(@CurrentActor() actor: Actor, @Param('id') id: string, @Body() body: unknown): Promise<MessageView> {
    return this.posting.run(actor, idOf(id, 'claim'), body);
  }
}
