import { Body, Get, Inject, Param, Post, Query, type StreamableFile } from '@nestjs/common';
import { notFound } from '#kernel';
import { GrantEntryFilters, GrantQueries, RecordGrantEntry, type GrantEntryView, type GrantView } from '#grants';
import { may, requireMay } from '#identity';
import { codeOf } from '#programme';
import { type Actor } from '#platform/database';
import { CurrentActor, idOf, listQuery, page, type Page } from '#platform/http';
import { kinds } from '#platform/validation';
import {
  attempt,
  csvDownload,
  errorsFor,
  namingWhatIsMissing,
  filtersOf,
  Form,
  keepingProgramme,
  listLinks,
  money,
  PAGE_SIZE,
  PageController,
  redirect,
  view,
  viewAgain,
  type Notice,
  type Redirect,
  type View,
} from '../page/index.js';
import { ENTRY_CSV } from './columns.js';
import { entryBody, entryValues, quarterChoices } from './spending.presenter.js';
import { entriesTable } from './grant.presenter.js';

const MISSING = {
  quarter: 'Choose the quarter it was spent in.',
  amount: 'Enter the amount, in pounds and pence.',
  description: 'Say what it was for.',
  reason: 'Say why it is corrected.',
};

/** What a grant was spent on: the list, an entry more, a correction. */
@PageController('grants/:code/entries')
export class SpendingPages {
  constructor(
    @Inject(GrantQueries) private readonly grants: GrantQueries,
    @Inject(RecordGrantEntry) private readonly recording: RecordGrantEntry,
  ) {}

  @Get()
  async list(@CurrentActor() actor: Actor, @Param('code') code: string, @Query() query: unknown): Promise<View> {
    const authority = codeOf(code, 'authority');
    const filters = filtersOf(query);
    const grant = await this.grants.grant(actor, authority, filters['programme'] ?? null);
    const mayEdit = may(actor, 'grant.edit', { authority }).allowed;
    const at = keepingProgramme(`/grants/${authority}`, filters['programme']);
    const shown = { grant, filters, mayEdit, at, back: at() };
    const quarters = quarterChoices(grant, filters['quarter'], 'All');
    const tried = await attempt(() => this.entries(actor, authority, { limit: PAGE_SIZE, ...filters }));
    if (!tried.ok) {
      const table = entriesTable([], { mayEdit, filtered: true, at });
      return viewAgain('grants/entries.njk', { ...shown, quarters, table, errors: tried.errors });
    }
    return view('grants/entries.njk', {
      ...shown,
      quarters,
      table: entriesTable(tried.value.items, { mayEdit, filtered: filters['quarter'] !== undefined, at }),
      links: listLinks(`/grants/${authority}/entries`, filters, tried.value.nextCursor),
    });
  }

  @Get('download')
  download(@CurrentActor() actor: Actor, @Param('code') code: string, @Query() query: unknown): StreamableFile {
    const authority = codeOf(code, 'authority');
    const next = (asked: object) => this.entries(actor, authority, asked);
    return csvDownload(`grant-spending-${authority}.csv`, ENTRY_CSV, filtersOf(query), next);
  }

  @Get('new')
  async form(@CurrentActor() actor: Actor, @Param('code') code: string, @Query() query: unknown): Promise<View> {
    const asked = filtersOf(query);
    const { grant, replaced } = await this.editable(actor, code, asked);
    return view('grants/entry.njk', {
      ...entryPage(grant, replaced, entryValues(replaced, asked['quarter'])),
      back: entriesAddress(grant, asked),
    });
  }

  @Post('new')
  async record(
    @CurrentActor() actor: Actor,
    @Param('code') code: string,
    @Query() query: unknown,
    @Body() body: unknown,
  ): Promise<View | Redirect> {
    const { grant, replaced } = await this.editable(actor, code, filtersOf(query));
    const back = entriesAddress(grant, filtersOf(query));
    const form = new Form(body);
    const asked = entryBody(form, replaced?.id ?? null);
    const tried = await attempt(() => {
      form.check();
      return this.recording.run(actor, grant.authority, asked, grant.programme);
    });
    if (tried.ok) return redirect(back, recordedNotice(tried.value, replaced));
    const errors = namingWhatIsMissing(errorsFor(tried.errors, { amountPence: 'amount' }), MISSING);
    return viewAgain('grants/entry.njk', { ...entryPage(grant, replaced, form.values), back, errors });
  }

  private async entries(actor: Actor, authority: string, query: object): Promise<Page<GrantEntryView>> {
    const { filters, page: wanted } = listQuery(GrantEntryFilters, query, [kinds.uuid()]);
    const before = (wanted.after?.[0] ?? null) as string | null;
    const rows = await this.grants.entries(actor, authority, filters, { before, limit: wanted.limit + 1 });
    return page(rows, wanted.limit, (last) => [last.id]);
  }

  /** The grant, and the entry to correct, for whoever may change it. Throws not_found, forbidden. */
  private async editable(
    actor: Actor,
    code: string,
    { programme, replaces }: Readonly<Record<string, string>>,
  ): Promise<{ grant: GrantView; replaced: GrantEntryView | null }> {
    const authority = codeOf(code, 'authority');
    const grant = await this.grants.grant(actor, authority, programme ?? null);
    requireMay(actor, 'grant.edit', { authority });
    if (replaces === undefined) return { grant, replaced: null };
    const id = idOf(replaces, 'entry');
    const [replaced] = await this.grants.entriesOf(actor, authority, programme ?? null, [id]);
    if (!replaced) throw notFound('entry');
    return { grant, replaced };
  }
}

const entryPage = (grant: GrantView, replaced: GrantEntryView | null, values: Readonly<Record<string, unknown>>) => ({
  grant,
  replaced,
  values,
  quarters: quarterChoices(grant, typeof values['quarter'] === 'string' ? values['quarter'] : undefined, 'Choose'),
});

const entriesAddress = ({ authority }: GrantView, { programme }: Readonly<Record<string, string>>): string =>
  keepingProgramme(`/grants/${authority}/entries`, programme)();

function recordedNotice({ amountPence, quarter, flags }: GrantEntryView, replaced: GrantEntryView | null): Notice {
  const title = `${money(amountPence)} ${replaced ? 'takes the place of' : 'is recorded for'} ${replaced ? money(replaced.amountPence) : quarter}`;
  return flags.length === 0
    ? { kind: 'success', title, text: 'If something is wrong with it, correct it below: both stay to be seen.' }
    : {
        kind: 'important',
        title: `${title}, but it looks like a trainer invoice of a claim`,
        text: 'A cost is in the grant or in a claim, never in both. Look at the claim beside it below, and correct whichever is wrong.',
      };
}
