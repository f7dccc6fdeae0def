import { Body, Get, Inject, Param, Post, Query } from '@nestjs/common';
import { AdjustmentQueries, ClaimDesk, type ClaimOnDesk, type StandingLineView } from '#claims';
import { AssuranceQueries, RecordOutcome, type AssuranceItemView } from '#funding';
import { type Problem } from '#kernel';
import { type Actor } from '#platform/database';
import { CurrentActor, idOf } from '#platform/http';
import { attempt, Form, PageController, redirect, view, viewAgain, type Redirect, type View } from '../page/index.js';
import {
  adjustmentInput,
  adjustPage,
  hiddenAdjustment,
  NO_ADJUSTMENT,
  placedInLines,
  previewPage,
  typedAdjustment,
  type TypedAdjustment,
} from '../review/adjust.presenter.js';
import { adjustedBefore, whyNotRecord } from './item.presenter.js';
import { itemAddress, itemStatus } from './words.js';

interface Opened {
  readonly item: AssuranceItemView;
  readonly desk: ClaimOnDesk;
  readonly standing: readonly StandingLineView[];
  /** Which part of a long claim was asked for. */
  readonly asked: unknown;
}

/** That the evidence does not bear a drawn claim out: of which lines, what that would take back, recorded with the proposal. */
@PageController('assurance/items/:id/failed')
export class FailedCheckPages {
  constructor(
    @Inject(AssuranceQueries) private readonly queries: AssuranceQueries,
    @Inject(RecordOutcome) private readonly recording: RecordOutcome,
    @Inject(ClaimDesk) private readonly desk: ClaimDesk,
    @Inject(AdjustmentQueries) private readonly adjustments: AdjustmentQueries,
  ) {}

  @Get()
  async page(@CurrentActor() actor: Actor, @Param('id') id: string, @Query('part') part: unknown): Promise<View> {
    const opened = await this.open(actor, idOf(id, 'assurance item'), part);
    return notNow(actor, opened) ?? form(opened, NO_ADJUSTMENT);
  }

  @Post()
  async post(@CurrentActor() actor: Actor, @Param('id') id: string, @Body() body: unknown): Promise<View | Redirect> {
    const sent = new Form(body);
    const opened = await this.open(actor, idOf(id, 'assurance item'), sent.typed('part'));
    // A double click finds it recorded, and is answered as the first one was.
    const typed = typedAdjustment(sent, opened.standing);
    if (sent.typed('do') === 'confirm') return this.record(actor, opened, sent);
    const refused = notNow(actor, opened, 409);
    if (refused) return refused;
    return sent.typed('do') === 'change' ? form(opened, typed) : this.preview(actor, opened, sent);
  }

  private async preview(actor: Actor, opened: Opened, sent: Form): Promise<View> {
    const typed = typedAdjustment(sent, opened.standing);
    const { input, fields } = adjustmentInput(sent, typed);
    const tried = await attempt(() => {
      sent.check();
      return this.recording.preview(actor, opened.item.id, { outcome: 'failed', ...input });
    });
    if (!tried.ok) return form(opened, typed, placedInLines(tried.errors, fields));
    return view('assurance/failed-check.njk', {
      ...shared(opened),
      ...(tried.value === null ? {} : previewPage(opened.desk, tried.value, typed)),
      version: opened.item.version,
      reason: typed.reason,
      fields: hiddenAdjustment(typed),
      part: sent.typed('part'),
    });
  }

  private async record(actor: Actor, opened: Opened, sent: Form): Promise<View | Redirect> {
    const typed = typedAdjustment(sent, opened.standing);
    const { input, fields } = adjustmentInput(sent, typed);
    const tried = await attempt(() => {
      sent.check();
      return this.recording.run(actor, opened.item.id, { outcome: 'failed', ...input }, sent.version());
    });
    if (!tried.ok) return notNow(actor, opened, 409) ?? form(opened, typed, placedInLines(tried.errors, fields));
    const { id, invoiceNumber, adjustmentId } = tried.value;
    return redirect(itemAddress(id), {
      kind: 'success',
      title: `It is recorded that ${invoiceNumber} was not borne out`,
      text:
        adjustmentId === null
          ? 'Nothing more is taken back of it.'
          : 'An adjustment is proposed of it. An approver decides; until then it can be cancelled.',
    });
  }

  private async open(actor: Actor, id: string, asked: unknown): Promise<Opened> {
    const item = await this.queries.item(actor, id);
    const desk = await this.desk.get(actor, item.claimId);
    return { item, desk, standing: await this.adjustments.standing(actor, item.claimId), asked };
  }
}

const shared = ({ item }: Opened) => ({
  name: item.invoiceNumber,
  itemAddress: itemAddress(item.id),
  status: itemStatus(item),
});

function form(opened: Opened, typed: TypedAdjustment, errors: readonly Problem[] = []): View {
  const { desk, standing, asked } = opened;
  const data = { ...adjustPage(desk, { standing, asked }, typed), ...shared(opened), before: adjustedBefore(desk) };
  return errors.length > 0
    ? viewAgain('assurance/failed.njk', { ...data, errors })
    : view('assurance/failed.njk', data);
}

function notNow(actor: Actor, opened: Opened, status = 200): View | null {
  const reason = whyNotRecord(actor, opened.item, opened.desk);
  if (reason === null) return null;
  return view('assurance/not-now.njk', { ...shared(opened), authority: opened.desk.authorityName, reason }, { status });
}
