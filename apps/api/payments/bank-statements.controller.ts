import { Get, Inject, Param, Post, Query, Req, Res } from '@nestjs/common';
import { ApiBody, ApiExtraModels, ApiOkResponse, ApiOperation, ApiQuery, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import {
  DryRunView,
  LineFilters,
  StatementLineView,
  LoadedFileView,
  LoadQuery,
  LoadStatement,
  ShowStatement,
  StatementFilters,
  StatementQueries,
  BankStatementView,
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
  withRaw,
  type Page,
  idOf,
  sendFile,
} from '#platform/http';
import { validateQuery } from '#platform/validation';

const STATEMENT_CSV = [
  ...[
    'id',
    'programme',
    'state',
    'format',
    'account.lastFour',
    'currency',
    'statementId',
    'sequence',
    'fromOn',
    'toOn',
  ],
  ...[
    'openingOn',
    'openingPence',
    'closingOn',
    'closingPence',
    'lineCount',
    'matchedCount',
    'reasonCode',
    'reasonWhere',
  ],
  ...['reason', 'loadedBy', 'loadedAt', 'closedAt', 'fileSha256'],
];
const LINE_CSV = [
  ...['id', 'seq', 'bookedOn', 'valueOn', 'amountPence', 'currency', 'reference', 'bankReference', 'endToEndId'],
  ...[
    'counterparty',
    'counterpartyLastFour',
    'remittance',
    'narrative',
    'transactionCode',
    'returnReason',
    'matchedPence',
  ],
  'state',
];
const KINDS = { 'text/plain': 'mt940', 'text/csv': 'csv' } as const;

/** camt.053 unless the type says otherwise. */
const kindOf = (request: FastifyRequest) =>
  KINDS[request.headers['content-type']?.split(';', 1)[0]?.trim().toLowerCase() as keyof typeof KINDS] ?? 'camt053';

/** What the bank says. To authorities none of it is there. */
@ApiTags('Bank statements')
@ApiController('bank-statements')
export class BankStatementsController {
  constructor(
    @Inject(LoadStatement) private readonly loading: LoadStatement,
    @Inject(ShowStatement) private readonly showing: ShowStatement,
    @Inject(StatementQueries) private readonly queries: StatementQueries,
  ) {}

  @Post()
  @ApiOperation({ summary: 'Load a bank statement, camt.053, MT940 or CSV: the whole file or nothing of it' })
  @Consumes('application/xml', 'text/xml', 'text/plain', 'text/csv')
  @ApiBody({ schema: { type: 'string' }, description: 'The file as the bank gave it.' })
  @ApiQuery({ type: LoadQuery })
  @ApiExtraModels(DryRunView)
  @Creates(LoadedFileView, {
    location: (body, path) => ('lines' in body ? null : `${path}/${String(body['id'])}`),
    description: 'What became of it: read, known or quarantined.',
  })
  @ApiOkResponse({ type: DryRunView, description: 'With dryRun=true: what the file holds. Nothing is kept.' })
  async load(
    @CurrentActor() actor: Actor,
    @Query() query: unknown,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<LoadedFileView | DryRunView> {
    const { dryRun = false } = validateQuery(LoadQuery, query);
    const kind = kindOf(request);
    if (!dryRun) {
      const stored = await streamRaw(request, this.loading.mostBytes, (source) => this.loading.keep(actor, source));
      return this.loading.run(actor, query, { kind, stored });
    }
    const shown = await withRaw(request, this.showing.mostBytes, (source) =>
      this.showing.run(actor, query, { kind, source }),
    );
    void reply.code(200);
    return shown;
  }

  @Get()
  @ApiOperation({ summary: 'Bank statements, loaded last first; state=quarantined is the quarantine' })
  @ApiQuery({ type: StatementFilters })
  @AnswersList(BankStatementView, { csv: STATEMENT_CSV })
  list(@CurrentActor() actor: Actor, @Query() query: unknown): Promise<Page<BankStatementView>> {
    return this.queries.list(actor, query);
  }

  @Get(':id')
  @ApiOperation({ summary: 'One bank statement, with what is missing before it' })
  @Answers(BankStatementView, 'The statement.')
  get(@CurrentActor() actor: Actor, @Param('id') id: string): Promise<BankStatementView> {
    return this.queries.one(actor, idOf(id, 'bank statement'));
  }

  @Get(':id/lines')
  @ApiOperation({ summary: 'The booked entries of a statement, in the bank’s order' })
  @ApiQuery({ type: LineFilters })
  @AnswersList(StatementLineView, { csv: LINE_CSV })
  lines(
    @CurrentActor() actor: Actor,
    @Param('id') id: string,
    @Query() query: unknown,
  ): Promise<Page<StatementLineView>> {
    return this.queries.lines(actor, idOf(id, 'bank statement'), query);
  }

  @Get(':id/file')
  @ApiOperation({ summary: 'The file as it came, read or quarantined' })
  @AnswersFile('The file, checked against its recorded hash.', 'application/xml', 'text/plain', 'text/csv')
  async file(
    @CurrentActor() actor: Actor,
    @Param('id') id: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    await sendFile(request, reply, await this.queries.file(actor, idOf(id, 'bank statement')));
  }
}
