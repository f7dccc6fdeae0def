import { Body, Get, Inject, Param, Post, Query, type StreamableFile } from '@nestjs/common';
import { DiscardForm, FormQueries, StartForm } from '#claims';
import { type Actor } from '#platform/database';
import { CurrentActor } from '#platform/http';
import {
  attempt,
  csvDownload,
  csvOf,
  filtersOf,
  Form,
  PAGE_SIZE,
  PageController,
  redirect,
  view,
  viewAgain,
  type Notice,
  type Redirect,
  type View,
} from '../page/index.js';
import { FORM_CSV, formCsv, formRows, listsLinks, PUT_AWAY_CSV, putAwayCsv, putAwayRows } from './list.presenter.js';
import { formAddress } from './task-list.presenter.js';

/** Said once a new form begins from a draft that has another form, put away: that one may say more. */
const PUT_AWAY_BEFORE: Notice = {
  title: 'Another form of this claim was put away',
  text: 'This one begins from the draft. What was typed in the other since then is still there: to go on with it, put this one away and take the other out again, under “Put away” in the list of claims in preparation.',
  kind: 'important',
};

/** Claims in preparation, and how another one is started. */
@PageController('claim-forms')
export class StartPages {
  constructor(
    @Inject(FormQueries) private readonly queries: FormQueries,
    @Inject(StartForm) private readonly starting: StartForm,
    @Inject(DiscardForm) private readonly discarding: DiscardForm,
  ) {}

  @Get()
  async list(@CurrentActor() actor: Actor, @Query() query: unknown): Promise<View> {
    const filters = filtersOf(query);
    const items = await this.queries.list(actor);
    const away = await this.queries.putAway(actor, { limit: PAGE_SIZE, ...filters });
    return view('claim-form/list.njk', {
      table: formRows(items),
      away: putAwayRows(away.items),
      links: listsLinks(items, filters, away.nextCursor),
    });
  }

  @Get('download')
  async download(@CurrentActor() actor: Actor): Promise<StreamableFile> {
    const items = await this.queries.list(actor);
    return csvOf('claims-in-preparation.csv', FORM_CSV, items.map(formCsv));
  }

  @Get('put-away/download')
  downloadPutAway(@CurrentActor() actor: Actor): StreamableFile {
    return csvDownload('claims-put-away.csv', PUT_AWAY_CSV, {}, async (asked) => {
      const { items, nextCursor } = await this.queries.putAway(actor, asked);
      return { items: items.map(putAwayCsv), nextCursor };
    });
  }

  @Get('new')
  async whatYouNeed(@CurrentActor() actor: Actor): Promise<View> {
    return view('claim-form/what-you-need.njk', { programmes: await this.queries.programmes(actor) });
  }

  /** Blank, or from a draft or returned claim (`claim`), or like an earlier one (`like`): the claim's own page offers these. */
  @Post()
  async start(@CurrentActor() actor: Actor, @Body() body: unknown): Promise<View | Redirect> {
    const form = new Form(body);
    const [programme, claim, like] = ['programme', 'claim', 'like'].map((name) => form.text(name));
    const wanted = claim ? { claim } : like ? { like } : programme ? { programme } : {};
    const tried = await attempt(() => this.starting.run(actor, wanted));
    if (tried.ok) return redirect(formAddress(tried.value.id), tried.value.putAway ? PUT_AWAY_BEFORE : undefined);
    const programmes = await this.queries.programmes(actor);
    return viewAgain('claim-form/what-you-need.njk', { programmes, programme, errors: tried.errors });
  }

  @Get(':id/discard')
  async askDiscard(@CurrentActor() actor: Actor, @Param('id') id: string): Promise<View> {
    return view('claim-form/discard.njk', { form: await this.queries.get(actor, id), back: formAddress(id) });
  }

  @Post(':id/discard')
  async discard(@CurrentActor() actor: Actor, @Param('id') id: string): Promise<View | Redirect> {
    const tried = await attempt(() => this.discarding.run(actor, id));
    if (tried.ok) return redirect(formAddress(id), { title: 'This claim was put away', kind: 'success' });
    const form = await this.queries.get(actor, id);
    return viewAgain('claim-form/discard.njk', { form, errors: tried.errors, back: formAddress(id) });
  }

  @Post(':id/undo-discard')
  async undo(@CurrentActor() actor: Actor, @Param('id') id: string): Promise<View | Redirect> {
    const tried = await attempt(() => this.discarding.undo(actor, id));
    if (tried.ok) return redirect(formAddress(id), 'You can go on with this claim');
    const form = await this.queries.get(actor, id);
    return viewAgain('claim-form/discarded.njk', { form, errors: tried.errors });
  }
}
