import { Body, Get, Inject, Post, Query, type StreamableFile } from '@nestjs/common';
import { may } from '#identity';
import { DomainError, forbidden } from '#kernel';
import { PaymentQueries, PrepareRun, RunQueries, type RunPreview } from '#payments';
import { type Actor } from '#platform/database';
import { CurrentActor } from '#platform/http';
import {
  attempt,
  csvDownload,
  csvOf,
  filtersOf,
  Form,
  listLinks,
  money,
  PAGE_SIZE,
  PageController,
  plural,
  redirect,
  view,
  viewAgain,
  type Redirect,
  type View,
} from '../page/index.js';
import { Names } from './names.js';
import { allPaymentsTable } from './payment.presenter.js';
import { leftOutTable, PREVIEW_COLUMNS, previewRows, previewTable, runsTable } from './runs.presenter.js';
import { PAYMENT_CHOICES, RUN_CHOICES, selectItems } from './words.js';

const RUN_COLUMNS = [
  ...['number', 'programme', 'state', 'totalPence', 'paymentCount', 'claimCount', 'preparedAt', 'approvedAt'],
  ...['cancelReason', 'fileSha256', 'id'],
];
const PAYMENT_COLUMNS = [
  ...[
    'reference',
    'authority',
    'state',
    'amountPence',
    'setOffPence',
    'accountName',
    'lastFour',
    'settledAt',
    'endedAt',
  ],
  ...['reason', 'remittanceNumber', 'endToEndId', 'id', 'runId'],
];

const NONE = { items: [], nextCursor: null };

/** Codes are capitals, however they were typed. */
const ofAuthority = ({ authority, ...filters }: Record<string, string>): Record<string, string> =>
  authority === undefined ? filters : { ...filters, authority: authority.toUpperCase() };

/** What a run would pay, or why none can be prepared now. */
type Planned = { preview: RunPreview; nothing: null } | { preview: null; nothing: string };

/** MTM's payment runs: the list, and preparing the next one. */
@PageController()
export class RunsPages {
  constructor(
    @Inject(PrepareRun) private readonly preparing: PrepareRun,
    @Inject(RunQueries) private readonly runs: RunQueries,
    @Inject(PaymentQueries) private readonly payments: PaymentQueries,
    @Inject(Names) private readonly names: Names,
  ) {}

  @Get('payments')
  async list(@CurrentActor() actor: Actor, @Query() query: unknown): Promise<View> {
    const filters = filtersOf(query);
    const { items, nextCursor } = await this.runs.list(actor, { ...filters, limit: PAGE_SIZE });
    const nameOf = await this.names.of(
      actor,
      items.map(({ preparedBy }) => preparedBy),
    );
    return view('payments/runs.njk', {
      table: runsTable(items, nameOf),
      links: listLinks('/payments', filters, nextCursor),
      states: selectItems('Every status', RUN_CHOICES, filters['state']),
      mayPrepare: may(actor, 'payment_run.prepare').allowed,
    });
  }

  @Get('payments/download')
  csv(@CurrentActor() actor: Actor, @Query() query: unknown): StreamableFile {
    return csvDownload('payment-runs.csv', RUN_COLUMNS, filtersOf(query), (asked) => this.runs.list(actor, asked));
  }

  @Get('payments/all')
  async all(@CurrentActor() actor: Actor, @Query() query: unknown): Promise<View> {
    const filters = ofAuthority(filtersOf(query));
    const tried = await attempt(() => this.payments.list(actor, { ...filters, limit: PAGE_SIZE }));
    if (!tried.ok && tried.code === 'role_not_allowed') throw forbidden(tried.code, tried.errors[0]!.message);
    const { items, nextCursor } = tried.ok ? tried.value : NONE;
    const authorityOf = await this.names.authorities(actor);
    const data = {
      table: allPaymentsTable(items, authorityOf),
      links: listLinks('/payments/all', filters, nextCursor),
      states: selectItems('Every status', PAYMENT_CHOICES, filters['state']),
      authority: filters['authority'],
      back: '/payments',
    };
    return tried.ok ? view('payments/all.njk', data) : viewAgain('payments/all.njk', { ...data, errors: tried.errors });
  }

  @Get('payments/all/download')
  allCsv(@CurrentActor() actor: Actor, @Query() query: unknown): StreamableFile {
    const filters = ofAuthority(filtersOf(query));
    return csvDownload('payments.csv', PAYMENT_COLUMNS, filters, (asked) => this.payments.list(actor, asked));
  }

  @Get('payments/new')
  async look(@CurrentActor() actor: Actor, @Query() query: unknown): Promise<View> {
    return view('payments/new.njk', await this.plan(actor, filtersOf(query)['programme']));
  }

  @Get('payments/new.csv')
  async lookCsv(@CurrentActor() actor: Actor, @Query() query: unknown): Promise<StreamableFile> {
    const { programme } = filtersOf(query);
    const planned = await this.planned(actor, programme);
    const rows = planned.preview ? previewRows(planned.preview, await this.names.authorities(actor)) : [];
    return csvOf('payment-run-preview.csv', PREVIEW_COLUMNS, rows);
  }

  @Post('payments/new')
  async prepare(@CurrentActor() actor: Actor, @Body() body: unknown): Promise<View | Redirect> {
    const form = new Form(body);
    const programme = form.text('programme');
    const asked = { mark: form.typed('mark'), ...(programme ? { programme } : {}) };
    const tried = await attempt(() => this.preparing.run(actor, asked));
    if (!tried.ok) {
      return viewAgain('payments/new.njk', { ...(await this.plan(actor, programme)), errors: tried.errors });
    }
    const { id, number, totalPence, paymentCount, leftOut } = tried.value;
    return redirect(`/payments/${id}`, {
      kind: 'success',
      title: `${number} is prepared: ${plural(paymentCount, 'payment')}, ${money(totalPence)} together`,
      text: `${leftOut.length === 0 ? '' : `${plural(leftOut.length, 'authority is', 'authorities are')} left out. `}Nothing is paid before an approver agrees. Until then you can cancel it on this page.`,
    });
  }

  private async plan(actor: Actor, programme: string | undefined): Promise<Record<string, unknown>> {
    const { preview, nothing } = await this.planned(actor, programme);
    const shared = { programme, back: '/payments' };
    if (!preview) return { ...shared, nothing };
    const authorityOf = await this.names.authorities(actor);
    return {
      ...shared,
      preview,
      paid: previewTable(preview, authorityOf),
      leftOut: preview.leftOut.length === 0 ? null : leftOutTable(preview.leftOut, authorityOf),
    };
  }

  private async planned(actor: Actor, programme: string | undefined): Promise<Planned> {
    try {
      return { preview: await this.preparing.preview(actor, programme ? { programme } : {}), nothing: null };
    } catch (error) {
      if (!(error instanceof DomainError) || error.kind !== 'refused') throw error;
      return { preview: null, nothing: error.message };
    }
  }
}
