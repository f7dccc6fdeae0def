import { Body, Get, Inject, Param, Post, Query, Req, Res, type StreamableFile } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { may, requireMay } from '#identity';
import { CloseStatement, MatchCandidates, StatementQueries, StatementReport } from '#payments';
import { type Actor } from '#platform/database';
import { CurrentActor, idOf, sendFile } from '#platform/http';
import {
  attempt,
  csvDownload,
  csvOf,
  date,
  filtersOf,
  Form,
  listLinks,
  PAGE_SIZE,
  PageController,
  redirect,
  view,
  viewAgain,
  type Redirect,
  type View,
} from '../page/index.js';
import { Names } from '../payments/names.js';
import { selectItems } from '../payments/words.js';
import { closePage, DIFFERENCE_COLUMNS, differenceRows } from './close.presenter.js';
import {
  LINE_COLUMNS,
  lineCard,
  refsOf,
  STATEMENT_COLUMNS,
  statementPage,
  statementsTable,
  titleOf,
} from './statement.presenter.js';
import { LINE_CHOICES, STATEMENT_CHOICES } from './words.js';

const THING = 'bank statement';

/** Bank statements: the list, one with its lines beside what they may be, and closing it. */
@PageController()
export class StatementsPages {
  constructor(
    @Inject(StatementQueries) private readonly statements: StatementQueries,
    @Inject(MatchCandidates) private readonly candidates: MatchCandidates,
    @Inject(StatementReport) private readonly reports: StatementReport,
    @Inject(CloseStatement) private readonly closing: CloseStatement,
    @Inject(Names) private readonly names: Names,
  ) {}

  @Get('bank')
  async list(@CurrentActor() actor: Actor, @Query() query: unknown): Promise<View> {
    const filters = filtersOf(query);
    const { items, nextCursor } = await this.statements.list(actor, { ...filters, limit: PAGE_SIZE });
    return view('bank/statements.njk', {
      table: statementsTable(items),
      links: listLinks('/bank', filters, nextCursor),
      states: selectItems('Every status', STATEMENT_CHOICES, filters['state']),
      mayLoad: may(actor, 'bank_statement.reconcile').allowed,
    });
  }

  @Get('bank/download')
  csv(@CurrentActor() actor: Actor, @Query() query: unknown): StreamableFile {
    const filters = filtersOf(query);
    return csvDownload('bank-statements.csv', STATEMENT_COLUMNS, filters, (asked) =>
      this.statements.list(actor, asked),
    );
  }

  @Get('bank/:id')
  async one(@CurrentActor() actor: Actor, @Param('id') id: string, @Query() query: unknown): Promise<View> {
    const filters = filtersOf(query);
    const statement = await this.statements.one(actor, idOf(id, THING));
    const { items, nextCursor } = await this.statements.lines(actor, statement.id, { ...filters, limit: PAGE_SIZE });
    const described = await this.candidates.described(actor, refsOf(items));
    const authorityOf = await this.names.authorities(actor);
    const matchers = items.flatMap(({ matches }) => matches.map(({ matchedBy }) => matchedBy));
    const nameOf = await this.names.of(actor, [statement.loadedBy, statement.closedBy, ...matchers]);
    const mayMatch = may(actor, 'bank_statement.reconcile').allowed;
    const { next, first } = listLinks(`/bank/${statement.id}`, filters, nextCursor);
    return view('bank/statement.njk', {
      ...statementPage(actor, statement, nameOf),
      cards: items.map((line) => lineCard(line, { statement, described, authorityOf, nameOf, mayMatch })),
      states: selectItems('All lines', LINE_CHOICES, filters['state']),
      links: { next, first, csv: `/bank/${statement.id}/lines.csv` },
      back: '/bank',
    });
  }

  @Get('bank/:id/lines.csv')
  async lines(@CurrentActor() actor: Actor, @Param('id') id: string, @Query() query: unknown): Promise<StreamableFile> {
    const { id: statementId, closingOn } = await this.statements.one(actor, idOf(id, THING));
    const name = `bank-statement-${closingOn ?? statementId}.csv`;
    return csvDownload(name, LINE_COLUMNS, filtersOf(query), (asked) =>
      this.statements.lines(actor, statementId, asked),
    );
  }

  @Get('bank/:id/file')
  async file(
    @CurrentActor() actor: Actor,
    @Param('id') id: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    await sendFile(request, reply, await this.statements.file(actor, idOf(id, THING)));
  }

  @Get('bank/:id/close')
  async askClose(@CurrentActor() actor: Actor, @Param('id') id: string): Promise<View> {
    return view('bank/close.njk', await this.toClose(actor, id));
  }

  @Get('bank/:id/report.csv')
  async report(@CurrentActor() actor: Actor, @Param('id') id: string): Promise<StreamableFile> {
    const report = await this.reports.run(actor, idOf(id, THING));
    return csvOf('statement-and-books.csv', DIFFERENCE_COLUMNS, differenceRows(report));
  }

  @Post('bank/:id/close')
  async close(@CurrentActor() actor: Actor, @Param('id') id: string, @Body() body: unknown): Promise<View | Redirect> {
    requireMay(actor, 'bank_statement.reconcile');
    const form = new Form(body);
    const input = form.ticked('suspend') ? { rest: 'suspense' } : {};
    const tried = await attempt(() => this.closing.run(actor, idOf(id, THING), input, form.version()));
    if (!tried.ok) return viewAgain('bank/close.njk', { ...(await this.toClose(actor, id)), errors: tried.errors });
    return redirect(`/bank/${tried.value.id}`, {
      kind: 'success',
      title: `The statement to ${date(tried.value.closingOn)} is closed`,
      text: 'What it shows stays. Money that comes back is on a later statement; what lies in suspense can still be explained.',
    });
  }

  private async toClose(actor: Actor, id: string) {
    const statement = await this.statements.one(actor, idOf(id, THING));
    const report = await this.reports.run(actor, statement.id);
    const mayClose = statement.state === 'read' && may(actor, 'bank_statement.reconcile').allowed;
    return { statement, title: titleOf(statement), ...closePage(report), mayClose, back: `/bank/${statement.id}` };
  }
}
