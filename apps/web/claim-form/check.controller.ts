import { Body, Get, Inject, Param, Post, Query, Res, StreamableFile } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import {
  ClaimQueries,
  DocumentQueries,
  FormQueries,
  MOST_FILES_OF_CLAIM,
  ReadEvidence,
  SubmitClaim,
  type WrittenForm,
} from '#claims';
import { type Problem } from '#kernel';
import { may } from '#identity';
import { type Actor } from '#platform/database';
import { CurrentActor } from '#platform/http';
import { attempt, Form, PageController, redirect, view, viewAgain, type Redirect, type View } from '../page/index.js';
import { checkPage, confirmationPage, errorsPlaced } from './check.presenter.js';
import { formAddress, submittedAddress } from './task-list.presenter.js';

/** Check answers, submit, and what happens next. What is submitted is the draft that was shown, by its version. */
@PageController('claim-forms/:id')
export class CheckPages {
  constructor(
    @Inject(FormQueries) private readonly queries: FormQueries,
    @Inject(ClaimQueries) private readonly claims: ClaimQueries,
    @Inject(ReadEvidence) private readonly evidence: ReadEvidence,
    @Inject(DocumentQueries) private readonly documents: DocumentQueries,
    @Inject(SubmitClaim) private readonly submitting: SubmitClaim,
  ) {}

  @Get('check')
  async check(
    @CurrentActor() actor: Actor,
    @Param('id') id: string,
    @Query('part') asked: unknown,
  ): Promise<View | Redirect> {
    const form = await this.queries.written(actor, id);
    const submitted = submittedAddress(form);
    if (submitted) return redirect(submitted);
    // Typed on since it became a draft, or never one: what is left, or what was typed, comes first.
    if (form.claimId === null || !form.agreesWithClaim) return redirect(formAddress(id));
    return view('claim-form/check.njk', await this.answers(actor, form, { claimId: form.claimId, asked }));
  }

  @Post('submit')
  async submit(@CurrentActor() actor: Actor, @Param('id') id: string, @Body() body: unknown): Promise<View | Redirect> {
    const form = await this.queries.written(actor, id);
    const { claimId } = form;
    if (claimId === null) return redirect(formAddress(id));
    // A form that does not say what its sender saw is refused like one that says something old.
    const sent = new Form(body);
    const version = sent.version() ?? 0;
    const tried = await attempt(() => this.submitting.run(actor, claimId, {}, version));
    if (tried.ok) return redirect(formAddress(id, 'confirmation'));
    const errors: readonly Problem[] =
      tried.code === 'claim_has_problems'
        ? errorsPlaced(form, tried.errors)
        : tried.errors.map((error) => ({ ...error, path: '' }));
    const answers = await this.answers(actor, form, { claimId, asked: sent.typed('part') });
    return viewAgain('claim-form/check.njk', { ...answers, errors });
  }

  @Get('confirmation')
  async confirmation(@CurrentActor() actor: Actor, @Param('id') id: string): Promise<View | Redirect> {
    const form = await this.queries.written(actor, id);
    const claim = form.claimId === null ? null : await this.claims.get(actor, form.claimId);
    if (!claim?.submittedAt || claim.invoiceNumber === null) return redirect(formAddress(id));
    return view('claim-form/confirmation.njk', confirmationPage(form, claim));
  }

  /** The claim invoice as PDF; it is made within seconds of the submission. */
  @Get('claim-invoice')
  async claimInvoice(
    @CurrentActor() actor: Actor,
    @Param('id') id: string,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<View | Redirect | StreamableFile> {
    const form = await this.queries.written(actor, id);
    const { claimId } = form;
    if (claimId === null) return redirect(formAddress(id));
    const tried = await attempt(() => this.documents.invoice(actor, claimId, 'pdf'));
    if (!tried.ok) return view('claim-form/invoice-later.njk', { form, back: formAddress(id, 'confirmation') });
    const { bytes, fileName } = tried.value;
    void reply.headers({
      'content-type': 'application/pdf',
      'content-disposition': `inline; filename="${fileName}"`,
      'x-content-type-options': 'nosniff',
    });
    return new StreamableFile(bytes);
  }

  private async answers(actor: Actor, form: WrittenForm, { claimId, asked }: { claimId: string; asked: unknown }) {
    const claim = await this.claims.get(actor, claimId);
    const files = await this.evidence.list(actor, claimId, { limit: MOST_FILES_OF_CLAIM, after: null });
    const maySubmit = may(actor, 'claim.submit', { authority: claim.authority }).allowed;
    return checkPage(form, claim, { files, maySubmit, asked });
  }
}
