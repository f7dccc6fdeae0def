import { Get, Inject, Query } from '@nestjs/common';
import { SearchClaims } from '#claims';
import { type Actor } from '#platform/database';
import { CurrentActor } from '#platform/http';
import { claimsTable } from '../claims/claims-list.presenter.js';
import { attempt, filtersOf, PageController, view, viewAgain, type View } from '../page/index.js';

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
    return view('search/search.njk', { q, more, table: { ...table, empty: `Nothing was found for “${q}”.` } });
  }
}
