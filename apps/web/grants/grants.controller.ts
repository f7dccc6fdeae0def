import { createHash } from 'node:crypto';
import { Get, Inject, Param, Query, Req, Res, type StreamableFile } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { RenderPool } from '#documents';
import {
  GRANT_OVERVIEW_CSV,
  GrantOverview,
  GrantQueries,
  GrantStatements,
  StatementFilters,
  type GrantView,
} from '#grants';
import { GRANT_STATEMENT } from '#grants/documents';
import { may } from '#identity';
import { codeOf, ProgrammeQueries } from '#programme';
import { type Actor } from '#platform/database';
import { CurrentActor, sendFile } from '#platform/http';
import { validateQuery } from '#platform/validation';
import {
  attempt,
  csvDownload,
  csvOf,
  filtersOf,
  keepingProgramme,
  listLinks,
  money,
  PAGE_SIZE,
  PageController,
  redirect,
  view,
  viewAgain,
  type Redirect,
  type View,
} from '../page/index.js';
import { FINDING_CSV, QUARTER_CSV, YEAR_CSV } from './columns.js';
import {
  begunYears,
  facts,
  findingsTable,
  outlook,
  overviewTable,
  quartersChart,
  quartersTable,
  yearsTable,
} from './grant.presenter.js';

@PageController('grants')
export class GrantPages {
  constructor(
    @Inject(GrantOverview) private readonly overview: GrantOverview,
    @Inject(GrantQueries) private readonly grants: GrantQueries,
    @Inject(GrantStatements) private readonly statements: GrantStatements,
    @Inject(ProgrammeQueries) private readonly programme: ProgrammeQueries,
    @Inject(RenderPool) private readonly pool: RenderPool,
  ) {}

  @Get()
  async list(@CurrentActor() actor: Actor, @Query() query: unknown): Promise<View | Redirect> {
    const filters = filtersOf(query);
    const at = keepingProgramme('/grants', filters['programme']);
    if (actor.scope !== '*') return redirect(at(`/${actor.scope}`));
    const tried = await attempt(() => this.overview.list(actor, { limit: PAGE_SIZE, ...filters }));
    if (!tried.ok) {
      return viewAgain('grants/list.njk', { filters, errors: tried.errors, table: overviewTable([], at) });
    }
    return view('grants/list.njk', {
      filters,
      table: overviewTable(tried.value.items, at),
      links: listLinks('/grants', filters, tried.value.nextCursor),
    });
  }

  @Get('download')
  download(@CurrentActor() actor: Actor, @Query() query: unknown): StreamableFile {
    const next = (asked: object) => this.overview.list(actor, asked);
    return csvDownload('grants.csv', GRANT_OVERVIEW_CSV, filtersOf(query), next);
  }

  @Get(':code')
  async grant(@CurrentActor() actor: Actor, @Param('code') code: string, @Query() query: unknown): Promise<View> {
    const authority = codeOf(code, 'authority');
    const programme = filtersOf(query)['programme'] ?? null;
    const grant = await this.grants.grant(actor, authority, programme);
    const at = keepingProgramme(`/grants/${authority}`, programme);
    const profile = await this.programme.authority(actor, authority);
    const flagged = grant.flags.map(({ entryId }) => entryId);
    const entries = flagged.length === 0 ? [] : await this.grants.entriesOf(actor, authority, programme, flagged);
    const mayEdit = may(actor, 'grant.edit', { authority }).allowed;
    const sentence = sentenceOf(grant);
    return view('grants/grant.njk', {
      grant,
      at,
      statements: begunYears(grant),
      profile,
      mayEdit,
      own: actor.scope === authority,
      sentence,
      outlook: outlook(grant),
      facts: facts(grant),
      chart: quartersChart(grant, sentence),
      quarters: quartersTable(grant, mayEdit, at),
      years: yearsTable(grant),
      findings: findingsTable(grant, entries, at),
      ...(actor.scope === '*' ? { back: keepingProgramme('/grants', programme)() } : {}),
    });
  }

  @Get(':code/quarters.csv')
  async quarters(
    @CurrentActor() actor: Actor,
    @Param('code') code: string,
    @Query() query: unknown,
  ): Promise<StreamableFile> {
    const { authority, quarters } = await this.whole(actor, code, query);
    return csvOf(`grant-quarters-${authority}.csv`, QUARTER_CSV, quarters);
  }

  @Get(':code/years.csv')
  async years(
    @CurrentActor() actor: Actor,
    @Param('code') code: string,
    @Query() query: unknown,
  ): Promise<StreamableFile> {
    const { authority, years } = await this.whole(actor, code, query);
    return csvOf(`grant-years-${authority}.csv`, YEAR_CSV, years);
  }

  @Get(':code/findings.csv')
  async findings(
    @CurrentActor() actor: Actor,
    @Param('code') code: string,
    @Query() query: unknown,
  ): Promise<StreamableFile> {
    const { authority, flags } = await this.whole(actor, code, query);
    return csvOf(`grant-findings-${authority}.csv`, FINDING_CSV, flags);
  }

  @Get(':code/statement')
  async statement(
    @CurrentActor() actor: Actor,
    @Param('code') code: string,
    @Query() query: unknown,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const authority = codeOf(code, 'authority');
    const model = await this.statements.model(actor, authority, validateQuery(StatementFilters, filtersOf(query)));
    const { pdf } = await this.pool.render({ kind: GRANT_STATEMENT, model });
    await sendFile(request, reply, {
      fileName: `grant-statement-${authority}-${model.year.from.slice(0, 4)}.pdf`,
      mediaType: 'application/pdf',
      sha256: createHash('sha256').update(pdf).digest('hex'),
      bytes: pdf,
    });
  }

  private whole(actor: Actor, code: string, query: unknown): Promise<GrantView> {
    return this.grants.grant(actor, codeOf(code, 'authority'), filtersOf(query)['programme'] ?? null);
  }
}

const sentenceOf = ({ amountPence, spentPence, forecastPence, leftPence }: GrantView): string =>
  `${money(spentPence)} of ${money(amountPence)} is spent, ${money(leftPence)} is left and ${money(forecastPence)} is still expected to be spent.`;
