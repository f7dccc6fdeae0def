import { Body, Get, Inject, Param, Post, Query, Req, Res, StreamableFile } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ClaimQueries, FormQueries, ReadEvidence, type FormView } from '#claims';
import { notFound } from '#kernel';
import { type Actor } from '#platform/database';
import { CurrentActor } from '#platform/http';
import {
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
import { EvidenceDesk } from '../evidence/evidence-desk.js';
import { formAddress } from './task-list.presenter.js';

/** The files that prove a claim in preparation. They are the draft's, so the form is finished first. */
@PageController('claim-forms/:id/evidence')
export class EvidencePages {
  constructor(
    @Inject(FormQueries) private readonly queries: FormQueries,
    @Inject(ClaimQueries) private readonly claims: ClaimQueries,
    @Inject(ReadEvidence) private readonly reading: ReadEvidence,
    @Inject(EvidenceDesk) private readonly desk: EvidenceDesk,
  ) {}

  @Get()
  async page(@CurrentActor() actor: Actor, @Param('id') id: string, @Query() query: unknown): Promise<View> {
    const form = await this.queries.get(actor, id);
    if (form.claimId === null) return view('claim-form/evidence-later.njk', { form, back: formAddress(id) });
    return view('claim-form/evidence.njk', await this.data(actor, form, form.claimId, filtersOf(query)));
  }

  @Post()
  @TakesFiles({ several: true })
  async add(
    @CurrentActor() actor: Actor,
    @Param('id') id: string,
    @Req() request: FastifyRequest,
  ): Promise<View | Redirect> {
    const form = await this.queries.get(actor, id);
    const claimId = claimOf(form);
    const added = await this.desk.add(actor, claimId, request);
    if (added.ok) return redirect(formAddress(id, 'evidence'), added.notice);
    const data = await this.data(actor, form, claimId);
    return viewAgain('claim-form/evidence.njk', { ...data, errors: added.errors, typed: added.typed });
  }

  @Get(':file')
  async content(
    @CurrentActor() actor: Actor,
    @Param('id') id: string,
    @Param('file') file: string,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<StreamableFile> {
    const form = await this.queries.get(actor, id);
    const content = await this.reading.content(actor, claimOf(form), file);
    const stream = await content.open();
    void reply.headers(content.headers);
    return new StreamableFile(stream);
  }

  @Get(':file/remove')
  async askRemove(@CurrentActor() actor: Actor, @Param('id') id: string, @Param('file') file: string): Promise<View> {
    return view('evidence/remove.njk', (await this.toRemove(actor, id, file)).data);
  }

  @Post(':file/remove')
  async remove(
    @CurrentActor() actor: Actor,
    @Param('id') id: string,
    @Param('file') fileId: string,
    @Body() body: unknown,
  ): Promise<View | Redirect> {
    const { claimId, data } = await this.toRemove(actor, id, fileId);
    const tried = await this.desk.remove(actor, claimId, fileId, body);
    if (tried.ok) return redirect(formAddress(id, 'evidence'), 'File removed');
    return viewAgain('evidence/remove.njk', { ...data, reason: new Form(body).typed('reason'), errors: tried.errors });
  }

  private async data(actor: Actor, form: FormView, claimId: string, query: Readonly<Record<string, string>> = {}) {
    const claim = await this.claims.get(actor, claimId);
    const shown = await this.desk.shown(actor, claim, formAddress(form.id, 'evidence'), query);
    const csv = shown.files.rows.length > 0 || shown.removed ? `/claims/${claimId}/evidence/download` : null;
    return { ...shown, links: { ...shown.links, csv }, form, typed: {}, back: formAddress(form.id) };
  }

  private async toRemove(actor: Actor, id: string, fileId: string) {
    const claimId = claimOf(await this.queries.get(actor, id));
    const file = await this.desk.toRemove(actor, claimId, fileId);
    const back = formAddress(id, 'evidence');
    return { claimId, data: { file, action: formAddress(id, 'evidence', file.id, 'remove'), back } };
  }
}

function claimOf(form: FormView): string {
  if (form.claimId === null) throw notFound('claim of this form');
  return form.claimId;
}
