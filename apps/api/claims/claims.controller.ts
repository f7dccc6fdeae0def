import { Body, Get, Inject, Param, Post, Put, Query } from '@nestjs/common';
import { ApiBody, ApiOperation, ApiQuery, ApiTags } from '@nestjs/swagger';
import {
  CalculateClaim,
  CalculationView,
  ClaimBodyInput,
  ClaimFilters,
  ClaimListItem,
  ClaimQueries,
  ClaimView,
  SaveDraft,
} from '#claims';
import { type Actor } from '#platform/database';
import {
  Answers,
  AnswersList,
  ApiController,
  Creates,
  CurrentActor,
  IfMatch,
  IgnoresIdempotencyKey,
  LargeBody,
  listQuery,
  page,
  type Page,
  idOf,
} from '#platform/http';
import { EmptyInput, kinds, type ExpectedVersion } from '#platform/validation';
import { TimelineView } from './claim-views.js';

const CSV_COLUMNS = [
  ...['id', 'programme', 'authority', 'state', 'hold.reason', 'invoiceNumber', 'authorityReference', 'purchaseOrder'],
  ...[
    'totalPence',
    'approvedPence',
    'submittedAt',
    'assignedTo',
    'dueOn',
    'waitingFor',
    'expectedPaymentOn',
    'estimatedFrom',
  ],
  ...['createdAt', 'version'],
];

@ApiTags('Claims')
@ApiController('calculations')
export class CalculationsController {
  constructor(@Inject(CalculateClaim) private readonly calculate: CalculateClaim) {}

  @Post()
  @IgnoresIdempotencyKey()
  @ApiOperation({ summary: 'What a claim body comes to, without storing anything' })
  @LargeBody()
  @ApiBody({ type: ClaimBodyInput })
  @Answers(CalculationView, 'The calculation, whether or not it could be claimed: `problems` says why not.')
  run(@CurrentActor() actor: Actor, @Body() body: unknown): Promise<CalculationView> {
    return this.calculate.run(actor, body);
  }
}

@ApiTags('Claims')
@ApiController('claims')
export class ClaimsController {
  constructor(
    @Inject(SaveDraft) private readonly drafts: SaveDraft,
    @Inject(ClaimQueries) private readonly queries: ClaimQueries,
  ) {}

  @Post()
  @ApiOperation({ summary: 'Save a new draft; it may still have problems' })
  @LargeBody()
  @ApiBody({ type: ClaimBodyInput })
  @Creates(ClaimView)
  create(@CurrentActor() actor: Actor, @Body() body: unknown): Promise<ClaimView> {
    return this.drafts.create(actor, body);
  }

  @Get()
  @ApiOperation({ summary: 'Claims, newest first; with dueBy the most urgent first' })
  @ApiQuery({ type: ClaimFilters })
  @AnswersList(ClaimListItem, { csv: CSV_COLUMNS })
  list(@CurrentActor() actor: Actor, @Query() query: unknown): Promise<Page<ClaimListItem>> {
    return this.queries.list(actor, query);
  }

  @Get(':id')
  @ApiOperation({ summary: 'One claim with everything it gathers' })
  @Answers(ClaimView, 'The claim.')
  get(@CurrentActor() actor: Actor, @Param('id') id: string): Promise<ClaimView> {
    return this.queries.get(actor, idOf(id, 'claim'));
  }

  @Put(':id')
  @ApiOperation({ summary: 'Replace a draft or returned claim' })
  @LargeBody()
  @ApiBody({ type: ClaimBodyInput })
  @Answers(ClaimView, 'The claim as it is now.')
  replace(
    @CurrentActor() actor: Actor,
    @Param('id') id: string,
    @Body() body: unknown,
    @IfMatch() expected: ExpectedVersion,
  ): Promise<ClaimView> {
    return this.drafts.replace(actor, idOf(id, 'claim'), body, expected);
  }

  @Get(':id/timeline')
  @ApiOperation({ summary: 'What happened to a claim, oldest first' })
  @AnswersList(TimelineView, { csv: ['seq', 'at', 'action', 'organisation', 'actorId', 'roles', 'reason'] })
  async timeline(
    @CurrentActor() actor: Actor,
    @Param('id') id: string,
    @Query() query: unknown,
  ): Promise<Page<TimelineView>> {
    const { page: wanted } = listQuery(EmptyInput, query, [kinds.integer()]);
    const after = (wanted.after?.[0] ?? null) as number | null;
    const rows = await this.queries.timeline(actor, idOf(id, 'claim'), after, wanted.limit + 1);
    const items = rows.map((row) => ({ ...row, at: row.at.toISOString() }));
    return page(items, wanted.limit, (last) => [last.seq]);
  }
}
