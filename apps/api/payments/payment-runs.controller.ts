import { Body, Get, Inject, Param, Post, Query, Req, Res } from '@nestjs/common';
import { ApiBody, ApiExtension, ApiOperation, ApiQuery, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ReasonInput } from '#claims';
import {
  EndRun,
  PaymentView,
  PreparedRunView,
  PrepareRun,
  RunFilters,
  RunInput,
  RunListItem,
  RunPreview,
  RunQueries,
  RunView,
} from '#payments';
import { type Actor } from '#platform/database';
import {
  Answers,
  AnswersFile,
  AnswersList,
  ApiController,
  Creates,
  CurrentActor,
  IfMatch,
  IgnoresIdempotencyKey,
  LargeBody,
  RequiresIdempotencyKey,
  type Page,
  idOf,
  sendFile,
} from '#platform/http';
import { EmptyInput, type ExpectedVersion } from '#platform/validation';

const RUN_CSV = [
  ...['id', 'number', 'programme', 'state', 'totalPence', 'paymentCount', 'claimCount', 'preparedBy', 'preparedAt'],
  ...['approvedBy', 'approvedAt', 'cancelReason', 'fileSha256'],
];
const PAYMENT_CSV = [
  'id',
  'authority',
  'amountPence',
  'setOffPence',
  'reference',
  'endToEndId',
  'accountName',
  'lastFour',
  'claimIds',
  'adjustmentIds',
  'remittanceNumber',
];

/** What MTM pays together. To authorities none of it is there. */
@ApiTags('Payments')
@ApiController('payment-runs')
export class PaymentRunsController {
  constructor(
    @Inject(PrepareRun) private readonly preparing: PrepareRun,
    @Inject(EndRun) private readonly ending: EndRun,
    @Inject(RunQueries) private readonly queries: RunQueries,
  ) {}

  @Post()
  @RequiresIdempotencyKey()
  @LargeBody()
  @ApiOperation({ summary: 'Gather funded claims into a run, one payment an authority; they are scheduled' })
  @ApiBody({ type: RunInput, required: false })
  @Creates(PreparedRunView)
  prepare(@CurrentActor() actor: Actor, @Body() body: unknown): Promise<PreparedRunView> {
    return this.preparing.run(actor, body);
  }

  @Post('preview')
  @IgnoresIdempotencyKey()
  @LargeBody()
  @ApiOperation({ summary: 'What such a run would pay now, and whom it would leave out; stores nothing' })
  @ApiBody({ type: RunInput, required: false })
  @Answers(RunPreview, 'The payments that preparing it would give.')
  preview(@CurrentActor() actor: Actor, @Body() body: unknown): Promise<RunPreview> {
    return this.preparing.preview(actor, body);
  }

  @Get()
  @ApiOperation({ summary: 'Payment runs, newest first' })
  @ApiQuery({ type: RunFilters })
  @AnswersList(RunListItem, { csv: RUN_CSV })
  list(@CurrentActor() actor: Actor, @Query() query: unknown): Promise<Page<RunListItem>> {
    return this.queries.list(actor, query);
  }

  @Get(':id')
  @ApiOperation({ summary: 'One payment run with its payments' })
  @Answers(RunView, 'The run.')
  get(@CurrentActor() actor: Actor, @Param('id') id: string): Promise<RunView> {
    return this.queries.one(actor, idOf(id, 'payment run'));
  }

  @Get(':id/payments')
  @ApiOperation({ summary: 'The payments of a run, by authority' })
  @AnswersList(PaymentView, { csv: PAYMENT_CSV })
  payments(@CurrentActor() actor: Actor, @Param('id') id: string, @Query() query: unknown): Promise<Page<PaymentView>> {
    return this.queries.payments(actor, idOf(id, 'payment run'), query);
  }

  @Get(':id/pain001')
  @ApiOperation({ summary: 'The bank file (ISO 20022 pain.001.001.09) of an approved run, as it was made' })
  @ApiExtension('x-statuses', [409])
  @AnswersFile('The file, checked against its recorded hash.', 'application/xml')
  async pain001(
    @CurrentActor() actor: Actor,
    @Param('id') id: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    await sendFile(request, reply, await this.queries.bankFile(actor, idOf(id, 'payment run')));
  }

  @Post(':id/approve')
  @RequiresIdempotencyKey()
  @ApiOperation({ summary: 'Approve a run another person prepared: its bank file is made' })
  @ApiBody({ type: EmptyInput, required: false })
  @Answers(RunView, 'The run, approved.')
  approve(
    @CurrentActor() actor: Actor,
    @Param('id') id: string,
    @Body() body: unknown,
    @IfMatch() seen: ExpectedVersion,
  ): Promise<RunView> {
    return this.ending.approve(actor, idOf(id, 'payment run'), body, seen);
  }

  @Post(':id/cancel')
  @RequiresIdempotencyKey()
  @ApiOperation({ summary: 'Cancel a run that is not approved yet: its claims are funded again' })
  @ApiBody({ type: ReasonInput })
  @Answers(RunView, 'The run, cancelled.')
  cancel(
    @CurrentActor() actor: Actor,
    @Param('id') id: string,
    @Body() body: unknown,
    @IfMatch() seen: ExpectedVersion,
  ): Promise<RunView> {
    return this.ending.cancel(actor, idOf(id, 'payment run'), body, seen);
  }
}
