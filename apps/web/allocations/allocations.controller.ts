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
  keepingProgramme,
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
    const filters = filtersOf(query);
    const { programme } = filters;
    const at = keepingProgramme('/allocations', programme);
    if (actor.scope !== '*') return redirect(at(`/${actor.scope}`));
    const summed = await attempt(() => this.overview.totals(actor, programme));
    const totals = summed.ok ? summed.value : [];
    const shown = { filters, at, categories: choices(totals, filters['category']), ...totalsPage(totals) };
    const tried = await attempt(() => this.overview.list(actor, { limit: PAGE_SIZE, ...filters }));
    if (!tried.ok) {
      const table = allocationsTable([], true, at);
      return viewAgain('allocations/list.njk', { ...shown, errors: tried.errors, table });
    }
    const filtered = Object.keys(filters).some((name) => name !== 'programme');
    return view('allocations/list.njk', {
      ...shown,
      table: allocationsTable(tried.value.items, filtered, at),
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
      table: { ...movesTable(items, keepingProgramme('/allocations', filters['programme'])), captionHidden: true },
      links: listLinks('/allocations/moves', filters, nextCursor),
      back: keepingProgramme('/allocations', filters['programme'])(),
    });
  }

  @Get('moves/download')
  moveFile(@CurrentActor() actor: Actor, @Query() query: unknown): StreamableFile {
    const next = (asked: object) => this.overview.moves(actor, asked);
    return csvDownload('allocation-moves.csv', MOVE_CSV, filtersOf(query), next);
  }

  @Get('moves/:id')
  async move(@CurrentActor() actor: Actor, @Param('id') id: string, @Query() query: unknown): Promise<View> {
    const move = await this.overview.move(actor, idOf(id, 'move of days'));
    // Named or not: a move is of one programme, whichever the page before was about.
    const at = keepingProgramme('/allocations', filtersOf(query)['programme'] === undefined ? null : move.programme);
    return view('allocations/moved.njk', { move, at, text: moveText(move, move.label), back: at('/moves') });
  }

  @Get(':code')
  async authority(@CurrentActor() actor: Actor, @Param('code') code: string, @Query() query: unknown): Promise<View> {
    const authority = codeOf(code, 'authority');
    const { programme } = filtersOf(query);
    const profile = await this.programme.authority(actor, authority);
    const allocations = await this.programme.allocations(actor, authority, programme ?? null);
    const [{ items }, moves] = await Promise.all([
      this.overview.list(actor, { authority, limit: ALL, ...(programme ? { programme } : {}) }),
      this.programme.moves(actor, authority, null, Number(FEW_MOVES) + 1, programme ?? null),
    ]);
    const labels = new Map(items.map(({ category, label }) => [category, label]));
    const named = moves.map((move) => ({ ...move, label: labels.get(move.category) ?? move.category }));
    const all = keepingProgramme('/allocations', programme);
    const at = keepingProgramme(`/allocations/${authority}`, programme);
    return view('allocations/authority.njk', {
      profile,
      own: actor.scope === authority,
      at,
      // Whoever moves days looks at all authorities, where an authority's one programme no longer goes without saying.
      moveDays: keepingProgramme('/allocations', items[0]?.programme)('/move', { to: authority }),
      ...authorityPage(items, allocations, at),
      moves: movesTable(named.slice(0, Number(FEW_MOVES)), all),
      moreMoves: moves.length > Number(FEW_MOVES),
      ...(actor.scope === '*' ? { back: all() } : {}),
    });
  }

  @Get(':code/download')
  async authorityFile(
    @CurrentActor() actor: Actor,
    @Param('code') code: string,
    @Query() query: unknown,
  ): Promise<StreamableFile> {
    const authority = codeOf(code, 'authority');
    // Of another's there is no file, not an empty one.
    await this.programme.authority(actor, authority);
    const next = (asked: object) => this.overview.list(actor, asked);
    return csvDownload(`allocation-${authority}.csv`, ALLOCATION_CSV, { ...filtersOf(query), authority }, next);
  }

  @Get(':code/moves.csv')
  async authorityMoves(
    @CurrentActor() actor: Actor,
    @Param('code') code: string,
    @Query() query: unknown,
  ): Promise<StreamableFile> {
    const authority = codeOf(code, 'authority');
    const rows = await this.programme.moves(actor, authority, null, MOST_MOVES, filtersOf(query)['programme'] ?? null);
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
    const { programme } = filters;
    const of = { authority, category, ...(programme ? { programme } : {}) };
    const { items: rows } = await this.overview.list(actor, of);
    const [row] = rows;
    if (!row) throw notFound('allocation in this category');
    return view('allocations/draws.njk', {
      row,
      table: drawsTable(items),
      links: listLinks(`/allocations/${authority}/${category}`, filters, nextCursor),
      back: keepingProgramme(`/allocations/${authority}`, programme)(),
    });
  }

  @Get(':code/:category/download')
  drawFile(
    @CurrentActor() actor: Actor,
    @Param('code') code: string,
    @Param('category') category: string,
    @Query() query: unknown,
  ): StreamableFile {
    const authority = codeOf(code, 'authority');
    const next = (asked: object) => this.overview.draws(actor, authority, category, asked);
    return csvDownload(`allocation-${authority}-${category}.csv`, DRAW_CSV, filtersOf(query), next);
  }
}

const MOST_MOVES = 10_000;

const choices = (totals: readonly { category: string; label: string }[], chosen: string | undefined) => [
  { value: '', text: 'All', selected: !chosen },
  ...totals.map(({ category, label }) => ({ value: category, text: label, selected: category === chosen })),
];
