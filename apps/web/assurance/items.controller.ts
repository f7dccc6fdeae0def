import { Body, Get, Inject, Param, Post, Query, type StreamableFile } from '@nestjs/common';
import { ClaimDesk, MOST_FILES_OF_CLAIM, ReadEvidence } from '#claims';
import { AssuranceQueries, RecordOutcome } from '#funding';
import { may } from '#identity';
import { type Problem } from '#kernel';
import { type Actor } from '#platform/database';
import { CurrentActor, idOf } from '#platform/http';
import {
  attempt,
  csvDownload,
  filtersOf,
  Form,
  listLinks,
  PAGE_SIZE,
  PageController,
  redirect,
  view,
  viewAgain,
  type Redirect,
  type View,
} from '../page/index.js';
import { itemPage } from './item.presenter.js';
import { ITEM_COLUMNS, itemsTable } from './samples.presenter.js';
import { itemAddress, sampleAddress, stateChoices } from './words.js';

const ASKED = '/assurance/asked';

/** Claims that were drawn: which evidence is asked of whom, and what the check of one came to. */
@PageController('assurance')
export class DrawnClaimPages {
  constructor(
    @Inject(AssuranceQueries) private readonly queries: AssuranceQueries,
    @Inject(RecordOutcome) private readonly recording: RecordOutcome,
    @Inject(ClaimDesk) private readonly desk: ClaimDesk,
    @Inject(ReadEvidence) private readonly evidence: ReadEvidence,
  ) {}

  @Get('asked')
  async asked(@CurrentActor() actor: Actor, @Query() query: unknown): Promise<View> {
    const filters = upper(filtersOf(query));
    const everybody = actor.scope === '*';
    const read = () => this.queries.items(actor, { limit: PAGE_SIZE, ...filters });
    const tried = await attempt(read);
    const shown = { filters, everybody, states: stateChoices(filters['state']) };
    if (!tried.ok) {
      // What nobody of this role may read is no matter of filters.
      if (tried.code === 'role_not_allowed') await read();
      return viewAgain('assurance/asked.njk', { ...shown, errors: tried.errors });
    }
    const { items, nextCursor } = tried.value;
    const filtered = Object.keys(filters).length > 0;
    const empty = filtered
      ? 'No drawn claim matches these filters.'
      : everybody
        ? 'No claim was drawn yet.'
        : 'Nothing is asked of you. When MTM draws one of your claims for a check, you get an e-mail and it stands here.';
    return view('assurance/asked.njk', {
      ...shown,
      table: itemsTable(items, { everybody, empty }),
      links: listLinks(ASKED, filters, nextCursor),
    });
  }

  @Get('asked/download')
  askedFile(@CurrentActor() actor: Actor, @Query() query: unknown): StreamableFile {
    return csvDownload('evidence-asked-for.csv', ITEM_COLUMNS, upper(filtersOf(query)), (asked) =>
      this.queries.items(actor, asked),
    );
  }

  @Get('items/:id')
  page(@CurrentActor() actor: Actor, @Param('id') id: string): Promise<View> {
    return this.show(actor, idOf(id, 'assurance item'));
  }

  /** That the evidence bears the claim out. */
  @Post('items/:id')
  async pass(@CurrentActor() actor: Actor, @Param('id') id: string, @Body() body: unknown): Promise<View | Redirect> {
    const own = idOf(id, 'assurance item');
    const form = new Form(body);
    const reason = form.text('reason')?.replace(/\s+/g, ' ');
    const outcome = { outcome: 'passed', ...(reason !== undefined && { reason }) };
    const tried = await attempt(() => this.recording.run(actor, own, outcome, form.version()));
    if (!tried.ok) return this.show(actor, own, { errors: tried.errors, reason: form.typed('reason') });
    const { sampleId, invoiceNumber } = tried.value;
    return redirect(sampleAddress(sampleId), {
      kind: 'success',
      title: `${invoiceNumber} passed its check`,
      text: 'It is recorded for good. Go on with the next claim of the sample.',
    });
  }

  private async show(actor: Actor, id: string, again?: { errors: readonly Problem[]; reason: string }): Promise<View> {
    const item = await this.queries.item(actor, id);
    const files = await this.evidence.list(actor, item.claimId, { limit: MOST_FILES_OF_CLAIM, after: null });
    // An authority is not told who at MTM it was, nor why its claim was drawn.
    const payer = may(actor, 'claim.read_mtm').allowed;
    const desk = payer ? await this.desk.get(actor, item.claimId) : null;
    const people = payer ? await this.desk.people(actor, [item.recordedBy]) : new Map<string, never>();
    const back = payer ? sampleAddress(item.sampleId) : ASKED;
    const data = {
      ...itemPage(actor, item, { desk, people, files }),
      back,
      failedAddress: `${itemAddress(id)}/failed`,
    };
    return again ? viewAgain('assurance/item.njk', { ...data, ...again }) : view('assurance/item.njk', data);
  }
}

/** Codes are capitals, however they were typed. */
const upper = ({ authority, ...filters }: Record<string, string>): Record<string, string> =>
  authority === undefined ? filters : { ...filters, authority: authority.toUpperCase() };
