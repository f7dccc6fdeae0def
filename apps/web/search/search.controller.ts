import { Get, Inject, Query, type StreamableFile } from '@nestjs/common';
import { SearchClaims } from '#claims';
import { type Actor } from '#platform/database';
import { CurrentActor } from '#platform/http';
import { CLAIM_CSV_COLUMNS, claimsTable } from '../claims/claims-list.presenter.js';
import { addressWith, attempt, csvOf, filtersOf, PageController, view, viewAgain, type View } from '../page/index.js';

@PageController('search')
export class SearchPages {
  constructor(@Inject(SearchClaims) private readonly searching: SearchClaims) {}

  @Get()
  async search(@CurrentActor() actor: Actor, @Query() query: unknown): Promise<View> {
    const { q } = filtersOf(query);
    if (q === undefined) return view('search/search.njk', { q: '', table: null });
    const tried = await attempt(() => this.searching.run(actor, { q }));
    if (!tried.ok) return viewAgain('search/search.njk', { q, table: null, errors: tried.errors });
    const { items, more } = tried.value;
    const table = { ...claimsTable(items, actor.scope === '*', true), caption: 'Claims found' };
    const csv = items.length > 0 ? addressWith('/search/download', { q }) : undefined;
    return view('search/search.njk', { q, more, csv, table: { ...table, empty: `Nothing was found for “${q}”.` } });
  }

  /** The claims found, as many as the page shows. */
  @Get('download')
  async download(@CurrentActor() actor: Actor, @Query() query: unknown): Promise<StreamableFile> {
    const { q } = filtersOf(query);
    const { items } = q === undefined ? { items: [] } : await this.searching.run(actor, { q });
    return csvOf('search.csv', CLAIM_CSV_COLUMNS, items);
  }
}
