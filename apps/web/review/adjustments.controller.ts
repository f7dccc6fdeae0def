import { Body, Get, Inject, Param, Post, Query, type StreamableFile } from '@nestjs/common';
import { AdjustmentQueries, ClaimDesk, EndProposal } from '#claims';
import { type Problem } from '#kernel';
import { may, type Person } from '#identity';
import { type Actor } from '#platform/database';
import { CurrentActor, idOf } from '#platform/http';
import { ProgrammeQueries } from '#programme';
import {
  attempt,
  csvDownload,
  filtersOf,
  Form,
  listLinks,
  money,
  PageController,
  redirect,
  view,
  viewAgain,
  type Redirect,
  type View,
} from '../page/index.js';
import { adjustmentAddress, adjustmentPage, adjustmentsTable, stateChoices } from './adjust.presenter.js';

const CSV_COLUMNS = [
  ...['invoiceNumber', 'authority', 'state', 'amountPence', 'recoveredPence', 'balancePence', 'creditNoteNumber'],
  ...['proposedAt', 'approvedAt', 'reason', 'cancelReason', 'id'],
];

/** What is taken back of approved claims: the list, and one of them to approve or cancel. */
@PageController('adjustments')
export class AdjustmentPages {
  constructor(
    @Inject(AdjustmentQueries) private readonly queries: AdjustmentQueries,
    @Inject(EndProposal) private readonly ending: EndProposal,
    @Inject(ClaimDesk) private readonly desk: ClaimDesk,
    @Inject(ProgrammeQueries) private readonly programmes: ProgrammeQueries,
  ) {}

  @Get()
  async list(@CurrentActor() actor: Actor, @Query() query: unknown): Promise<View> {
    const filters = filtersOf(query);
    const shown = { states: stateChoices(filters['state']) };
    const tried = await attempt(() => this.queries.list(actor, { limit: '25', ...filters }));
    if (!tried.ok) return viewAgain('review/adjustments.njk', { ...shown, errors: tried.errors });
    const { items, nextCursor } = tried.value;
    const people = await this.people(
      actor,
      items.map(({ proposedBy }) => proposedBy),
    );
    const list = await this.programmes.authorities(actor, null, 500);
    const authorities = new Map(list.map(({ code, name }) => [code, name]));
    return view('review/adjustments.njk', {
      ...shown,
      table: adjustmentsTable(items, { people, authorities }),
      links: listLinks('/adjustments', filters, nextCursor),
    });
  }

  @Get('download')
  download(@CurrentActor() actor: Actor, @Query() query: unknown): StreamableFile {
    return csvDownload('adjustments.csv', CSV_COLUMNS, filtersOf(query), (asked) => this.queries.list(actor, asked));
  }

  @Get(':id')
  page(@CurrentActor() actor: Actor, @Param('id') id: string): Promise<View> {
    return this.show(actor, idOf(id, 'adjustment'));
  }

  @Post(':id/approve')
  async approve(
    @CurrentActor() actor: Actor,
    @Param('id') id: string,
    @Body() body: unknown,
  ): Promise<View | Redirect> {
    const own = idOf(id, 'adjustment');
    const tried = await attempt(() => this.ending.approve(actor, own, {}, new Form(body).version()));
    if (!tried.ok) return this.show(actor, own, { errors: tried.errors.map((error) => ({ ...error, path: '' })) });
    const { amountPence, creditNoteNumber } = tried.value;
    return redirect(adjustmentAddress(own), {
      kind: 'success',
      title: `To take ${money(amountPence)} back is approved`,
      text: `Credit note ${creditNoteNumber} is issued. The amount is set off against the next payments, or repaid.`,
    });
  }

  @Post(':id/cancel')
  async cancel(@CurrentActor() actor: Actor, @Param('id') id: string, @Body() body: unknown): Promise<View | Redirect> {
    const own = idOf(id, 'adjustment');
    const form = new Form(body);
    const reason = form.text('reason');
    const asked = reason === undefined ? {} : { reason };
    const tried = await attempt(() => this.ending.cancel(actor, own, asked, form.version()));
    if (tried.ok) return redirect(adjustmentAddress(own), 'The proposal is cancelled');
    const errors = tried.errors.map((error) =>
      error.path === 'reason' && error.code === 'required' ? { ...error, message: 'Say why it is cancelled.' } : error,
    );
    return this.show(actor, own, { errors, reason: form.typed('reason') });
  }

  /** An authority is not told who at MTM it was. */
  private async people(actor: Actor, ids: readonly (string | null)[]): Promise<ReadonlyMap<string, Person>> {
    return may(actor, 'claim.read_mtm').allowed ? this.desk.people(actor, ids) : new Map();
  }

  private async show(actor: Actor, id: string, again?: { errors: readonly Problem[]; reason?: string }): Promise<View> {
    const adjustment = await this.queries.one(actor, id);
    const people = await this.people(actor, [adjustment.proposedBy, adjustment.approvedBy]);
    const data = { ...adjustmentPage(actor, adjustment, people), ...(again?.reason && { reason: again.reason }) };
    return again
      ? viewAgain('review/adjustment.njk', { ...data, errors: again.errors })
      : view('review/adjustment.njk', data);
  }
}
