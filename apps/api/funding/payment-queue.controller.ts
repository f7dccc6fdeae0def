import { Body, Get, Inject, Param, Post, Query } from '@nestjs/common';
import { ApiBody, ApiOperation, ApiQuery, ApiTags } from '@nestjs/swagger';
import { ClaimView, ReasonInput } from '#claims';
import { PaymentQueue, QueueFilters, QueueItem, UnfundClaim } from '#funding';
import { type Actor } from '#platform/database';
import {
  Answers,
  AnswersList,
  ApiController,
  CurrentActor,
  IfMatch,
  RequiresIdempotencyKey,
  type Page,
  idOf,
} from '#platform/http';
import { type ExpectedVersion } from '#platform/validation';

const QUEUE_CSV = [
  ...['position', 'claimId', 'authority', 'invoiceNumber', 'amountPence', 'state', 'dueOn', 'ageDays', 'waitingFor'],
  ...['expectedPaymentOn', 'estimatedFrom'],
];

@ApiTags('Funding')
@ApiController('payment-queue')
export class PaymentQueueController {
  constructor(@Inject(PaymentQueue) private readonly queue: PaymentQueue) {}

  @Get()
  @ApiOperation({ summary: 'Claims approved and not yet paid, in paying order, with what each waits for' })
  @ApiQuery({ type: QueueFilters })
  @AnswersList(QueueItem, { csv: QUEUE_CSV })
  list(@CurrentActor() actor: Actor, @Query() query: unknown): Promise<Page<QueueItem>> {
    return this.queue.list(actor, query);
  }
}

@ApiTags('Claims')
@ApiController('claims/:id')
export class UnfundController {
  constructor(@Inject(UnfundClaim) private readonly unfunding: UnfundClaim) {}

  @Post('unfund')
  @RequiresIdempotencyKey()
  @ApiOperation({ summary: 'Take a claim’s funding back: it is approved again and waits' })
  @ApiBody({ type: ReasonInput })
  @Answers(ClaimView, 'The whole claim as it is now.')
  unfund(
    @CurrentActor() actor: Actor,
    @Param('id') id: string,
    @Body() body: unknown,
    @IfMatch() seen: ExpectedVersion,
  ): Promise<ClaimView> {
    return this.unfunding.run(actor, idOf(id, 'claim'), body, seen);
  }
}
