import { Body, Get, Inject, Param, Post, Query } from '@nestjs/common';
import { notFound } from '#kernel';
import { GrantQueries, UpdateGrant, UpdateGrantQuarter, type GrantView } from '#grants';
import { requireMay } from '#identity';
import { codeOf } from '#programme';
import { type Actor } from '#platform/database';
import { CurrentActor } from '#platform/http';
import {
  attempt,
  errorsFor,
  filtersOf,
  Form,
  keepingProgramme,
  PageController,
  redirect,
  view,
  viewAgain,
  type Redirect,
  type View,
} from '../page/index.js';
import { detailPath, detailsBody, detailValues, holderRows, typedPounds } from './details.presenter.js';
import { varianceText } from './grant.presenter.js';

/** What an authority keeps of its grant: post, receipt, holders; and of each quarter, forecast and reason. */
@PageController('grants/:code')
export class DetailsPages {
  constructor(
    @Inject(GrantQueries) private readonly grants: GrantQueries,
    @Inject(UpdateGrant) private readonly update: UpdateGrant,
    @Inject(UpdateGrantQuarter) private readonly updateQuarter: UpdateGrantQuarter,
  ) {}

  @Get('edit')
  async edit(@CurrentActor() actor: Actor, @Param('code') code: string, @Query() query: unknown): Promise<View> {
    const grant = await this.editable(actor, code, query);
    return view('grants/edit.njk', formPage(grant, detailValues(grant), grantAddress(grant, query)));
  }

  @Post('edit')
  async save(
    @CurrentActor() actor: Actor,
    @Param('code') code: string,
    @Query() query: unknown,
    @Body() body: unknown,
  ): Promise<View | Redirect> {
    const grant = await this.editable(actor, code, query);
    const { authority, programme } = grant;
    const form = new Form(body);
    const read = detailsBody(form);
    const tried = await attempt(() => {
      form.check();
      return this.update.run(actor, authority, read.body, { programme, expected: form.version() });
    });
    const back = grantAddress(grant, query);
    if (tried.ok) return redirect(back, 'What you recorded of the grant is saved');
    const errors = tried.errors.map((error) => ({ ...error, path: detailPath(error.path, read.rows) }));
    return viewAgain('grants/edit.njk', { ...formPage(grant, form.values, back), errors });
  }

  @Get('quarters/:quarter')
  async quarter(
    @CurrentActor() actor: Actor,
    @Param('code') code: string,
    @Param('quarter') name: string,
    @Query() query: unknown,
  ): Promise<View> {
    const grant = await this.editable(actor, code, query);
    const quarter = quarterOf(grant, name);
    const { enteredForecastPence, varianceReason } = quarter;
    const values = { forecast: typedPounds(enteredForecastPence), reason: varianceReason ?? '' };
    return view('grants/quarter.njk', quarterPage(grant, quarter, values, grantAddress(grant, query)));
  }

  @Post('quarters/:quarter')
  async saveQuarter(
    @CurrentActor() actor: Actor,
    @Param('code') code: string,
    @Param('quarter') name: string,
    @Query() query: unknown,
    @Body() body: unknown,
  ): Promise<View | Redirect> {
    const grant = await this.editable(actor, code, query);
    const quarter = quarterOf(grant, name);
    const { authority, programme } = grant;
    const form = new Form(body);
    const asked = { forecastPence: form.pence('forecast') ?? null, varianceReason: form.text('reason') ?? null };
    const tried = await attempt(() => {
      form.check();
      const of = { code: authority, quarter: quarter.quarter, programme, expected: form.version() };
      return this.updateQuarter.run(actor, of, asked);
    });
    const back = grantAddress(grant, query);
    if (tried.ok) return redirect(back, `${quarter.label} is saved`);
    const errors = errorsFor(tried.errors, { forecastPence: 'forecast', varianceReason: 'reason' });
    return viewAgain('grants/quarter.njk', { ...quarterPage(grant, quarter, form.values, back), errors });
  }

  /** The grant as it is now, for whoever may change it. Throws not_found, forbidden. */
  private async editable(actor: Actor, code: string, query: unknown): Promise<GrantView> {
    const authority = codeOf(code, 'authority');
    const grant = await this.grants.grant(actor, authority, filtersOf(query)['programme'] ?? null);
    requireMay(actor, 'grant.edit', { authority });
    return grant;
  }
}

/** Where the grant is looked at. */
const grantAddress = ({ authority }: GrantView, query: unknown): string =>
  keepingProgramme(`/grants/${authority}`, filtersOf(query)['programme'])();

const formPage = (grant: GrantView, values: Readonly<Record<string, unknown>>, back: string) => ({
  grant,
  values,
  rows: holderRows(values),
  workedOut: grant.working.find((one) => one.for === 'workedOutPence')?.text ?? '',
  back,
});

function quarterOf(grant: GrantView, name: string): GrantView['quarters'][number] {
  const quarter = grant.quarters.find((one) => one.quarter === name);
  if (!quarter) throw notFound('quarter of this grant');
  return quarter;
}

const quarterPage = (
  grant: GrantView,
  quarter: GrantView['quarters'][number],
  values: Readonly<Record<string, unknown>>,
  back: string,
) => ({
  grant,
  quarter,
  values,
  variance: varianceText(quarter.variancePence),
  working: grant.working.find((one) => one.for === `quarters.${quarter.quarter}.forecastPence`)?.text ?? '',
  back,
});
