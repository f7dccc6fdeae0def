import { Get, Inject, Query, type StreamableFile } from '@nestjs/common';
import { ACCRUAL_COLUMNS, AGEING_COLUMNS, PAYMENT_TIMES_COLUMNS, SummaryReports } from '#funding';
import { may } from '#identity';
import { type Problem } from '#kernel';
import { type Actor } from '#platform/database';
import { CurrentActor } from '#platform/http';
import { addressWith, attempt, csvOf, filtersOf, PageController, view, viewAgain, type View } from '../page/index.js';
import { accrualsPage } from './accruals.presenter.js';
import { ageingPage } from './ageing.presenter.js';
import { cashPage } from './cash.presenter.js';
import { timesPage } from './times.presenter.js';

type Filters = Readonly<Record<string, string>>;

const FORECAST_COLUMNS = ['month', 'basis', 'authority', 'claimCount', 'amountPence'] as const;

/** Where a report lies, and which fields choose what it shows. */
interface Place {
  path: string;
  heading: string;
  fields: readonly ('months' | 'day')[];
}
const AGEING: Place = { path: '/reports/ageing', heading: 'How old unpaid claims are', fields: [] };
const TIMES: Place = { path: '/reports/payment-times', heading: 'How long payments took', fields: ['months'] };
const CASH: Place = { path: '/reports/cash', heading: 'Cash forecast by month', fields: [] };
const ACCRUALS: Place = { path: '/reports/accruals', heading: 'Accruals', fields: ['day'] };

@PageController('reports')
export class ReportPages {
  constructor(@Inject(SummaryReports) private readonly reports: SummaryReports) {}

  @Get()
  index(@CurrentActor() actor: Actor): View {
    return view('reports/index.njk', {
      own: actor.scope !== '*',
      books: may(actor, 'ledger.read').allowed,
      warnings: warned(actor),
    });
  }

  @Get('ageing')
  ageing(@CurrentActor() actor: Actor, @Query() query: unknown): Promise<View> {
    const filters = filtersOf(query);
    return page(actor, AGEING, filters, async () => ({
      ...ageingPage(await this.reports.ageing(actor, filters), filters),
      warnings: warned(actor),
    }));
  }

  @Get('ageing/download')
  async ageingFile(@CurrentActor() actor: Actor, @Query() query: unknown): Promise<StreamableFile> {
    return csvOf('ageing.csv', AGEING_COLUMNS, (await this.reports.ageing(actor, filtersOf(query))).rows);
  }

  @Get('payment-times')
  times(@CurrentActor() actor: Actor, @Query() query: unknown): Promise<View> {
    const filters = filtersOf(query);
    return page(actor, TIMES, filters, async () => timesPage(await this.reports.paymentTimes(actor, filters), filters));
  }

  @Get('payment-times/download')
  async timesFile(@CurrentActor() actor: Actor, @Query() query: unknown): Promise<StreamableFile> {
    const { rows } = await this.reports.paymentTimes(actor, filtersOf(query));
    return csvOf('payment-times.csv', PAYMENT_TIMES_COLUMNS, rows);
  }

  @Get('cash')
  cash(@CurrentActor() actor: Actor, @Query() query: unknown): Promise<View> {
    const filters = filtersOf(query);
    return page(actor, CASH, filters, async () =>
      cashPage(await this.reports.cashForecast(actor, filters), actor.scope !== '*'),
    );
  }

  @Get('cash/download')
  async cashFile(@CurrentActor() actor: Actor, @Query() query: unknown): Promise<StreamableFile> {
    return csvOf(
      'cash-forecast.csv',
      FORECAST_COLUMNS,
      (await this.reports.cashForecast(actor, filtersOf(query))).rows,
    );
  }

  @Get('accruals')
  accruals(@CurrentActor() actor: Actor, @Query() query: unknown): Promise<View> {
    const filters = filtersOf(query);
    return page(actor, ACCRUALS, filters, async () =>
      accrualsPage(await this.reports.accruals(actor, filters), filters['authority'] ?? null),
    );
  }

  @Get('accruals/download')
  async accrualsFile(@CurrentActor() actor: Actor, @Query() query: unknown): Promise<StreamableFile> {
    return csvOf('accruals.csv', ACCRUAL_COLUMNS, (await this.reports.accruals(actor, filtersOf(query))).lines);
  }
}

const warned = (actor: Actor): boolean => may(actor, 'funding.read').allowed;

/** A report's page; asked for what cannot be, it says so above the filters as they were typed. */
async function page(actor: Actor, place: Place, filters: Filters, read: () => Promise<object>): Promise<View> {
  const shown = {
    ...place,
    filters,
    everybody: actor.scope === '*',
    csv: addressWith(`${place.path}/download`, filters),
  };
  const tried = await attempt(read);
  if (tried.ok) return view('reports/report.njk', { ...shown, ...tried.value });
  // What nobody of this role may read is no matter of filters.
  if (tried.code === 'role_not_allowed') await read();
  return viewAgain('reports/report.njk', { ...shown, errors: tried.errors as readonly Problem[] });
}
