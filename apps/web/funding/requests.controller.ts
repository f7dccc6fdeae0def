import { Body, Get, Inject, Param, Post, Query, Req, Res, type StreamableFile } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ReceiptQueries, RequestQueries, SubmitRequest, SummaryReports, type RequestView } from '#funding';
import { may, People, requireMay } from '#identity';
import { type Problem } from '#kernel';
import { type Actor } from '#platform/database';
import { CurrentActor, idOf, sendFile } from '#platform/http';
import {
  attempt,
  csvDownload,
  filtersOf,
  Form,
  listLinks,
  money,
  namingWhatIsMissing,
  PAGE_SIZE,
  PageController,
  redirect,
  view,
  viewAgain,
  type Redirect,
  type View,
} from '../page/index.js';
import { requestTag, tagChoices } from './queue.presenter.js';
import { receiptsTable } from './receipts.presenter.js';
import {
  REQUEST_CLAIM_CSV,
  REQUEST_CSV,
  requestClaimsTable,
  requestName,
  requestsTable,
  requestSummary,
  SCHEDULE_CSV,
  scheduleTable,
} from './requests.presenter.js';

/** A line an authority and category: the page shows the beginning of a long schedule, the files all of it. */
const MOST_LINES = '100';
const WHAT = 'funding request';

/** What the funder was asked for. */
@PageController('funding/requests')
export class RequestPages {
  constructor(
    @Inject(RequestQueries) private readonly requests: RequestQueries,
    @Inject(ReceiptQueries) private readonly receipts: ReceiptQueries,
    @Inject(SubmitRequest) private readonly submitting: SubmitRequest,
    @Inject(SummaryReports) private readonly reports: SummaryReports,
    @Inject(People) private readonly people: People,
  ) {}

  @Get()
  async list(@CurrentActor() actor: Actor, @Query() query: unknown): Promise<View> {
    requireMay(actor, 'funding.read');
    const filters = filtersOf(query);
    const states = tagChoices('request', filters['state']);
    const tried = await attempt(() => this.requests.list(actor, { limit: PAGE_SIZE, ...filters }));
    if (!tried.ok) {
      return viewAgain('funding/requests.njk', { states, table: requestsTable([], true), errors: tried.errors });
    }
    const { items, nextCursor } = tried.value;
    const table = requestsTable(items, filters['state'] !== undefined);
    return view('funding/requests.njk', { states, table, links: listLinks('/funding/requests', filters, nextCursor) });
  }

  @Get('download')
  download(@CurrentActor() actor: Actor, @Query() query: unknown): StreamableFile {
    const fetch = (asked: object) => this.requests.list(actor, asked);
    return csvDownload('funding-requests.csv', REQUEST_CSV, filtersOf(query), fetch);
  }

  @Get(':id')
  async page(@CurrentActor() actor: Actor, @Param('id') given: string, @Query() query: unknown): Promise<View> {
    const id = idOf(given, WHAT);
    const request = await this.requests.get(actor, id);
    const filters = filtersOf(query);
    const [claims, schedule, receipts, nameOf, { funder }] = await Promise.all([
      this.requests.claims(actor, id, { limit: PAGE_SIZE, ...filters }),
      this.requests.schedule(actor, id, { limit: MOST_LINES }),
      this.receipts.list(actor, { fundingRequestId: id, limit: PAGE_SIZE }),
      this.people.names(actor, [request.createdBy, request.submittedBy]),
      this.reports.names(actor, request.programme),
    ]);
    const address = `/funding/requests/${id}`;
    return view('funding/request.njk', {
      request,
      address,
      name: requestName(request),
      tag: requestTag(request.state),
      summary: requestSummary(request, funder, nameOf),
      claims: requestClaimsTable(claims.items),
      links: { ...listLinks(address, filters, claims.nextCursor), csv: `${address}/claims/download` },
      schedule: scheduleTable(schedule.items),
      longSchedule: schedule.nextCursor !== null,
      receipts: receiptsTable(receipts.items, true),
      moreReceipts: receipts.nextCursor !== null,
      receiptsCsv: listLinks('/funding/receipts', { fundingRequestId: id }, null).csv,
      steps: stepsOf(actor, request),
    });
  }

  @Get(':id/claims/download')
  claimsFile(@CurrentActor() actor: Actor, @Param('id') given: string): StreamableFile {
    const id = idOf(given, WHAT);
    const fetch = (asked: object) => this.requests.claims(actor, id, asked);
    return csvDownload('funding-request-claims.csv', REQUEST_CLAIM_CSV, {}, fetch);
  }

  @Get(':id/schedule/download')
  scheduleFile(@CurrentActor() actor: Actor, @Param('id') given: string): StreamableFile {
    const id = idOf(given, WHAT);
    const fetch = (asked: object) => this.requests.schedule(actor, id, asked);
    return csvDownload('funding-schedule.csv', SCHEDULE_CSV, {}, fetch);
  }

  @Get(':id/schedule.pdf')
  async schedulePdf(
    @CurrentActor() actor: Actor,
    @Param('id') given: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    await sendFile(request, reply, await this.requests.schedulePdf(actor, idOf(given, WHAT)));
  }

  @Get(':id/submit')
  async askToSubmit(@CurrentActor() actor: Actor, @Param('id') given: string): Promise<View> {
    return view('funding/submit-request.njk', await this.draft(actor, idOf(given, WHAT)));
  }

  @Post(':id/submit')
  async submit(
    @CurrentActor() actor: Actor,
    @Param('id') given: string,
    @Body() body: unknown,
  ): Promise<View | Redirect> {
    const id = idOf(given, WHAT);
    const tried = await attempt(() => this.submitting.submit(actor, id, {}, new Form(body).version()));
    if (!tried.ok) return this.again('funding/submit-request.njk', actor, id, tried.errors);
    const { number, requestedPence } = tried.value;
    return redirect(`/funding/requests/${id}`, {
      kind: 'success',
      title: `${number} is submitted`,
      text: `It asks for ${money(requestedPence)}. Send the schedule to the funder; when the money comes, record a receipt that names this request.`,
    });
  }

  @Get(':id/cancel')
  async askToCancel(@CurrentActor() actor: Actor, @Param('id') given: string): Promise<View> {
    return view('funding/cancel-request.njk', await this.draft(actor, idOf(given, WHAT)));
  }

  @Post(':id/cancel')
  async cancel(
    @CurrentActor() actor: Actor,
    @Param('id') given: string,
    @Body() body: unknown,
  ): Promise<View | Redirect> {
    const id = idOf(given, WHAT);
    const form = new Form(body);
    const reason = form.text('reason');
    const asked = reason === undefined ? {} : { reason };
    const tried = await attempt(() => this.submitting.cancel(actor, id, asked, form.version()));
    if (!tried.ok) {
      const errors = namingWhatIsMissing(tried.errors, { reason: 'Say why the draft is cancelled.' });
      return this.again('funding/cancel-request.njk', actor, id, errors, form.typed('reason'));
    }
    return redirect(`/funding/requests/${id}`, {
      kind: 'success',
      title: 'The draft is cancelled',
      text: 'Its claims can be asked for again in a new request.',
    });
  }

  private async draft(actor: Actor, id: string) {
    const request = await this.requests.get(actor, id);
    const { funder } = await this.reports.names(actor, request.programme);
    return { request, name: requestName(request), funder, back: `/funding/requests/${id}` };
  }

  private async again(
    template: string,
    actor: Actor,
    id: string,
    errors: readonly Problem[],
    reason = '',
  ): Promise<View> {
    return viewAgain(template, { ...(await this.draft(actor, id)), reason, errors });
  }
}

/** What this person may do with it now. */
function stepsOf(actor: Actor, { state }: RequestView) {
  return {
    submit: state === 'draft' && may(actor, 'funding_request.submit').allowed,
    cancel: state === 'draft' && may(actor, 'funding_request.prepare').allowed,
    receive: (state === 'submitted' || state === 'part_paid') && may(actor, 'funding_receipt.record').allowed,
    file: state !== 'draft' && state !== 'cancelled',
  };
}
