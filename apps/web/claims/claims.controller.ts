import { Body, Get, Inject, Param, Post, Query, Req, Res, StreamableFile } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ClaimQueries, EndClaim, ReadEvidence } from '#claims';
import { DocumentFiles } from '#documents';
import { type Actor } from '#platform/database';
import { CurrentActor, idOf, sendFile } from '#platform/http';
import {
  attempt,
  csvDownload,
  csvOf,
  filtersOf,
  Form,
  listLinks,
  PAGE_SIZE,
  PageController,
  redirect,
  view,
  viewAgain,
  type Redirect,
  type View,
} from '../page/index.js';
import { ClaimBundle } from './claim-bundle.js';
import { ClaimPage } from './claim-page.js';
import { LINE_CSV_COLUMNS, lineRows, namedClaim } from './claim.presenter.js';
import { CLAIM_CSV_COLUMNS, claimName, claimsTable, stateChoices } from './claims-list.presenter.js';
import { timelineOf } from './timeline.presenter.js';

@PageController('claims')
export class ClaimPages {
  constructor(
    @Inject(ClaimQueries) private readonly claims: ClaimQueries,
    @Inject(ClaimPage) private readonly claimPage: ClaimPage,
    @Inject(ClaimBundle) private readonly bundle: ClaimBundle,
    @Inject(DocumentFiles) private readonly files: DocumentFiles,
    @Inject(ReadEvidence) private readonly evidence: ReadEvidence,
    @Inject(EndClaim) private readonly ending: EndClaim,
  ) {}

  @Get()
  async list(@CurrentActor() actor: Actor, @Query() query: unknown): Promise<View> {
    const filters = filtersOf(query);
    const tried = await attempt(() => this.claims.list(actor, { limit: PAGE_SIZE, ...filters }));
    const everybody = actor.scope === '*';
    const shown = { filters, everybody, states: stateChoices(filters['state']) };
    if (!tried.ok) {
      return viewAgain('claims/list.njk', { ...shown, errors: tried.errors, table: claimsTable([], everybody, true) });
    }
    const { items, nextCursor } = tried.value;
    return view('claims/list.njk', {
      ...shown,
      table: claimsTable(items, everybody, Object.keys(filters).length > 0),
      links: listLinks('/claims', filters, nextCursor),
    });
  }

  @Get('download')
  download(@CurrentActor() actor: Actor, @Query() query: unknown): StreamableFile {
    return csvDownload('claims.csv', CLAIM_CSV_COLUMNS, filtersOf(query), (asked) => this.claims.list(actor, asked));
  }

  @Get(':id')
  page(@CurrentActor() actor: Actor, @Param('id') id: string, @Query('part') asked: unknown): Promise<View> {
    return this.claimPage.view(actor, idOf(id, 'claim'), { asked });
  }

  /** All that happened to a claim, newest first. */
  @Get(':id/timeline')
  async timeline(@CurrentActor() actor: Actor, @Param('id') id: string, @Query() query: unknown): Promise<View> {
    const claim = await this.claims.get(actor, idOf(id, 'claim'));
    const asked = filtersOf(query);
    const { items, nextCursor } = await this.claims.trail(actor, claim.id, { limit: PAGE_SIZE, ...asked });
    const names = await this.claims.names(actor, claim.id);
    const links = { ...listLinks(`/claims/${claim.id}/timeline`, asked, nextCursor), csv: null };
    const timeline = timelineOf(items);
    return view('claims/timeline.njk', {
      ...{ claim: namedClaim(claim, names), names, name: claimName(claim), timeline, links },
    });
  }

  /** Every line as a row, with its trainer invoice. */
  @Get(':id/lines.csv')
  async lines(@CurrentActor() actor: Actor, @Param('id') id: string): Promise<StreamableFile> {
    const claim = await this.claims.get(actor, idOf(id, 'claim'));
    return csvOf(`${claimName(claim)}-lines.csv`, LINE_CSV_COLUMNS, lineRows(claim));
  }

  @Get(':id/everything')
  async everything(@CurrentActor() actor: Actor, @Param('id') id: string): Promise<StreamableFile> {
    const { name, stream } = await this.bundle.run(actor, idOf(id, 'claim'));
    return new StreamableFile(stream, { type: 'application/zip', disposition: `attachment; filename="${name}"` });
  }

  @Get(':id/documents/:documentId/pdf')
  async document(
    @CurrentActor() actor: Actor,
    @Param('documentId') documentId: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    await sendFile(request, reply, await this.files.read(actor, idOf(documentId, 'document'), 'pdf'));
  }

  @Get(':id/evidence/:fileId')
  async file(
    @CurrentActor() actor: Actor,
    @Param('id') id: string,
    @Param('fileId') fileId: string,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const content = await this.evidence.content(actor, idOf(id, 'claim'), idOf(fileId, 'file'));
    await reply.headers(content.headers).send(await content.open());
  }

  @Get(':id/withdraw')
  async askToWithdraw(@CurrentActor() actor: Actor, @Param('id') id: string): Promise<View> {
    const claim = await this.claims.get(actor, idOf(id, 'claim'));
    return view('claims/withdraw.njk', { claim, name: claimName(claim) });
  }

  @Post(':id/withdraw')
  async withdraw(
    @CurrentActor() actor: Actor,
    @Param('id') id: string,
    @Body() body: unknown,
  ): Promise<View | Redirect> {
    const form = new Form(body);
    const claimId = idOf(id, 'claim');
    const reason = form.text('reason');
    const asked = reason === undefined ? {} : { reason };
    const tried = await attempt(() => this.ending.withdraw(actor, claimId, asked, form.version()));
    if (tried.ok) return redirect(`/claims/${claimId}`, 'The claim is withdrawn');
    const claim = await this.claims.get(actor, claimId);
    return viewAgain('claims/withdraw.njk', { claim, name: claimName(claim), errors: tried.errors, reason });
  }
}
