import { Get, Inject, Query, type StreamableFile } from '@nestjs/common';
import { AgedClaims } from '#funding';
import { type Actor } from '#platform/database';
import { CurrentActor } from '#platform/http';
import { CLAIM_CSV_COLUMNS, claimsTable } from '../claims/claims-list.presenter.js';
import {
  addressWith,
  attempt,
  csvDownload,
  filtersOf,
  listLinks,
  PAGE_SIZE,
  PageController,
  view,
  viewAgain,
  type View,
} from '../page/index.js';
import { AGED, ageWords } from './ageing.presenter.js';

/** The claims that a sum of the report of ages is made of. */
@PageController('reports/ageing/claims')
export class AgedClaimPages {
  constructor(@Inject(AgedClaims) private readonly aged: AgedClaims) {}

  @Get()
  async list(@CurrentActor() actor: Actor, @Query() query: unknown): Promise<View> {
    const filters = filtersOf(query);
    const { programme, authority, band } = filters;
    const back = addressWith('/reports/ageing', programme === undefined ? {} : { programme });
    const everybody = actor.scope === '*';
    const tried = await attempt(() => this.aged.list(actor, { limit: PAGE_SIZE, ...filters }));
    if (!tried.ok) return viewAgain('reports/aged-claims.njk', { back, authority, errors: tried.errors });
    const { items, nextCursor } = tried.value;
    return view('reports/aged-claims.njk', {
      ...{ back, authority, age: ageWords(band) },
      table: {
        ...claimsTable(items, everybody, true),
        caption: 'Unpaid claims',
        empty: 'No claim is unpaid here now.',
      },
      links: listLinks(AGED, filters, nextCursor),
    });
  }

  @Get('download')
  download(@CurrentActor() actor: Actor, @Query() query: unknown): StreamableFile {
    return csvDownload('unpaid-claims.csv', CLAIM_CSV_COLUMNS, filtersOf(query), (asked) =>
      this.aged.list(actor, asked),
    );
  }
}
