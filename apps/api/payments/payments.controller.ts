import { Body, Get, Inject, Param, Post, Query } from '@nestjs/common';
import { ApiBody, ApiOperation, ApiQuery, ApiTags } from '@nestjs/swagger';
import { ReasonInput } from '#claims';
import { PaymentDetail, PaymentFilters, PaymentQueries, RefusePayment } from '#payments';
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

const CSV = [
  ...[
    'id',
    'authority',
    'runId',
    'state',
    'amountPence',
    'setOffPence',
    'reference',
    'endToEndId',
    'accountName',
    'lastFour',
  ],
  ...['claimIds', 'adjustmentIds', 'settledAt', 'endedAt', 'reason', 'remittanceNumber'],
];

/** What became of each payment: to MTM all of them, to an authority its own. */
@ApiTags('Payments')
@ApiController('payments')
export class PaymentsController {
  constructor(
    @Inject(PaymentQueries) private readonly queries: PaymentQueries,
    @Inject(RefusePayment) private readonly refusing: RefusePayment,
  ) {}

  @Get()
  @ApiOperation({ summary: 'Payments, newest first' })
  @ApiQuery({ type: PaymentFilters })
  @AnswersList(PaymentDetail, { csv: CSV })
  list(@CurrentActor() actor: Actor, @Query() query: unknown): Promise<Page<PaymentDetail>> {
    return this.queries.list(actor, query);
  }

  @Get(':id')
  @ApiOperation({ summary: 'One payment with its claims' })
  @Answers(PaymentDetail, 'The payment.')
  get(@CurrentActor() actor: Actor, @Param('id') id: string): Promise<PaymentDetail> {
    return this.queries.one(actor, idOf(id, 'payment'));
  }

  @Post(':id/refuse')
  @RequiresIdempotencyKey()
  @ApiOperation({ summary: 'Record that the bank will not make a payment: its claims are funded again' })
  @ApiBody({ type: ReasonInput })
  @Answers(PaymentDetail, 'The payment, refused.')
  refuse(
    @CurrentActor() actor: Actor,
    @Param('id') id: string,
    @Body() body: unknown,
    @IfMatch() seen: ExpectedVersion,
  ): Promise<PaymentDetail> {
    return this.refusing.run(actor, idOf(id, 'payment'), body, seen);
  }
}
