import { Body, Get, Inject, Param, Post, Query } from '@nestjs/common';
import { ApiBody, ApiOperation, ApiQuery, ApiTags } from '@nestjs/swagger';
import { ReasonInput } from '#claims';
import {
  ConfirmInput,
  ConfirmReceipt,
  ReceiptFilters,
  ReceiptInput,
  ReceiptListItem,
  ReceiptPreview,
  ReceiptQueries,
  ReceiptView,
  RecordReceipt,
  ReverseReceipt,
} from '#funding';
import { type Actor } from '#platform/database';
import {
  Answers,
  AnswersList,
  ApiController,
  Creates,
  CurrentActor,
  IfMatch,
  IgnoresIdempotencyKey,
  RequiresIdempotencyKey,
  type Page,
  idOf,
} from '#platform/http';
import { type ExpectedVersion } from '#platform/validation';

const RECEIPT_CSV = [
  ...[
    'id',
    'programme',
    'state',
    'source',
    'amountPence',
    'unallocatedPence',
    'releasedPence',
    'receivedOn',
    'bankReference',
    'fundingRequestId',
  ],
  ...['recordedAt', 'confirmedAt', 'reversedAt', 'reverseReason'],
];

@ApiTags('Funding')
@ApiController('funding-receipts')
export class ReceiptsController {
  constructor(
    @Inject(RecordReceipt) private readonly recording: RecordReceipt,
    @Inject(ConfirmReceipt) private readonly confirming: ConfirmReceipt,
    @Inject(ReverseReceipt) private readonly reversing: ReverseReceipt,
    @Inject(ReceiptQueries) private readonly queries: ReceiptQueries,
  ) {}

  @Post()
  @RequiresIdempotencyKey()
  @ApiOperation({
    summary: 'Record money that came from the funder; it funds nothing before another person confirms it',
  })
  @ApiBody({ type: ReceiptInput })
  @Creates(ReceiptView)
  record(@CurrentActor() actor: Actor, @Body() body: unknown): Promise<ReceiptView> {
    return this.recording.run(actor, body);
  }

  @Post('preview')
  @IgnoresIdempotencyKey()
  @ApiOperation({ summary: 'What confirming such a receipt now would fund, without storing anything' })
  @ApiBody({ type: ReceiptInput })
  @Answers(ReceiptPreview, 'The figures that confirming it would give.')
  preview(@CurrentActor() actor: Actor, @Body() body: unknown): Promise<ReceiptPreview> {
    return this.recording.preview(actor, body);
  }

  @Get()
  @ApiOperation({ summary: 'Receipts, newest first' })
  @ApiQuery({ type: ReceiptFilters })
  @AnswersList(ReceiptListItem, { csv: RECEIPT_CSV })
  list(@CurrentActor() actor: Actor, @Query() query: unknown): Promise<Page<ReceiptListItem>> {
    return this.queries.list(actor, query);
  }

  @Get(':id')
  @ApiOperation({ summary: 'One receipt with the claims it funded' })
  @Answers(ReceiptView, 'The receipt.')
  get(@CurrentActor() actor: Actor, @Param('id') id: string): Promise<ReceiptView> {
    return this.queries.get(actor, idOf(id, 'funding receipt'));
  }

  @Post(':id/confirm')
  @RequiresIdempotencyKey()
  @ApiOperation({ summary: 'Confirm a receipt somebody else recorded: it funds the queue' })
  @ApiBody({ type: ConfirmInput })
  @Answers(ReceiptView, 'The receipt with the claims it funded.')
  confirm(
    @CurrentActor() actor: Actor,
    @Param('id') id: string,
    @Body() body: unknown,
    @IfMatch() seen: ExpectedVersion,
  ): Promise<ReceiptView> {
    return this.confirming.run(actor, idOf(id, 'funding receipt'), body, seen);
  }

  @Post(':id/reverse')
  @RequiresIdempotencyKey()
  @ApiOperation({ summary: 'Reverse a receipt: what it funded waits again' })
  @ApiBody({ type: ReasonInput })
  @Answers(ReceiptView, 'The receipt as it is now.')
  reverse(
    @CurrentActor() actor: Actor,
    @Param('id') id: string,
    @Body() body: unknown,
    @IfMatch() seen: ExpectedVersion,
  ): Promise<ReceiptView> {
    return this.reversing.run(actor, idOf(id, 'funding receipt'), body, seen);
  }
}
