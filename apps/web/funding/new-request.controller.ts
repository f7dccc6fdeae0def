import { Body, Get, Inject, Post, Query, type StreamableFile } from '@nestjs/common';
import { CreateRequest, RequestableQueries, SummaryReports } from '#funding';
import { type Problem } from '#kernel';
import { requireMay } from '#identity';
import { type Actor } from '#platform/database';
import { CurrentActor } from '#platform/http';
import {
  attempt,
  csvDownload,
  csvOf,
  filtersOf,
  Form,
  listLinks,
  money,
  PageController,
  plural,
  redirect,
  view,
  viewAgain,
  type Redirect,
  type View,
} from '../page/index.js';
import { atStages } from './overview.presenter.js';
import { BY_AUTHORITY_CSV, choiceOf, previewFile, previewOf, REQUESTABLE_CSV, tickable } from './requests.presenter.js';

/** So many claims to tick: their ids fit into an address. */
const TICKABLE = '100';

/** A new request: which claims, what the funder would be asked for, a draft. Nothing is asked before the draft is submitted. */
@PageController('funding/requests')
export class NewRequestPages {
  constructor(
    @Inject(CreateRequest) private readonly creating: CreateRequest,
    @Inject(RequestableQueries) private readonly requestable: RequestableQueries,
    @Inject(SummaryReports) private readonly reports: SummaryReports,
  ) {}

  @Get('new')
  async choose(@CurrentActor() actor: Actor, @Query() query: unknown): Promise<View> {
    return view('funding/new-request.njk', await this.choices(actor, new Form(query)));
  }

  @Get('choose')
  async byHand(@CurrentActor() actor: Actor, @Query() query: unknown): Promise<View> {
    requireMay(actor, 'funding_request.prepare');
    const filters = filtersOf(query);
    const tried = await attempt(() => this.requestable.list(actor, { limit: TICKABLE, ...filters }));
    if (!tried.ok) return viewAgain('funding/choose.njk', { filters, claims: [], errors: tried.errors });
    const { items, nextCursor } = tried.value;
    const links = listLinks('/funding/requests/choose', filters, nextCursor);
    return view('funding/choose.njk', { filters, claims: tickable(items, []), links });
  }

  @Get('choose/download')
  byHandFile(@CurrentActor() actor: Actor, @Query() query: unknown): StreamableFile {
    requireMay(actor, 'funding_request.prepare');
    const fetch = (asked: object) => this.requestable.list(actor, asked);
    return csvDownload('claims-to-ask-for.csv', REQUESTABLE_CSV, filtersOf(query), fetch);
  }

  @Get('preview')
  async preview(@CurrentActor() actor: Actor, @Query() query: unknown): Promise<View> {
    const form = new Form(query);
    const { body, fields } = choiceOf(form);
    if (form.text('which') === 'hand' && body.claimIds?.length === 0) return this.nothingTicked(actor, form);
    const tried = await attempt(async () => {
      const preview = await this.creating.preview(actor, body);
      return { preview, byAuthority: await this.creating.byAuthority(actor, body) };
    });
    if (!tried.ok) return this.again(actor, form, tried.errors);
    const { preview, byAuthority } = tried.value;
    const { funder } = await this.reports.names(actor, form.text('programme'));
    const shown = { ...previewOf(preview, byAuthority, funder), funder, fields, csv: previewFile(fields) };
    return view('funding/preview-request.njk', shown);
  }

  @Get('preview/download')
  async previewCsv(@CurrentActor() actor: Actor, @Query() query: unknown): Promise<StreamableFile> {
    requireMay(actor, 'funding_request.prepare');
    const rows = await this.creating.byAuthority(actor, choiceOf(new Form(query)).body);
    return csvOf('funding-request-preview.csv', BY_AUTHORITY_CSV, rows);
  }

  @Post()
  async create(@CurrentActor() actor: Actor, @Body() body: unknown): Promise<View | Redirect> {
    const form = new Form(body);
    const tried = await attempt(() => this.creating.run(actor, choiceOf(form).body));
    if (!tried.ok) return this.again(actor, form, tried.errors);
    const { id, claimCount, requestedPence } = tried.value;
    return redirect(`/funding/requests/${id}`, {
      kind: 'success',
      title: `A draft of ${plural(claimCount, 'claim')} is kept`,
      text: `Nothing has been asked for yet. Check it, then submit it to ask for ${money(requestedPence)}, or cancel it.`,
    });
  }

  private async again(actor: Actor, form: Form, errors: readonly Problem[]): Promise<View> {
    // What was ticked is chosen again from the claims as they are now: the places in the list mean nothing to people.
    const told = errors.map((error) => (error.path.startsWith('claimIds') ? { ...error, path: '' } : error));
    return viewAgain('funding/new-request.njk', { ...(await this.choices(actor, form)), errors: told });
  }

  private async nothingTicked(actor: Actor, form: Form): Promise<View> {
    const [authority, programme] = [form.text('filter'), form.text('programme')];
    const filters = { ...(authority && { authority }), ...(programme && { programme }) };
    const { items, nextCursor } = await this.requestable.list(actor, { limit: TICKABLE, ...filters });
    return viewAgain('funding/choose.njk', {
      filters,
      claims: tickable(items, []),
      links: listLinks('/funding/requests/choose', filters, nextCursor),
      errors: [{ path: 'claimIds', code: 'required', message: 'Tick at least one claim.' }],
    });
  }

  private async choices(actor: Actor, form: Form) {
    requireMay(actor, 'funding_request.prepare');
    const { rows, funder } = await this.figures(actor, form.text('programme'));
    const notAsked = rows.filter(({ stage }) => stage === 'not_asked');
    const { count, pence } = atStages(rows, 'not_asked');
    return {
      funder,
      which: form.text('which') ?? 'all',
      authority: form.typed('authority'),
      programme: form.typed('programme'),
      all: `${plural(count, 'claim')}, ${money(pence)}`,
      authorities: notAsked.map((row) => ({
        value: row.authority,
        text: `${row.authority}: ${plural(row.claimCount, 'claim')}, ${money(row.amountPence)}`,
        selected: row.authority === form.typed('authority').toUpperCase(),
      })),
    };
  }

  private figures(actor: Actor, programme: string | undefined) {
    return this.reports.funding(actor, programme === undefined ? {} : { programme });
  }
}
