import { Get, Inject, Param, Post, Query, Req, Res } from '@nestjs/common';
import { ApiBody, ApiOperation, ApiQuery, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import {
  LoadedStatusFileView,
  LoadStatusFile,
  PaymentStatusView,
  StatusFileFilters,
  StatusFileQueries,
  StatusFileQuery,
  StatusFileView,
} from '#payments';
import { type Actor } from '#platform/database';
import {
  Answers,
  AnswersFile,
  AnswersList,
  ApiController,
  Consumes,
  Creates,
  CurrentActor,
  streamRaw,
  type Page,
  idOf,
  sendFile,
} from '#platform/http';

const FILE_CSV = [
  ...['id', 'programme', 'state', 'messageId', 'paymentRun', 'groupStatus', 'statusCount', 'appliedCount'],
  ...['reasonCode', 'reasonWhere', 'reason', 'loadedBy', 'loadedAt', 'fileSha256'],
];
const STATUS_CSV = ['seq', 'endToEndId', 'paymentId', 'status', 'outcome', 'reasonCode', 'effect'];

/** What the bank says became of the files it got. To authorities none of it is there. */
@ApiTags('Payments')
@ApiController('payment-status-files')
export class PaymentStatusFilesController {
  constructor(
    @Inject(LoadStatusFile) private readonly loading: LoadStatusFile,
    @Inject(StatusFileQueries) private readonly queries: StatusFileQueries,
  ) {}

  @Post()
  @ApiOperation({ summary: 'Load the bank’s report on a payment run (ISO 20022 pain.002): what it refuses is refused' })
  @Consumes('application/xml', 'text/xml')
  @ApiBody({ schema: { type: 'string' }, description: 'The file as the bank gave it.' })
  @ApiQuery({ type: StatusFileQuery })
  @Creates(LoadedStatusFileView, { description: 'What became of it: read or quarantined, or known from before.' })
  async load(
    @CurrentActor() actor: Actor,
    @Query() query: unknown,
    @Req() request: FastifyRequest,
  ): Promise<LoadedStatusFileView> {
    const stored = await streamRaw(request, this.loading.mostBytes, (source) => this.loading.keep(actor, source));
    return this.loading.run(actor, query, stored);
  }

  @Get()
  @ApiOperation({ summary: 'The bank’s reports on payment runs, loaded last first' })
  @ApiQuery({ type: StatusFileFilters })
  @AnswersList(StatusFileView, { csv: FILE_CSV })
  list(@CurrentActor() actor: Actor, @Query() query: unknown): Promise<Page<StatusFileView>> {
    return this.queries.list(actor, query);
  }

  @Get(':id')
  @ApiOperation({ summary: 'One report' })
  @Answers(StatusFileView, 'The report.')
  get(@CurrentActor() actor: Actor, @Param('id') id: string): Promise<StatusFileView> {
    return this.queries.one(actor, idOf(id, 'payment status file'));
  }

  @Get(':id/statuses')
  @ApiOperation({ summary: 'What a report says of each payment, and what it changed' })
  @AnswersList(PaymentStatusView, { csv: STATUS_CSV })
  statuses(
    @CurrentActor() actor: Actor,
    @Param('id') id: string,
    @Query() query: unknown,
  ): Promise<Page<PaymentStatusView>> {
    return this.queries.statuses(actor, idOf(id, 'payment status file'), query);
  }

  @Get(':id/file')
  @ApiOperation({ summary: 'The report’s file as it came, read or quarantined' })
  @AnswersFile('The file, checked against its recorded hash.', 'application/xml')
  async file(
    @CurrentActor() actor: Actor,
    @Param('id') id: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    await sendFile(request, reply, await this.queries.file(actor, idOf(id, 'payment status file')));
  }
}
