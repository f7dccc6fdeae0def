import { Body, Get, Inject, Param, Post, Query } from '@nestjs/common';
import { ApiBody, ApiOperation, ApiQuery, ApiTags } from '@nestjs/swagger';
import {
  AssuranceItemView,
  AssuranceQueries,
  DrawSample,
  ItemFilters,
  OutcomeInput,
  PopulationItem,
  RecordOutcome,
  SampleInput,
  SampleView,
} from '#funding';
import { type Actor } from '#platform/database';
import {
  Answers,
  AnswersList,
  ApiController,
  Creates,
  CurrentActor,
  IfMatch,
  RequiresIdempotencyKey,
  type Page,
  idOf,
} from '#platform/http';
import { type ExpectedVersion } from '#platform/validation';

const SAMPLE_CSV = [
  ...['id', 'programme', 'seed', 'from', 'to', 'thresholdPence', 'valuePercent', 'populationCount', 'populationPence'],
  ...[
    'populationSha256',
    'itemCount',
    'itemPence',
    'requestedCount',
    'passedCount',
    'failedCount',
    'drawnBy',
    'drawnAt',
  ],
];
const ITEM_CSV = [
  ...['id', 'sampleId', 'place', 'claimId', 'authority', 'invoiceNumber', 'amountPence', 'why', 'state', 'requestedAt'],
  ...['evidenceCount', 'lastEvidenceAt', 'reason', 'recordedBy', 'recordedAt', 'adjustmentId'],
];

@ApiTags('Assurance')
@ApiController('assurance-samples')
export class AssuranceSamplesController {
  constructor(
    @Inject(DrawSample) private readonly drawing: DrawSample,
    @Inject(AssuranceQueries) private readonly queries: AssuranceQueries,
  ) {}

  @Post()
  @RequiresIdempotencyKey()
  @ApiOperation({ summary: 'Draw a sample of approved claims and ask their authorities for evidence' })
  @ApiBody({ type: SampleInput })
  @Creates(SampleView)
  draw(@CurrentActor() actor: Actor, @Body() body: unknown): Promise<SampleView> {
    return this.drawing.run(actor, body);
  }

  @Get()
  @ApiOperation({ summary: 'Samples, newest first' })
  @AnswersList(SampleView, { csv: SAMPLE_CSV })
  list(@CurrentActor() actor: Actor, @Query() query: unknown): Promise<Page<SampleView>> {
    return this.queries.samples(actor, query);
  }

  @Get(':id')
  @ApiOperation({ summary: 'One sample, with what is needed to draw it again' })
  @Answers(SampleView, 'The sample.')
  get(@CurrentActor() actor: Actor, @Param('id') id: string): Promise<SampleView> {
    return this.queries.sample(actor, idOf(id, 'assurance sample'));
  }

  @Get(':id/population')
  @ApiOperation({ summary: 'The claims a sample was drawn from, as they were then' })
  @AnswersList(PopulationItem, { csv: ['claimId', 'authority', 'amountPence'] })
  population(
    @CurrentActor() actor: Actor,
    @Param('id') id: string,
    @Query() query: unknown,
  ): Promise<Page<PopulationItem>> {
    return this.queries.population(actor, idOf(id, 'assurance sample'), query);
  }
}

@ApiTags('Assurance')
@ApiController('assurance-items')
export class AssuranceItemsController {
  constructor(
    @Inject(RecordOutcome) private readonly recording: RecordOutcome,
    @Inject(AssuranceQueries) private readonly queries: AssuranceQueries,
  ) {}

  @Get()
  @ApiOperation({ summary: 'Claims that were drawn, newest first; an authority sees its own' })
  @ApiQuery({ type: ItemFilters })
  @AnswersList(AssuranceItemView, { csv: ITEM_CSV })
  list(@CurrentActor() actor: Actor, @Query() query: unknown): Promise<Page<AssuranceItemView>> {
    return this.queries.items(actor, query);
  }

  @Get(':id')
  @ApiOperation({ summary: 'One drawn claim, with the evidence added since it was asked for' })
  @Answers(AssuranceItemView, 'The drawn claim.')
  get(@CurrentActor() actor: Actor, @Param('id') id: string): Promise<AssuranceItemView> {
    return this.queries.item(actor, idOf(id, 'assurance item'));
  }

  @Post(':id/outcome')
  @RequiresIdempotencyKey()
  @ApiOperation({ summary: 'Record what the check came to; a failed one proposes an adjustment' })
  @ApiBody({ type: OutcomeInput })
  @Answers(AssuranceItemView, 'The drawn claim as it is now.')
  record(
    @CurrentActor() actor: Actor,
    @Param('id') id: string,
    @Body() body: unknown,
    @IfMatch() seen: ExpectedVersion,
  ): Promise<AssuranceItemView> {
    return this.recording.run(actor, idOf(id, 'assurance item'), body, seen);
  }
}
