import { Get, Inject, Param, Query, type StreamableFile } from '@nestjs/common';
import { notFound } from '#kernel';
import { AllocationOverview, codeOf, ProgrammeQueries } from '#programme';
import { type Actor } from '#platform/database';
import { CurrentActor, idOf } from '#platform/http';
import {
  attempt,
  csvDownload,
  csvOf,
  filtersOf,
  listLinks,
  PAGE_SIZE,
  PageController,
  redirect,
  view,
  viewAgain,
  type Redirect,
  type View,
} from '../page/index.js';
import {
  ALLOCATION_CSV,
  allocationsTable,
  authorityPage,
  DRAW_CSV,
  drawsTable,
  MOVE_CSV,
  movesTable,
  TOTALS_CSV,
  totalsPage,
} from './allocations.presenter.js';
import { moveText } from './words.js';

/** An authority has a handful of categories, and few moves are shown beside them. */
const ALL = '200';
const FEW_MOVES = '10';

@PageController('allocations')
export class AllocationPages {
  constructor(
    @Inject(AllocationOverview) private readonly overview: AllocationOverview,
    @Inject(ProgrammeQueries) private readonly programme: ProgrammeQueries,
  ) {}

  @Get()
  async list(@CurrentActor() actor: Actor, @Query() query: unknown): Promise<View | Redirect> {
    if (actor.scope !== '*') return redirect(`/allocations/${actor.scope}`);
    const filters = filtersOf(query);
    const totals = await this.overview.totals(actor, filters['programme']);
    const shown = { filters, categories: choices(totals, filters['category']), ...totalsPage(totals) };
    const tried = await attempt(() => this.overview.list(actor, { limit: PAGE_SIZE, ...filters }));
    if (!tried.ok) {
      return viewAgain('allocations/list.njk', { ...shown, errors: tried.errors, table: allocationsTable([], true) });
    }
    return view('allocations/list.njk', {
      ...shown,
      table: allocationsTable(tried.value.items, Object.keys(filters).length > 0),
      links: listLinks('/allocations', filters, tried.value.nextCursor),
    });
  }

  @Get('download')
  download(@CurrentActor() actor: Actor, @Query() query: unknown): StreamableFile {
    const next = (asked: object) => this.overview.list(actor, asked);
    return csvDownload('allocations.csv', ALLOCATION_CSV, filtersOf(query), next);
  }

  @Get('totals.csv')
  async totals(@CurrentActor() actor: Actor, @Query() query: unknown): Promise<StreamableFile> {
    const rows = await this.overview.totals(actor, filtersOf(query)['programme']);
    return csvOf('allocation-totals.csv', TOTALS_CSV, rows);
  }

  @Get('moves')
  async moves(@CurrentActor() actor: Actor, @Query() query: unknown): Promise<View> {
    const filters = filtersOf(query);
    const { items, nextCursor } = await this.overview.moves(actor, { limit: PAGE_SIZE, ...filters });
    return view('allocations/moves.njk', {
      table: { ...movesTable(items, await this.labels(actor)), captionHidden: true },
      links: listLinks('/allocations/moves', filters, nextCursor),
      back: '/allocations',
    });
  }

  @Get('moves/download')
  moveFile(@CurrentActor() actor: Actor): StreamableFile {
    return csvDownload('allocation-moves.csv', MOVE_CSV, {}, (asked) => this.overview.moves(actor, asked));
  }

  @Get('moves/:id')
  async move(@CurrentActor() actor: Actor, @Param('id') id: string): Promise<View> {
    const move = await this.overview.move(actor, idOf(id, 'move of days'));
    const label = (await this.labels(actor, move.programme)).get(move.category) ?? move.category;
    return view('allocations/moved.njk', { move, label, text: moveText(move, label), back: '/allocations/moves' });
  }

  @Get(':code')
  async authority(@CurrentActor() actor: Actor, @Param('code') code: string, @Query() query: unknown): Promise<View> {
    const authority = codeOf(code, 'authority');
    const { programme } = filtersOf(query);
    const of = { authority, limit: ALL, ...(programme ? { programme } : {}) };
    const [profile, { items }, views, moves] = await Promise.all([
      this.programme.authority(actor, authority),
      this.overview.list(actor, of),
      this.programme.allocations(actor, authority, programme ?? null),
      this.programme.moves(actor, authority, null, Number(FEW_MOVES) + 1),
    ]);
    const labels = new Map(items.map(({ category, label }) => [category, label]));
    return view('allocations/authority.njk', {
      profile,
      own: actor.scope === authority,
      ...authorityPage(items, views),
      moves: movesTable(moves.slice(0, Number(FEW_MOVES)), labels),
      moreMoves: moves.length > Number(FEW_MOVES),
      ...(actor.scope === '*' ? { back: '/allocations' } : {}),
    });
  }

  @Get(':code/download')
  async authorityFile(@CurrentActor() actor: Actor, @Param('code') code: string): Promise<StreamableFile> {
    const authority = codeOf(code, 'authority');
    // Of another's there is no file, not an empty one.
    await this.programme.authority(actor, authority);
    const next = (asked: object) => this.overview.list(actor, asked);
    return csvDownload(`allocation-${authority}.csv`, ALLOCATION_CSV, { authority }, next);
  }

  @Get(':code/moves.csv')
  async authorityMoves(@CurrentActor() actor: Actor, @Param('code') code: string): Promise<StreamableFile> {
    const authority = codeOf(code, 'authority');
    const rows = await this.programme.moves(actor, authority, null, MOST_MOVES);
    return csvOf(`allocation-moves-${authority}.csv`, MOVE_CSV, rows);
  }

  @Get(':code/:category')
  async draws(
    @CurrentActor() actor: Actor,
    @Param('code') code: string,
    @Param('category') category: string,
    @Query() query: unknown,
  ): Promise<View> {
    const authority = codeOf(code, 'authority');
    const filters = filtersOf(query);
    const { items, nextCursor } = await this.overview.draws(actor, authority, category, {
      limit: PAGE_SIZE,
      ...filters,
    });
    const { items: rows } = await this.overview.list(actor, { authority, category });
    const [row] = rows;
    if (!row) throw notFound('allocation in this category');
    const path = `/allocations/${authority}/${category}`;
    return view('allocations/draws.njk', {
      row,
      table: drawsTable(items),
      links: listLinks(path, filters, nextCursor),
      back: `/allocations/${authority}`,
    });
  }

  @Get(':code/:category/download')
  drawFile(
    @CurrentActor() actor: Actor,
    @Param('code') code: string,
    @Param('category') category: string,
  ): StreamableFile {
    const authority = codeOf(code, 'authority');
    const name = `allocation-${authority}-${category}.csv`;
    return csvDownload(name, DRAW_CSV, {}, (asked) => this.overview.draws(actor, authority, category, asked));
  }

  private async labels(actor: Actor, programme?: string): Promise<Map<string, string>> {
    const totals = await this.overview.totals(actor, programme);
    return new Map(totals.map(({ category, label }) => [category, label]));
  }
}

const MOST_MOVES = 10_000;

const choices = (totals: readonly { category: string; label: string }[], chosen: string | undefined) => [
  { value: '', text: 'All', selected: !chosen },
  ...totals.map(({ category, label }) => ({ value: category, text: label, selected: category === chosen })),
];
