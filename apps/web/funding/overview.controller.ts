import { Get, Inject, Query, type StreamableFile } from '@nestjs/common';
import { SummaryReports } from '#funding';
import { type Actor } from '#platform/database';
import { CurrentActor } from '#platform/http';
import { csvOf, filtersOf, PageController, view, type View } from '../page/index.js';
import { asOfText, fundingCards, STAGE_CSV, stagesTable } from './overview.presenter.js';

/** Where the money stands, from approved to paid. */
@PageController('funding')
export class FundingOverviewPages {
  constructor(@Inject(SummaryReports) private readonly reports: SummaryReports) {}

  @Get()
  async overview(@CurrentActor() actor: Actor, @Query() query: unknown): Promise<View> {
    const found = await this.reports.funding(actor, filtersOf(query));
    return view('funding/overview.njk', {
      cards: fundingCards(found),
      table: stagesTable(found.rows),
      asOf: asOfText(found),
    });
  }

  @Get('download')
  async download(@CurrentActor() actor: Actor, @Query() query: unknown): Promise<StreamableFile> {
    return csvOf('funding.csv', STAGE_CSV, (await this.reports.funding(actor, filtersOf(query))).rows);
  }
}
