import { Body, Get, Inject, Param, Post, Query } from '@nestjs/common';
import { malformed, type Problem } from '#kernel';
import { requireMay } from '#identity';
import { AllocationOverview, MoveAllocation, PreviewMove, type AllocationRow } from '#programme';
import { type Actor } from '#platform/database';
import { CurrentActor, idOf } from '#platform/http';
import {
  attempt,
  date,
  Form,
  keepingProgramme,
  PageController,
  redirect,
  view,
  viewAgain,
  type Redirect,
  type View,
} from '../page/index.js';
import { moveBody, moveChoices, previewAddress, previewPage, reverseOf, type TypedMove } from './move.presenter.js';
import { moveText } from './words.js';

const ALL = '200';

/** Moving days: what is to be moved, then both ends before and after with the reason, then it is done, and can be undone. */
@PageController('allocations')
export class MovePages {
  constructor(
    @Inject(AllocationOverview) private readonly overview: AllocationOverview,
    @Inject(PreviewMove) private readonly previewing: PreviewMove,
    @Inject(MoveAllocation) private readonly moving: MoveAllocation,
  ) {}

  @Get('move')
  async form(@CurrentActor() actor: Actor, @Query() query: unknown): Promise<View> {
    requireMay(actor, 'allocation.move');
    return view('allocations/move.njk', await this.choices(actor, await this.typed(actor, query)));
  }

  @Get('move/preview')
  async preview(@CurrentActor() actor: Actor, @Query() query: unknown): Promise<View> {
    requireMay(actor, 'allocation.move');
    const typed = await this.typed(actor, query);
    const tried = await attempt(() => this.previewed(actor, typed));
    if (!tried.ok) {
      return viewAgain('allocations/move.njk', { ...(await this.choices(actor, typed)), errors: tried.errors });
    }
    const undone = new Form(query).text('undo');
    const reason = undone === undefined ? '' : await this.undoReason(actor, undone);
    return view('allocations/preview.njk', { ...tried.value, reason });
  }

  @Post('move')
  async move(@CurrentActor() actor: Actor, @Body() body: unknown): Promise<View | Redirect> {
    requireMay(actor, 'allocation.move');
    const form = new Form(body);
    const typed = await this.typed(actor, body);
    const reason = form.typed('reason').replaceAll('\r\n', '\n').trim();
    const tried = await attempt(() => {
      requireWhole(typed);
      if (reason === '') throw malformed([WHY]);
      const { authority, body: asked } = moveBody(typed);
      return this.moving.run(actor, authority, { ...asked, reason }, form.typed('mark'));
    });
    if (tried.ok) {
      const label = await this.label(actor, typed);
      return redirect(keepingProgramme(`/allocations/moves/${tried.value.id}`, typed.programme)(), {
        kind: 'success',
        title: `Moved: ${moveText(tried.value, label)}`,
        text: 'Both ends read of it in their own trail. If it was a mistake, undo it below: the same days are moved back.',
      });
    }
    // As it stands now, with what was typed; what cannot even be looked at goes back to the form.
    const shown = await attempt(() => this.previewed(actor, typed));
    if (!shown.ok) {
      return viewAgain('allocations/move.njk', { ...(await this.choices(actor, typed)), errors: shown.errors });
    }
    return viewAgain('allocations/preview.njk', { ...shown.value, reason, errors: tried.errors });
  }

  @Get('moves/:id/undo')
  async undo(@CurrentActor() actor: Actor, @Param('id') id: string): Promise<Redirect> {
    requireMay(actor, 'allocation.move');
    const move = await this.overview.move(actor, idOf(id, 'move of days'));
    return redirect(previewAddress(reverseOf(move), move.id));
  }

  private async previewed(actor: Actor, typed: TypedMove) {
    requireWhole(typed);
    const { authority, body } = moveBody(typed);
    const preview = await this.previewing.run(actor, authority, body);
    const label = await this.label(actor, typed);
    const ends = { days: typed.days, from: preview.source.authority, to: preview.target.authority };
    return { typed, text: moveText(ends, label), ...previewPage(preview, label) };
  }

  private async typed(actor: Actor, query: unknown): Promise<TypedMove> {
    const form = new Form(query);
    const field = (name: string) => form.typed(name).trim();
    return {
      programme: await this.overview.programme(actor, form.text('programme')),
      category: field('category'),
      from: field('from'),
      to: field('to'),
      days: field('days').replace(/^\./, '0.'),
    };
  }

  private async choices(actor: Actor, typed: TypedMove) {
    const [totals, rows] = await Promise.all([
      this.overview.totals(actor, typed.programme),
      this.rows(actor, typed.programme),
    ]);
    return { typed, ...moveChoices(totals, rows, typed), back: keepingProgramme('/allocations', typed.programme)() };
  }

  /** Every authority once: those with the first category there is. */
  private async rows(actor: Actor, programme: string): Promise<AllocationRow[]> {
    const rows: AllocationRow[] = [];
    let cursor: string | null = null;
    do {
      const asked: object = { programme, limit: ALL, ...(cursor === null ? {} : { cursor }) };
      const next = await this.overview.list(actor, asked);
      rows.push(...next.items);
      cursor = next.nextCursor;
    } while (cursor !== null);
    return rows;
  }

  private async label(actor: Actor, { programme, category }: TypedMove): Promise<string> {
    const totals = await this.overview.totals(actor, programme);
    return totals.find((one) => one.category === category)?.label ?? category;
  }

  private async undoReason(actor: Actor, id: string): Promise<string> {
    const move = await this.overview.move(actor, idOf(id, 'move of days'));
    return `Undoes the move of ${date(move.movedAt)}: `;
  }
}

const WHY: Problem = { path: 'reason', code: 'required', message: 'Say why the days are moved. Both ends read it.' };

/** Throws malformed for what was not chosen, in the words of the form. */
function requireWhole({ category, from, to, days }: TypedMove): void {
  const problems: Problem[] = [];
  const missing = (path: string, message: string) => problems.push({ path, code: 'required', message });
  if (category === '') missing('category', 'Choose a category.');
  if (from === '') missing('from', 'Choose who gives the days.');
  if (to === '') missing('to', 'Choose who gets the days.');
  if (from !== '' && from === to) missing('to', 'Choose another than who gives the days.');
  if (days === '') missing('days', 'Enter how many days, like 1.5.');
  if (problems.length > 0) throw malformed(problems);
}
