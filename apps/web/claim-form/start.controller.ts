import { Body, Get, Inject, Param, Post } from '@nestjs/common';
import { DiscardForm, FormQueries, StartForm } from '#claims';
import { type Actor } from '#platform/database';
import { CurrentActor } from '#platform/http';
import { attempt, Form, PageController, redirect, view, viewAgain, type Redirect, type View } from '../page/index.js';
import { formAddress, formRows } from './task-list.presenter.js';

/** Claims in preparation, and how another one is started. */
@PageController('claim-forms')
export class StartPages {
  constructor(
    @Inject(FormQueries) private readonly queries: FormQueries,
    @Inject(StartForm) private readonly starting: StartForm,
    @Inject(DiscardForm) private readonly discarding: DiscardForm,
  ) {}

  @Get()
  async list(@CurrentActor() actor: Actor): Promise<View> {
    return view('claim-form/list.njk', { table: formRows(await this.queries.list(actor)) });
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
    if (tried.ok) return redirect(formAddress(tried.value.id));
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
