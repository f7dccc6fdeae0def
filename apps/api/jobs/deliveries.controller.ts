import { Body, Get, Inject, Param, Post, Query } from '@nestjs/common';
import { ApiBody, ApiOperation, ApiQuery, ApiTags } from '@nestjs/swagger';
import {
  DeliveryQueries,
  DeliveryView,
  FailedJobView,
  ListDeliveriesInput,
  RetryDelivery,
  RetryInput,
} from '#documents';
import { type Actor } from '#platform/database';
import { Answers, AnswersList, ApiController, CurrentActor, type Page, idOf } from '#platform/http';

const DELIVERY_COLUMNS = [
  'id',
  'number',
  'notice',
  'authority',
  'audience',
  'state',
  'attempts',
  'lastError',
  'createdAt',
  'sentAt',
];

@ApiTags('Jobs')
@ApiController('deliveries')
export class DeliveriesController {
  constructor(
    @Inject(DeliveryQueries) private readonly deliveries: DeliveryQueries,
    @Inject(RetryDelivery) private readonly retryDelivery: RetryDelivery,
  ) {}

  @Get()
  @ApiOperation({ summary: 'E-mails of claim invoices and credit notes, newest first' })
  @ApiQuery({ type: ListDeliveriesInput })
  @AnswersList(DeliveryView, { csv: DELIVERY_COLUMNS })
  list(@CurrentActor() actor: Actor, @Query() query: unknown): Promise<Page<DeliveryView>> {
    return this.deliveries.list(actor, query);
  }

  @Get(':id')
  @ApiOperation({ summary: 'Read an e-mail’s state' })
  @Answers(DeliveryView, 'The e-mail.')
  read(@CurrentActor() actor: Actor, @Param('id') id: string): Promise<DeliveryView> {
    return this.deliveries.one(actor, idOf(id, 'delivery'));
  }

  @Post(':id/retry')
  @ApiOperation({ summary: 'Try an e-mail that failed, and so was not sent, once more' })
  @ApiBody({ type: RetryInput })
  @Answers(DeliveryView, 'The e-mail, queued again.')
  retry(@CurrentActor() actor: Actor, @Param('id') id: string, @Body() body: unknown): Promise<DeliveryView> {
    return this.retryDelivery.run(actor, idOf(id, 'delivery'), 'retry', body);
  }

  @Post(':id/resend')
  @ApiOperation({
    summary: 'Send an unconfirmed e-mail again',
    description:
      'It may have arrived already; it goes out under the same Message-ID, which many mailboxes drop as a repeat.',
  })
  @ApiBody({ type: RetryInput })
  @Answers(DeliveryView, 'The e-mail, queued again.')
  resend(@CurrentActor() actor: Actor, @Param('id') id: string, @Body() body: unknown): Promise<DeliveryView> {
    return this.retryDelivery.run(actor, idOf(id, 'delivery'), 'resend', body);
  }
}

@ApiTags('Jobs')
@ApiController('jobs')
export class JobsController {
  constructor(@Inject(DeliveryQueries) private readonly deliveries: DeliveryQueries) {}

  @Get()
  @ApiOperation({ summary: 'Work that needs an administrator: failed documents, failed and unconfirmed e-mails' })
  @AnswersList(FailedJobView, { csv: ['id', 'kind', 'number', 'authority', 'state', 'attempts', 'lastError', 'at'] })
  failed(@CurrentActor() actor: Actor, @Query() query: unknown): Promise<Page<FailedJobView>> {
    return this.deliveries.failed(actor, query);
  }
}
