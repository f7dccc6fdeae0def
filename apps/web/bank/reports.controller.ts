import { Body, Get, Inject, Param, Post, Query, Req, Res, type StreamableFile } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { may, requireMay } from '#identity';
import { LoadStatusFile, StatusFileQueries, type LoadedStatusFileView } from '#payments';
import { type Actor } from '#platform/database';
import { CurrentActor, idOf, sendFile } from '#platform/http';
import {
  attempt,
  csvDownload,
  csvOf,
  filtersOf,
  Form,
  listLinks,
  PAGE_SIZE,
  PageController,
  plural,
  redirect,
  TakesFiles,
  view,
  viewAgain,
  type Notice,
  type Redirect,
  type View,
} from '../page/index.js';
import { heldFile, receiveFile, type HeldFile } from './held-file.js';
import {
  PREVIEW_COLUMNS,
  REPORT_COLUMNS,
  reportPreview,
  reportsTable,
  STATUS_COLUMNS,
  statusesTable,
} from './reports.presenter.js';
import { remedyOf } from './words.js';

const STATUSES = '100';
const THING = 'payment status file';

/** The bank's reports on payment runs (pain.002): looked at, then loaded. */
@PageController()
export class ReportsPages {
  constructor(
    @Inject(LoadStatusFile) private readonly loading: LoadStatusFile,
    @Inject(StatusFileQueries) private readonly queries: StatusFileQueries,
  ) {}

  @Get('bank/reports')
  async list(@CurrentActor() actor: Actor, @Query() query: unknown): Promise<View> {
    const filters = filtersOf(query);
    const { items, nextCursor } = await this.queries.list(actor, { ...filters, limit: PAGE_SIZE });
    return view('bank/reports.njk', {
      table: reportsTable(items),
      links: listLinks('/bank/reports', filters, nextCursor),
      mayLoad: may(actor, 'bank_statement.reconcile').allowed,
      back: '/bank',
    });
  }

  @Get('bank/reports/download')
  csv(@CurrentActor() actor: Actor, @Query() query: unknown): StreamableFile {
    return csvDownload('bank-reports.csv', REPORT_COLUMNS, filtersOf(query), (asked) =>
      this.queries.list(actor, asked),
    );
  }

  @Get('bank/reports/load')
  page(@CurrentActor() actor: Actor): View {
    requireMay(actor, 'bank_statement.reconcile');
    return view('bank/report-load.njk', { back: '/bank/reports' });
  }

  @Post('bank/reports/load')
  @TakesFiles()
  async receive(@CurrentActor() actor: Actor, @Req() request: FastifyRequest): Promise<View | Redirect> {
    const tried = await attempt(async () => {
      const keep = (source: Parameters<LoadStatusFile['keep']>[1]) => this.loading.keep(actor, source);
      const { stored, name } = await receiveFile(request, this.loading.mostBytes, keep);
      request.session.bankFile = { purpose: 'report', name, kind: 'pain002', mapping: null, ...stored };
    });
    if (tried.ok) return redirect('/bank/reports/check');
    return viewAgain('bank/report-load.njk', { back: '/bank/reports', errors: tried.errors });
  }

  @Get('bank/reports/check')
  async look(@CurrentActor() actor: Actor, @Req() request: FastifyRequest): Promise<View> {
    return view('bank/report-check.njk', await this.shown(actor, heldFile(request, 'report')));
  }

  @Get('bank/reports/check/statuses.csv')
  async lookCsv(@CurrentActor() actor: Actor, @Req() request: FastifyRequest): Promise<StreamableFile> {
    const { statuses } = await this.loading.preview(actor, {}, storedOf(heldFile(request, 'report')));
    return csvOf('bank-report.csv', PREVIEW_COLUMNS, statuses);
  }

  @Post('bank/reports/check')
  async load(
    @CurrentActor() actor: Actor,
    @Req() request: FastifyRequest,
    @Body() body: unknown,
  ): Promise<View | Redirect> {
    const held = heldFile(request, 'report', new Form(body).typed('file'));
    const tried = await attempt(() => this.loading.run(actor, {}, storedOf(held)));
    if (tried.ok) return redirect(`/bank/reports/${tried.value.id}`, noticeOf(tried.value));
    return viewAgain('bank/report-check.njk', { ...(await this.shown(actor, held)), errors: tried.errors });
  }

  @Get('bank/reports/:id')
  async one(@CurrentActor() actor: Actor, @Param('id') id: string, @Query() query: unknown): Promise<View> {
    const filters = filtersOf(query);
    const file = await this.queries.one(actor, idOf(id, THING));
    const { items, nextCursor } = await this.queries.statuses(actor, file.id, { ...filters, limit: STATUSES });
    const at = `/bank/reports/${file.id}`;
    const { next, first } = listLinks(at, filters, nextCursor);
    return view('bank/report.njk', {
      file,
      remedy: file.state === 'quarantined' ? remedyOf(file.reasonCode) : null,
      table: statusesTable(items, 'done'),
      links: { next, first, csv: `${at}/statuses.csv` },
      back: '/bank/reports',
    });
  }

  @Get('bank/reports/:id/statuses.csv')
  async statuses(@CurrentActor() actor: Actor, @Param('id') id: string): Promise<StreamableFile> {
    const { id: fileId } = await this.queries.one(actor, idOf(id, THING));
    return csvDownload('bank-report.csv', STATUS_COLUMNS, {}, (asked) => this.queries.statuses(actor, fileId, asked));
  }

  @Get('bank/reports/:id/file')
  async file(
    @CurrentActor() actor: Actor,
    @Param('id') id: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    await sendFile(request, reply, await this.queries.file(actor, idOf(id, THING)));
  }

  private async shown(actor: Actor, held: HeldFile) {
    return {
      ...reportPreview(await this.loading.preview(actor, {}, storedOf(held))),
      held,
      back: '/bank/reports/load',
    };
  }
}

const storedOf = ({ key, sha256, size }: HeldFile) => ({ key, sha256, size });

function noticeOf({ state, known, appliedCount, paymentRun }: LoadedStatusFileView): Notice {
  if (state === 'quarantined') {
    return {
      kind: 'important',
      title: 'The report is in quarantine',
      text: 'It changed nothing. The reason is below.',
    };
  }
  if (known) return { kind: 'important', title: 'This report was loaded before', text: 'Nothing changed.' };
  return {
    kind: 'success',
    title: `The report on ${paymentRun} is loaded: ${appliedCount === 0 ? 'no payment' : plural(appliedCount, 'payment')} refused`,
    text: appliedCount === 0 ? 'Nothing had to change.' : 'Their claims are funded again and go into the next run.',
  };
}
