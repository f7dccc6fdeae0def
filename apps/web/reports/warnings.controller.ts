import { Get, Inject, Query, type StreamableFile } from '@nestjs/common';
import { WARNING_COLUMNS, WarningQueries } from '#funding';
import { type Actor } from '#platform/database';
import { CurrentActor } from '#platform/http';
import {
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
import { warningsTable } from './warnings.presenter.js';

type Filters = Readonly<Record<string, string>>;
const PATH = '/reports/warnings';

/** Codes are capitals, however they were typed. */
const upper = ({ authority, ...filters }: Filters): Filters =>
  authority === undefined ? filters : { ...filters, authority: authority.toUpperCase() };

/** Which unpaid claims MTM finance was warned of, when, and at which age. */
@PageController('reports/warnings')
export class WarningPages {
  constructor(@Inject(WarningQueries) private readonly warnings: WarningQueries) {}

  @Get()
  async list(@CurrentActor() actor: Actor, @Query() query: unknown): Promise<View> {
    const filters = upper(filtersOf(query));
    const read = () => this.warnings.list(actor, { limit: PAGE_SIZE, ...filters });
    const tried = await attempt(read);
    if (!tried.ok) {
      // What nobody of this role may read is no matter of filters.
      if (tried.code === 'role_not_allowed') await read();
      return viewAgain('reports/warnings.njk', { filters, errors: tried.errors });
    }
    const { items, nextCursor } = tried.value;
    return view('reports/warnings.njk', {
      filters,
      table: warningsTable(items, Object.keys(filters).length > 0),
      links: listLinks(PATH, filters, nextCursor),
    });
  }

  @Get('download')
  download(@CurrentActor() actor: Actor, @Query() query: unknown): StreamableFile {
    return csvDownload('warnings.csv', WARNING_COLUMNS, upper(filtersOf(query)), (asked) =>
      this.warnings.list(actor, asked),
    );
  }
}
