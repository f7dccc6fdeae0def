import { Body, Get, Inject, Param, Post, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import {
  ClaimDesk,
  MOST_FILES_OF_CLAIM,
  ReadEvidence,
  ReviewClaim,
  type ClaimOnDesk,
  type EvidenceView,
} from '#claims';
import { type Problem } from '#kernel';
import { type Actor } from '#platform/database';
import { CurrentActor, idOf } from '#platform/http';
import {
  attempt,
  Form,
  linesIn,
  PageController,
  partOf,
  redirect,
  view,
  viewAgain,
  type Redirect,
  type View,
} from '../page/index.js';
import { deskPage, nameOf } from './desk.presenter.js';
import { queueOf } from './last-queue.js';
import { allAllowed, NOTHING_TYPED, placedAt, reviewOf, typedReview, type TypedReview } from './review-form.js';
import { checkPage, inPart, reviewPage, totalsOf } from './review.presenter.js';
import { whyNot } from './verdict.js';

interface Opened {
  readonly desk: ClaimOnDesk;
  readonly files: readonly EvidenceView[];
}

/** A review, line by line, with the evidence beside: form, check, done. Nothing is kept before it is confirmed. */
@PageController('claims/:id/review')
export class ReviewPages {
  constructor(
    @Inject(ClaimDesk) private readonly desk: ClaimDesk,
    @Inject(ReadEvidence) private readonly evidence: ReadEvidence,
    @Inject(ReviewClaim) private readonly reviewing: ReviewClaim,
  ) {}

  @Get()
  async page(@CurrentActor() actor: Actor, @Param('id') id: string): Promise<View> {
    const opened = await this.open(actor, idOf(id, 'claim'));
    return notNow(actor, opened.desk) ?? this.form(actor, opened, { typed: NOTHING_TYPED, part: 1 });
  }

  @Post()
  async post(
    @CurrentActor() actor: Actor,
    @Param('id') id: string,
    @Body() body: unknown,
    @Req() request: FastifyRequest,
  ): Promise<View | Redirect> {
    const opened = await this.open(actor, idOf(id, 'claim'));
    const form = new Form(body);
    const what = form.typed('do');
    if (what === 'confirm') return this.confirm(actor, opened, form, queueOf(request, opened.desk.claim));
    const refused = notNow(actor, opened.desk, 409);
    if (refused) return refused;
    const given = typedReview(form, opened.desk.claim);
    const typed = what === 'allow' ? allAllowed(given) : given;
    const part = partOf(what.startsWith('part:') ? what.slice(5) : form.typed('part'), linesOf(opened.desk));
    return what === 'check' ? this.check(actor, opened, form) : this.form(actor, opened, { typed, part });
  }

  /** What would be approved by the decisions as they are: a piece of HTML for the page's own script. */
  @Post('totals')
  async totals(@CurrentActor() actor: Actor, @Param('id') id: string, @Body() body: unknown): Promise<View> {
    const { claim } = await this.desk.get(actor, idOf(id, 'claim'));
    const typed = typedReview(new Form(body), claim);
    const wouldBe = await this.desk.wouldBe(actor, claim.id, new Set(typed.disallowed.keys()));
    return view('review/totals.njk', { totals: totalsOf(wouldBe) });
  }

  private async check(actor: Actor, opened: Opened, form: Form): Promise<View> {
    const typed = typedReview(form, opened.desk.claim);
    const { input, fields } = reviewOf(form, typed);
    const tried = await attempt(() => {
      form.check();
      return this.reviewing.check(actor, opened.desk.claim.id, input, form.version());
    });
    if (!tried.ok) return this.again(actor, opened, form, placedAt(tried.errors, fields));
    const wouldBe = await this.desk.wouldBe(actor, opened.desk.claim.id, new Set(typed.disallowed.keys()));
    const part = partOf(form.typed('part'), linesOf(opened.desk));
    return view('review/check.njk', checkPage(opened.desk, { typed, part, wouldBe }));
  }

  private async confirm(actor: Actor, opened: Opened, form: Form, queue: string): Promise<View | Redirect> {
    const { claim } = opened.desk;
    const { input, fields } = reviewOf(form, typedReview(form, claim));
    const tried = await attempt(() => {
      form.check();
      return this.reviewing.run(actor, claim.id, input, form.version());
    });
    if (tried.ok) {
      const title = `${nameOf(claim)} is reviewed`;
      const text = 'Another person approves it. To undo the review, return the claim, or have it rejected.';
      return redirect(queue, { title, text, kind: 'success' });
    }
    return notNow(actor, opened.desk, 409) ?? this.again(actor, opened, form, placedAt(tried.errors, fields));
  }

  private async again(actor: Actor, opened: Opened, form: Form, errors: readonly Problem[]): Promise<View> {
    const typed = typedReview(form, opened.desk.claim);
    // Where there is something to mend, which may be another part than the one that was sent.
    const placed = inPart(opened.desk.claim, errors, partOf(form.typed('part'), linesOf(opened.desk)));
    const page = await this.form(actor, opened, { typed, part: placed.part });
    return viewAgain(page.template, { ...page.data, errors: placed.errors });
  }

  private async form(actor: Actor, { desk, files }: Opened, of: { typed: TypedReview; part: number }): Promise<View> {
    const wouldBe = await this.desk.wouldBe(actor, desk.claim.id, new Set(of.typed.disallowed.keys()));
    return view('review/review.njk', reviewPage(desk, files, { ...of, wouldBe }));
  }

  private async open(actor: Actor, id: string): Promise<Opened> {
    const desk = await this.desk.get(actor, id);
    return { desk, files: await this.evidence.list(actor, id, { limit: MOST_FILES_OF_CLAIM, after: null }) };
  }
}

const linesOf = ({ claim }: ClaimOnDesk): number => linesIn(claim.trainerInvoices);

/** The page that says why there is nothing to review here; null when there is. */
function notNow(actor: Actor, desk: ClaimOnDesk, status = 200): View | null {
  const reason = whyNot(actor, desk, 'review');
  return reason === null
    ? null
    : view('review/not-now.njk', { ...deskPage(desk), title: 'Review', reason }, { status });
}
