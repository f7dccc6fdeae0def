import { Body, Get, Inject, Param, Post, Query, Req, Res } from '@nestjs/common';
import { ApiBody, ApiExtension, ApiOperation, ApiQuery, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ReasonInput } from '#claims';
import {
  CreateRequest,
  RequestClaimItem,
  RequestFilters,
  RequestInput,
  RequestListItem,
  RequestPreview,
  RequestQueries,
  RequestView,
  ScheduleLine,
  SubmitRequest,
} from '#funding';
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

const REQUEST_CSV = [
  ...['id', 'number', 'programme', 'state', 'totalPence', 'recoveredPence', 'requestedPence', 'claimCount'],
  ...['createdAt', 'submittedAt', 'cancelReason'],
];

/** MTM's requests to the funder. */
@ApiTags('Funding')
@ApiController('funding-requests')
export class RequestsController {
  constructor(
    @Inject(CreateRequest) private readonly creating: CreateRequest,
    @Inject(SubmitRequest) private readonly submitting: SubmitRequest,
    @Inject(RequestQueries) private readonly queries: RequestQueries,
  ) {}

  @Post()
  @RequiresIdempotencyKey()
  @LargeBody()
  @ApiOperation({ summary: 'Gather approved claims to ask the funder for: all, an authority’s, or chosen ones' })
  @ApiBody({ type: RequestInput, required: false })
  @Creates(RequestView)
  create(@CurrentActor() actor: Actor, @Body() body: unknown): Promise<RequestView> {
    return this.creating.run(actor, body);
  }

  @Post('preview')
  @IgnoresIdempotencyKey()
  @LargeBody()
  @ApiOperation({ summary: 'What such a request would ask for now, without storing anything' })
  @ApiBody({ type: RequestInput, required: false })
  @Answers(RequestPreview, 'The figures that creating it would give.')
  preview(@CurrentActor() actor: Actor, @Body() body: unknown): Promise<RequestPreview> {
    return this.creating.preview(actor, body);
  }

  @Get()
  @ApiOperation({ summary: 'Funding requests, newest first' })
  @ApiQuery({ type: RequestFilters })
  @AnswersList(RequestListItem, { csv: REQUEST_CSV })
  list(@CurrentActor() actor: Actor, @Query() query: unknown): Promise<Page<RequestListItem>> {
    return this.queries.list(actor, query);
  }

  @Get(':id')
  @ApiOperation({ summary: 'One funding request' })
  @Answers(RequestView, 'The request.')
  get(@CurrentActor() actor: Actor, @Param('id') id: string): Promise<RequestView> {
    return this.queries.get(actor, idOf(id, 'funding request'));
  }

  @Get(':id/claims')
  @ApiOperation({ summary: 'The claims of a funding request' })
  @AnswersList(RequestClaimItem, { csv: ['claimId', 'authority', 'invoiceNumber', 'amountPence', 'state'] })
  claims(
    @CurrentActor() actor: Actor,
    @Param('id') id: string,
    @Query() query: unknown,
  ): Promise<Page<RequestClaimItem>> {
    return this.queries.claims(actor, idOf(id, 'funding request'), query);
  }

  @Get(':id/schedule')
  @ApiOperation({ summary: 'The schedule for the funder: what is asked by authority and category' })
  @AnswersList(ScheduleLine, { csv: ['authority', 'category', 'label', 'claimCount', 'amountPence'] })
  schedule(
    @CurrentActor() actor: Actor,
    @Param('id') id: string,
    @Query() query: unknown,
  ): Promise<Page<ScheduleLine>> {
    return this.queries.schedule(actor, idOf(id, 'funding request'), query);
  }

  @Get(':id/schedule.pdf')
  @ApiOperation({ summary: 'The schedule as a PDF, as it was when the request was submitted' })
  @ApiExtension('x-statuses', [422])
  @AnswersFile('A tagged PDF; the same bytes every time.', 'application/pdf')
  async schedulePdf(
    @CurrentActor() actor: Actor,
    @Param('id') id: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    await sendFile(request, reply, await this.queries.schedulePdf(actor, idOf(id, 'funding request')));
  }

  @Post(':id/submit')
  @RequiresIdempotencyKey()
  @ApiOperation({
    summary: 'Ask the funder: the request gets its number and its schedule; recovered money funds what it covers',
  })
  @ApiBody({ type: EmptyInput, required: false })
  @Answers(RequestView, 'The request as it is now.')
  submit(
    @CurrentActor() actor: Actor,
    @Param('id') id: string,
    @Body() body: unknown,
    @IfMatch() seen: ExpectedVersion,
  ): Promise<RequestView> {
    return this.submitting.submit(actor, idOf(id, 'funding request'), body, seen);
  }

  @Post(':id/cancel')
  @RequiresIdempotencyKey()
  @ApiOperation({ summary: 'Give a draft request up: its claims can be asked for again' })
  @ApiBody({ type: ReasonInput })
  @Answers(RequestView, 'The request as it is now.')
  cancel(
    @CurrentActor() actor: Actor,
    @Param('id') id: string,
    @Body() body: unknown,
    @IfMatch() seen: ExpectedVersion,
  ): Promise<RequestView> {
    return this.submitting.cancel(actor, idOf(id, 'funding request'), body, seen);
  }
}
