import { Body, Get, Inject, Param, Post, Query, Req, type StreamableFile } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { ClaimQueries, ReadEvidence, type ClaimView } from '#claims';
import { AssuranceQueries } from '#funding';
import { requireMay } from '#identity';
import { type Actor } from '#platform/database';
import { CurrentActor, idOf, page as pageOf } from '#platform/http';
import {
  attempt,
  csvDownload,
  filtersOf,
  Form,
  PageController,
  redirect,
  TakesFiles,
  view,
  viewAgain,
  type Redirect,
  type View,
} from '../page/index.js';
import { claimName } from '../claims/claims-list.presenter.js';
import { EvidenceDesk } from './evidence-desk.js';
import { EVIDENCE_CSV, evidenceRights } from './evidence.presenter.js';

const CSV_PAGE = 200;
const addressOf = (claimId: string): string => `/claims/${claimId}/evidence`;

/** The files that prove a claim, in whatever state it is: what there is, what is missing, adding and removing. */
@PageController('claims/:id/evidence')
export class ClaimEvidencePages {
  constructor(
    @Inject(ClaimQueries) private readonly claims: ClaimQueries,
    @Inject(ReadEvidence) private readonly reading: ReadEvidence,
    @Inject(AssuranceQueries) private readonly assurance: AssuranceQueries,
    @Inject(EvidenceDesk) private readonly desk: EvidenceDesk,
  ) {}

  @Get()
  async page(@CurrentActor() actor: Actor, @Param('id') id: string, @Query() query: unknown): Promise<View> {
    const claim = await this.claims.get(actor, idOf(id, 'claim'));
    return view('evidence/claim.njk', await this.data(actor, claim, filtersOf(query)));
  }

  @Post()
  @TakesFiles({ several: true })
  async add(
    @CurrentActor() actor: Actor,
    @Param('id') id: string,
    @Req() request: FastifyRequest,
  ): Promise<View | Redirect> {
    const claimId = idOf(id, 'claim');
    const added = await this.desk.add(actor, claimId, request);
    if (added.ok) return redirect(addressOf(claimId), added.notice);
    const data = await this.data(actor, await this.claims.get(actor, claimId));
    return viewAgain('evidence/claim.njk', { ...data, errors: added.errors, typed: added.typed });
  }

  @Get('download')
  download(@CurrentActor() actor: Actor, @Param('id') id: string): StreamableFile {
    const claimId = idOf(id, 'claim');
    return csvDownload('evidence.csv', EVIDENCE_CSV, {}, async ({ cursor }) => {
      const after = typeof cursor === 'string' ? cursor : null;
      const found = await this.reading.list(actor, claimId, { limit: CSV_PAGE, after });
      const { items, nextCursor } = pageOf(found, CSV_PAGE, (last) => [last.id]);
      return { items, nextCursor: nextCursor === null ? null : items.at(-1)!.id };
    });
  }

  @Get(':fileId/remove')
  async askRemove(
    @CurrentActor() actor: Actor,
    @Param('id') id: string,
    @Param('fileId') fileId: string,
  ): Promise<View | Redirect> {
    const { claim, data } = await this.toRemove(actor, id, fileId);
    if (!evidenceRights(actor, claim).mayRemove) {
      return redirect(addressOf(claim.id), {
        kind: 'important',
        title: 'Files of this claim stay with it',
        text: 'A file is removed from a draft, or from a claim that was returned.',
      });
    }
    return view('evidence/remove.njk', data);
  }

  @Post(':fileId/remove')
  async remove(
    @CurrentActor() actor: Actor,
    @Param('id') id: string,
    @Param('fileId') fileId: string,
    @Body() body: unknown,
  ): Promise<View | Redirect> {
    const { claim, data } = await this.toRemove(actor, id, fileId);
    const tried = await this.desk.remove(actor, claim.id, data.file.id, body);
    if (tried.ok) return redirect(addressOf(claim.id), 'File removed');
    return viewAgain('evidence/remove.njk', { ...data, reason: new Form(body).typed('reason'), errors: tried.errors });
  }

  private async data(actor: Actor, claim: ClaimView, query: Readonly<Record<string, string>> = {}) {
    const address = addressOf(claim.id);
    const shown = await this.desk.shown(actor, claim, address, query);
    // Whoever reads evidence may know what was asked for; anybody else is told nothing of it.
    const asked = await attempt(() =>
      this.assurance.items(actor, { claimId: claim.id, state: 'requested', limit: '1' }),
    );
    const askedAt = asked.ok ? (asked.value.items[0]?.requestedAt ?? null) : null;
    const csv = shown.files.rows.length > 0 || shown.removed ? `${address}/download` : null;
    return {
      ...shown,
      links: { ...shown.links, csv },
      claim,
      name: claimName(claim),
      askedAt,
      typed: {},
      back: `/claims/${claim.id}`,
    };
  }

  private async toRemove(actor: Actor, id: string, fileId: string) {
    const claim = await this.claims.get(actor, idOf(id, 'claim'));
    requireMay(actor, 'evidence.remove', { authority: claim.authority });
    const file = await this.desk.toRemove(actor, claim.id, idOf(fileId, 'file'));
    const back = addressOf(claim.id);
    return { claim, data: { file, action: `${back}/${file.id}/remove`, back } };
  }
}
