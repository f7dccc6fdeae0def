import { Body, Inject, Param, Post } from '@nestjs/common';
import { ApiBody, ApiOperation, ApiTags } from '@nestjs/swagger';
import { DocumentJobView, RetryDocument, RetryInput } from '#documents';
import { type Actor } from '#platform/database';
import { Answers, ApiController, CurrentActor, idOf } from '#platform/http';

@ApiTags('Jobs')
@ApiController('documents')
export class DocumentRetryController {
  constructor(@Inject(RetryDocument) private readonly retryDocument: RetryDocument) {}

  @Post(':id/retry')
  @ApiOperation({ summary: 'Make a document whose rendering failed once more' })
  @ApiBody({ type: RetryInput })
  @Answers(DocumentJobView, 'The document, pending again.')
  retry(@CurrentActor() actor: Actor, @Param('id') id: string, @Body() body: unknown): Promise<DocumentJobView> {
    return this.retryDocument.run(actor, idOf(id, 'document'), body);
  }
}
