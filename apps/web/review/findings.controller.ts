import { Body, Get, Inject, Param, Post } from '@nestjs/common';
import { ClaimDesk, MOST_FILES_OF_CLAIM, ReadEvidence, RecordFindings } from '#claims';
import { type Problem } from '#kernel';
import { type Actor } from '#platform/database';
import { CurrentActor, idOf } from '#platform/http';
import { attempt, Form, PageController, redirect, view, viewAgain, type Redirect, type View } from '../page/index.js';
import { claimAddress, deskPage, invoicesOf, nameOf } from './desk.presenter.js';
import { noticesOf } from './notices.js';
import { findingsOf, NOTHING_TYPED, placedAt, typedReview, type TypedReview } from './review-form.js';
import { withTyped } from './review.presenter.js';
import { whyNot } from './verdict.js';

/** Proof of payment and invoices found distinct, apart from the review: what a reviewed claim still lacks. */
@PageController('claims/:id/findings')
export class FindingsPages {
  constructor(
    @Inject(ClaimDesk) private readonly desk: ClaimDesk,
    @Inject(ReadEvidence) private readonly evidence: ReadEvidence,
    @Inject(RecordFindings) private readonly recording: RecordFindings,
  ) {}

  @Get()
  page(@CurrentActor() actor: Actor, @Param('id') id: string): Promise<View> {
    return this.show(actor, idOf(id, 'claim'), NOTHING_TYPED);
  }

  @Post()
  async record(@CurrentActor() actor: Actor, @Param('id') id: string, @Body() body: unknown): Promise<View | Redirect> {
    const { claim } = await this.desk.get(actor, idOf(id, 'claim'));
    const form = new Form(body);
    const typed = typedReview(form, claim);
    const { fields, paymentProof, distinct } = findingsOf(form, typed);
    const input = {
      ...(paymentProof.length > 0 && { paymentProof }),
      ...(distinct.length > 0 && { distinct }),
    };
    const tried = await attempt(() => {
      form.check();
      return this.recording.run(actor, claim.id, input, form.version());
    });
    if (tried.ok) return redirect(claimAddress(claim.id, 'approve'), `What you found of ${nameOf(claim)} is recorded`);
    const errors = tried.errors.map((error) =>
      error.path === '' && error.code === 'required'
        ? { ...error, message: 'Enter when a trainer was paid, or why an invoice is another one.' }
        : error,
    );
    return this.show(actor, claim.id, typed, placedAt(errors, fields));
  }

  private async show(actor: Actor, id: string, typed: TypedReview, errors: readonly Problem[] = []): Promise<View> {
    const desk = await this.desk.get(actor, id);
    const reason = whyNot(actor, desk, 'findings');
    if (reason !== null) {
      const page = { ...deskPage(desk), title: 'Record findings', reason };
      return view('review/not-now.njk', page, { status: errors.length > 0 ? 409 : 200 });
    }
    const files = await this.evidence.list(actor, id, { limit: MOST_FILES_OF_CLAIM, after: null });
    // What is found is of a trainer invoice, whatever its lines.
    const whole = desk.claim.trainerInvoices.map((invoice, at) => ({ invoice, at, lines: [] }));
    const invoices = withTyped(invoicesOf(desk, files, whole), typed);
    const data = {
      ...deskPage(desk),
      lacking: noticesOf(desk.claim, desk.lacking),
      // What no flag asks for can be recorded all the same, such as a better proof.
      invoices: invoices.map((invoice) => ({ ...invoice, asksProof: true })),
    };
    return errors.length > 0
      ? viewAgain('review/findings.njk', { ...data, errors })
      : view('review/findings.njk', data);
  }
}
