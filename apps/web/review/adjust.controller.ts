import { Body, Get, Inject, Param, Post, Query } from '@nestjs/common';
import { AdjustmentQueries, ClaimDesk, ProposeAdjustment, type ClaimOnDesk, type StandingLineView } from '#claims';
import { type Problem } from '#kernel';
import { type Actor } from '#platform/database';
import { CurrentActor, idOf } from '#platform/http';
import {
  attempt,
  Form,
  money,
  namingWhatIsMissing,
  PageController,
  redirect,
  view,
  viewAgain,
  type Redirect,
  type View,
} from '../page/index.js';
import {
  adjustmentAddress,
  adjustmentInput,
  adjustPage,
  NO_ADJUSTMENT,
  placedInLines,
  previewPage,
  typedAdjustment,
  type TypedAdjustment,
} from './adjust.presenter.js';
import { deskPage } from './desk.presenter.js';
import { whyNot } from './verdict.js';

interface Opened {
  readonly desk: ClaimOnDesk;
  readonly standing: readonly StandingLineView[];
  /** Which part of a long claim was asked for. */
  readonly asked: unknown;
}

/** To propose that something of an approved claim is taken back: form, what it would take back, done. */
@PageController('claims/:id/adjust')
export class AdjustPages {
  constructor(
    @Inject(ClaimDesk) private readonly desk: ClaimDesk,
    @Inject(AdjustmentQueries) private readonly queries: AdjustmentQueries,
    @Inject(ProposeAdjustment) private readonly proposing: ProposeAdjustment,
  ) {}

  @Get()
  async page(@CurrentActor() actor: Actor, @Param('id') id: string, @Query('part') part: unknown): Promise<View> {
    const opened = await this.open(actor, idOf(id, 'claim'), part);
    return notNow(actor, opened.desk) ?? form(opened, NO_ADJUSTMENT);
  }

  @Post()
  async post(@CurrentActor() actor: Actor, @Param('id') id: string, @Body() body: unknown): Promise<View | Redirect> {
    const sent = new Form(body);
    const opened = await this.open(actor, idOf(id, 'claim'), sent.typed('part'));
    const refused = notNow(actor, opened.desk, 409);
    if (refused) return refused;
    const typed = typedAdjustment(sent, opened.standing);
    const what = sent.typed('do');
    if (what === 'change') return form(opened, typed);
    return what === 'confirm' ? this.propose(actor, opened, sent) : this.preview(actor, opened, sent);
  }

  private async preview(actor: Actor, opened: Opened, sent: Form): Promise<View> {
    const typed = typedAdjustment(sent, opened.standing);
    const { input, fields } = adjustmentInput(sent, typed);
    const tried = await attempt(() => {
      sent.check();
      return this.proposing.preview(actor, opened.desk.claim.id, input);
    });
    if (!tried.ok) return form(opened, typed, placedAt(tried.errors, fields));
    return view('review/adjust-check.njk', {
      ...previewPage(opened.desk, tried.value, typed),
      part: sent.typed('part'),
    });
  }

  private async propose(actor: Actor, opened: Opened, sent: Form): Promise<View | Redirect> {
    const typed = typedAdjustment(sent, opened.standing);
    const { input, fields } = adjustmentInput(sent, typed);
    const tried = await attempt(() => {
      sent.check();
      return this.proposing.run(actor, opened.desk.claim.id, input);
    });
    if (!tried.ok) return form(opened, typed, placedAt(tried.errors, fields));
    const { id, amountPence } = tried.value;
    return redirect(adjustmentAddress(id), {
      kind: 'success',
      title: `To take ${money(amountPence)} back is proposed`,
      text: 'An approver decides. Until then it can be cancelled here.',
    });
  }

  private async open(actor: Actor, id: string, asked: unknown): Promise<Opened> {
    const desk = await this.desk.get(actor, id);
    return { desk, standing: await this.queries.standing(actor, id), asked };
  }
}

const form = ({ desk, standing, asked }: Opened, typed: TypedAdjustment, errors: readonly Problem[] = []): View =>
  errors.length > 0
    ? viewAgain('review/adjust.njk', { ...adjustPage(desk, { standing, asked }, typed), errors })
    : view('review/adjust.njk', adjustPage(desk, { standing, asked }, typed));

const MISSING = {
  reason: 'Say why it is taken back; the credit note prints it.',
  lines: 'Choose at least one line to take back.',
};
const placedAt = (errors: readonly Problem[], fields: ReadonlyMap<string, string>): Problem[] =>
  placedInLines(namingWhatIsMissing(errors, MISSING), fields);

function notNow(actor: Actor, desk: ClaimOnDesk, status = 200): View | null {
  const reason = whyNot(actor, desk, 'adjust');
  return reason === null
    ? null
    : view('review/not-now.njk', { ...deskPage(desk), title: 'Adjust', reason }, { status });
}
