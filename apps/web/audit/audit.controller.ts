import { Body, Get, HttpCode, Inject, Post, Query, Req, Res, type StreamableFile } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { AUDIT_COLUMNS, ListAudit, SealCheckpoint, VerifyAudit } from '#audit';
import { People, requireMay } from '#identity';
import { malformed } from '#kernel';
import { type Actor } from '#platform/database';
import { CurrentActor } from '#platform/http';
import {
  attempt,
  csvDownload,
  filtersOf,
  Form,
  listLinks,
  PAGE_SIZE,
  PageController,
  ProgressPage,
  redirect,
  view,
  viewAgain,
  type Redirect,
  type View,
} from '../page/index.js';
import { findingsTable, trailQuery, trailRows, verificationWords } from './audit.presenter.js';

/** The audit trail to read and to verify. */
@PageController('audit')
export class AuditPages {
  constructor(
    @Inject(ListAudit) private readonly trail: ListAudit,
    @Inject(VerifyAudit) private readonly verifying: VerifyAudit,
    @Inject(SealCheckpoint) private readonly sealing: SealCheckpoint,
    @Inject(People) private readonly people: People,
    @Inject(ProgressPage) private readonly progress: ProgressPage,
  ) {}

  @Get()
  async list(@CurrentActor() actor: Actor, @Query() query: unknown): Promise<View> {
    const filters = filtersOf(query);
    const tried = await attempt(() => this.trail.run(actor, asked({ limit: PAGE_SIZE, ...filters })));
    if (!tried.ok) return viewAgain('audit/trail.njk', { filters, errors: tried.errors, rows: [] });
    const { items, nextCursor } = tried.value;
    const nameOf = await this.people.names(
      actor,
      items.map(({ actorId }) => actorId),
    );
    const by = filters['actorId'];
    const filtered = Object.keys(filters).length > 0;
    return view('audit/trail.njk', {
      filters,
      filtered,
      by: by === undefined ? null : (await this.people.names(actor, [by]))(by),
      rows: trailRows(items, nameOf, filters),
      links: listLinks('/audit', filters, nextCursor),
    });
  }

  @Get('download')
  download(@CurrentActor() actor: Actor, @Query() query: unknown): StreamableFile {
    return csvDownload('audit-trail.csv', AUDIT_COLUMNS, asked(filtersOf(query)), (page) =>
      this.trail.run(actor, page),
    );
  }

  @Get('verify')
  askToVerify(@CurrentActor() actor: Actor): View {
    requireMay(actor, 'audit.verify');
    return view('audit/verify.njk');
  }

  /** A form, though it changes nothing: it reads the whole trail, which no link on another site should start. */
  @Post('verify')
  @HttpCode(200)
  verify(
    @CurrentActor() actor: Actor,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
    @Body() body: unknown,
  ): StreamableFile {
    requireMay(actor, 'audit.verify');
    const chain = new Form(body).text('chain');
    return this.progress.page(request, reply, view('audit/verify.njk', { chain, running: true }), async (tell) => {
      const onChain = (each: string, entries: number) => tell(view('audit/chain.njk', { chain: each, entries }));
      const tried = await attempt(() => this.verifying.run(actor, chain === undefined ? {} : { chain }, onChain));
      const found = tried.ok ? tried.value : null;
      const result = found && { found: verificationWords(found), findings: findingsTable(found) };
      return view('audit/found.njk', { chain, ...result, problem: tried.ok ? null : tried.errors[0] });
    });
  }

  @Post('seal')
  async seal(@CurrentActor() actor: Actor): Promise<Redirect> {
    const { number } = await this.sealing.run(actor);
    return redirect('/audit/verify', `Checkpoint ${number} is sealed, in the database and in a file`);
  }
}

/** Throws malformed for days that are none. */
function asked(filters: Readonly<Record<string, string>>): Record<string, string> {
  const { query, problems } = trailQuery(filters);
  if (problems.length > 0) throw malformed(problems);
  return query;
}
