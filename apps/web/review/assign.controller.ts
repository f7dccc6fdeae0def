import { Body, Get, Inject, Param, Post } from '@nestjs/common';
import { AssignClaim, ClaimDesk } from '#claims';
import { type Actor } from '#platform/database';
import { CurrentActor, idOf } from '#platform/http';
import { attempt, Form, PageController, redirect, view, viewAgain, type Redirect, type View } from '../page/index.js';
import { deskPage } from './desk.presenter.js';
import { whyNot } from './verdict.js';

/** On whose desk a claim lies: one's own, a colleague's, nobody's. */
@PageController('claims/:id/assign')
export class AssignPages {
  constructor(
    @Inject(ClaimDesk) private readonly desk: ClaimDesk,
    @Inject(AssignClaim) private readonly assigning: AssignClaim,
  ) {}

  @Get()
  async page(@CurrentActor() actor: Actor, @Param('id') id: string): Promise<View> {
    return view('review/assign.njk', await this.data(actor, idOf(id, 'claim')));
  }

  @Post()
  async assign(@CurrentActor() actor: Actor, @Param('id') id: string, @Body() body: unknown): Promise<View | Redirect> {
    const claimId = idOf(id, 'claim');
    const form = new Form(body);
    const to = form.typed('userId');
    const asked = to === '' ? {} : { userId: to === 'nobody' ? null : to };
    const tried = await attempt(() => this.assigning.run(actor, claimId, asked, form.version()));
    const data = await this.data(actor, claimId, to);
    if (!tried.ok) {
      const errors = tried.errors.map((error) =>
        error.code === 'required' ? { ...error, message: 'Choose who deals with the claim.' } : error,
      );
      return viewAgain('review/assign.njk', { ...data, errors });
    }
    const whose = data.choices.find(({ value }) => value === to);
    const title =
      tried.value.assignedTo === null
        ? `${data.name} is nobody’s now`
        : `${data.name} is ${tried.value.assignedTo === actor.userId ? 'yours' : `with ${whose?.text}`}`;
    return redirect(backTo(form.typed('back')), title);
  }

  private async data(actor: Actor, id: string, typed?: string) {
    const desk = await this.desk.get(actor, id);
    const colleagues = await this.desk.colleagues(actor);
    const chosen = typed ?? desk.claim.assignedTo ?? 'nobody';
    const choices = [
      ...colleagues.map((person) => ({
        value: person.id,
        text: person.id === actor.userId ? `${person.name} (you)` : person.name,
      })),
      { value: 'nobody', text: 'Nobody' },
    ].map((choice) => ({ ...choice, checked: choice.value === chosen }));
    return { ...deskPage(desk), whyNot: whyNot(actor, desk, 'assign'), choices };
  }
}

/** The queue as it was, or the queue. */
const backTo = (typed: string): string => (/^\/queue(\?[\w=&%.+-]*)?$/.test(typed) ? typed : '/queue');
