import { Get, Inject, Query, type StreamableFile } from '@nestjs/common';
import { SummaryReports } from '#funding';
import { STATEMENT_COLUMNS, StatementOfAccount, TRIAL_BALANCE_COLUMNS, TrialBalance } from '#ledger';
import { type Actor } from '#platform/database';
import { CurrentActor } from '#platform/http';
import { codeOf } from '#programme';
import {
  addressWith,
  attempt,
  csvDownload,
  csvOf,
  filtersOf,
  listLinks,
  PAGE_SIZE,
  PageController,
  view,
  viewAgain,
  type View,
} from '../page/index.js';
import { statementPage, trialBalancePage } from './books.presenter.js';

type Filters = Readonly<Record<string, string>>;
const TRIAL = '/reports/trial-balance';
const STATEMENT = '/reports/statement';

/** MTM's books, and what they say of an authority. */
@PageController('reports')
export class BookPages {
  constructor(
    @Inject(TrialBalance) private readonly trialBalance: TrialBalance,
    @Inject(StatementOfAccount) private readonly statement: StatementOfAccount,
    @Inject(SummaryReports) private readonly reports: SummaryReports,
  ) {}

  @Get('trial-balance')
  async balance(@CurrentActor() actor: Actor, @Query() query: unknown): Promise<View> {
    const filters = filtersOf(query);
    const shown = { path: TRIAL, heading: 'Trial balance', fields: ['day'], filters, everybody: false };
    const tried = await attempt(() => this.trialBalance.run(actor, asOfDay(filters)));
    if (!tried.ok) {
      // What nobody of this role may read is no matter of filters.
      if (tried.code === 'role_not_allowed') await this.trialBalance.run(actor, {});
      const errors = tried.errors.map((error) => (error.path === 'asOf' ? { ...error, path: 'day' } : error));
      return viewAgain('reports/report.njk', { ...shown, errors });
    }
    const { payer } = await this.reports.names(actor, filters['programme']);
    const csv = addressWith(`${TRIAL}/download`, filters);
    return view('reports/report.njk', { ...shown, csv, ...trialBalancePage(tried.value, payer) });
  }

  @Get('trial-balance/download')
  async balanceFile(@CurrentActor() actor: Actor, @Query() query: unknown): Promise<StreamableFile> {
    const { accounts } = await this.trialBalance.run(actor, asOfDay(filtersOf(query)));
    return csvOf('trial-balance.csv', TRIAL_BALANCE_COLUMNS, accounts);
  }

  @Get('statement')
  async account(@CurrentActor() actor: Actor, @Query() query: unknown): Promise<View> {
    const own = actor.scope !== '*';
    const { authority: named, ...filters } = filtersOf(query);
    const code = own ? actor.scope : named?.toUpperCase();
    const shown = { filters: { ...filters, authority: code }, own };
    if (code === undefined) return view('reports/statement.njk', shown);
    const tried = await attempt(() =>
      this.statement.run(actor, codeOf(code, 'authority'), { limit: PAGE_SIZE, ...filters }),
    );
    if (!tried.ok) return viewAgain('reports/statement.njk', { ...shown, errors: tried.errors });
    const { payer } = await this.reports.names(actor, undefined);
    const period = { from: filters['from'] ?? '', to: filters['to'] ?? '' };
    const of: Filters = own ? filters : { ...filters, authority: code };
    return view('reports/statement.njk', {
      ...shown,
      ...statementPage(tried.value, { payer, own, ...period }),
      links: listLinks(STATEMENT, of, tried.value.nextCursor),
    });
  }

  @Get('statement/download')
  statementFile(@CurrentActor() actor: Actor, @Query() query: unknown): StreamableFile {
    const { authority: named, ...filters } = filtersOf(query);
    const code = codeOf(actor.scope === '*' ? (named?.toUpperCase() ?? '') : actor.scope, 'authority');
    return csvDownload(`statement-of-account-${code}.csv`, STATEMENT_COLUMNS, filters, (asked) =>
      this.statement.run(actor, code, asked),
    );
  }
}

const asOfDay = ({ day }: Filters): object => (day === undefined ? {} : { asOf: day });
