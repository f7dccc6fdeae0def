import { Body, Get, Inject, Param, Post, Put, Query } from '@nestjs/common';
import { ApiBody, ApiOperation, ApiQuery, ApiTags } from '@nestjs/swagger';
import {
  EntryInput,
  GrantEntryFilters,
  GrantEntryView,
  GrantFilters,
  GrantInput,
  GrantQuarterView,
  GrantQueries,
  GrantView,
  QuarterInput,
  RecordGrantEntry,
  UpdateGrant,
  UpdateGrantQuarter,
} from '#grants';
import { type Actor } from '#platform/database';
import {
  Answers,
  AnswersList,
  ApiController,
  Creates,
  CurrentActor,
  IfMatch,
  listQuery,
  page,
  VersionLetter,
  type Page,
} from '#platform/http';
import { codeOf } from '#programme';
import { kinds, validateQuery, type ExpectedVersion } from '#platform/validation';

const QUARTER_CSV = [
  ...['quarter', 'label', 'from', 'to', 'state', 'sharePence', 'spentPence', 'forecastPence', 'enteredForecastPence'],
  ...['heldDays', 'variancePence', 'varianceReason'],
];
const ENTRY_CSV = [
  ...['id', 'quarter', 'amountPence', 'description', 'incurredOn', 'supplier', 'supplierReference', 'replaces'],
  ...['replacedBy', 'reason', 'enteredAt'],
];

/** The programme a query names, or null. */
const programmeOf = (query: unknown): string | null => validateQuery(GrantFilters, query).programme ?? null;

@ApiTags('Grants')
@ApiController('authorities/:code/grant')
export class GrantsController {
  constructor(
    @Inject(GrantQueries) private readonly queries: GrantQueries,
    @Inject(UpdateGrant) private readonly update: UpdateGrant,
    @Inject(UpdateGrantQuarter) private readonly updateQuarter: UpdateGrantQuarter,
    @Inject(RecordGrantEntry) private readonly recording: RecordGrantEntry,
  ) {}

  @Get()
  @ApiOperation({
    summary: 'The grant: amount, post, spending by quarter, forecast to the end, every figure’s working',
  })
  @ApiQuery({ type: GrantFilters })
  @Answers(GrantView, 'The grant; version 0 before anything is recorded.')
  @VersionLetter('g')
  grant(@CurrentActor() actor: Actor, @Param('code') code: string, @Query() query: unknown): Promise<GrantView> {
    return this.queries.grant(actor, codeOf(code, 'authority'), programmeOf(query));
  }

  @Put()
  @ApiOperation({ summary: 'Replace post, receipt, holders of the post and conditions' })
  @ApiQuery({ type: GrantFilters })
  @ApiBody({ type: GrantInput })
  @Answers(GrantView, 'The grant as it is now.')
  @VersionLetter('g')
  replace(
    @CurrentActor() actor: Actor,
    @Param('code') code: string,
    @Query() query: unknown,
    @Body() body: unknown,
    @IfMatch() expected: ExpectedVersion,
  ): Promise<GrantView> {
    return this.update.run(actor, codeOf(code, 'authority'), body, { programme: programmeOf(query), expected });
  }

  @Get('quarters')
  @ApiOperation({ summary: 'The quarters of the grant, oldest first: share, spent, forecast, variance' })
  @ApiQuery({ type: GrantFilters })
  @AnswersList(GrantQuarterView, { csv: QUARTER_CSV })
  async quarters(
    @CurrentActor() actor: Actor,
    @Param('code') code: string,
    @Query() query: unknown,
  ): Promise<Page<GrantQuarterView>> {
    const { filters, page: wanted } = listQuery(GrantFilters, query, [kinds.text()]);
    const after = (wanted.after?.[0] ?? '') as string;
    const rows = await this.queries.quarters(actor, codeOf(code, 'authority'), filters.programme ?? null);
    return page(rows.filter(({ quarter }) => quarter > after).slice(0, wanted.limit + 1), wanted.limit, (last) => [
      last.quarter,
    ]);
  }

  @Put('quarters/:quarter')
  @ApiOperation({ summary: 'Replace the forecast of a quarter and the reason for its variance' })
  @ApiQuery({ type: GrantFilters })
  @ApiBody({ type: QuarterInput })
  @Answers(GrantView, 'The grant as it is now.')
  @VersionLetter('g')
  replaceQuarter(
    @CurrentActor() actor: Actor,
    @Param('code') code: string,
    @Param('quarter') quarter: string,
    @Query() query: unknown,
    @Body() body: unknown,
    @IfMatch() expected: ExpectedVersion,
  ): Promise<GrantView> {
    const of = { code: codeOf(code, 'authority'), quarter, programme: programmeOf(query), expected };
    return this.updateQuarter.run(actor, of, body);
  }

  @Get('entries')
  @ApiOperation({ summary: 'What the grant was spent on, newest first, corrected entries included' })
  @ApiQuery({ type: GrantEntryFilters })
  @AnswersList(GrantEntryView, { csv: ENTRY_CSV })
  async entries(
    @CurrentActor() actor: Actor,
    @Param('code') code: string,
    @Query() query: unknown,
  ): Promise<Page<GrantEntryView>> {
    const { filters, page: wanted } = listQuery(GrantEntryFilters, query, [kinds.uuid()]);
    const before = (wanted.after?.[0] ?? null) as string | null;
    const rows = await this.queries.entries(actor, codeOf(code, 'authority'), filters, {
      before,
      limit: wanted.limit + 1,
    });
    return page(rows, wanted.limit, (last) => [last.id]);
  }

  @Post('entries')
  @ApiOperation({ summary: 'Record what the grant was spent on, or correct an entry by a new one' })
  @ApiQuery({ type: GrantFilters })
  @ApiBody({ type: EntryInput })
  @Creates(GrantEntryView, { location: () => null })
  record(
    @CurrentActor() actor: Actor,
    @Param('code') code: string,
    @Query() query: unknown,
    @Body() body: unknown,
  ): Promise<GrantEntryView> {
    return this.recording.run(actor, codeOf(code, 'authority'), body, programmeOf(query));
  }
}
