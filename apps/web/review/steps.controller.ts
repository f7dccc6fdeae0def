import { Body, Get, Inject, Param, Post, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { ClaimDesk, EndClaim, HoldClaim, type ClaimOnDesk, type ClaimView } from '#claims';
import { RejectClaim, UnfundClaim } from '#funding';
import { type Problem } from '#kernel';
import { type Actor } from '#platform/database';
import { CurrentActor, idOf } from '#platform/http';
import { attempt, Form, PageController, redirect, view, viewAgain, type Redirect, type View } from '../page/index.js';
import { claimAddress, deskPage, nameOf } from './desk.presenter.js';
import { queueOf } from './last-queue.js';
import { STEP_TEXTS, stepPage, type StepName } from './steps.presenter.js';
import { whyNot } from './verdict.js';

/** Steps that need a reason and little else: what follows is said first. */
@PageController('claims/:id')
export class StepPages {
  constructor(
    @Inject(ClaimDesk) private readonly desk: ClaimDesk,
    @Inject(EndClaim) private readonly ending: EndClaim,
    @Inject(RejectClaim) private readonly rejecting: RejectClaim,
    @Inject(HoldClaim) private readonly holding: HoldClaim,
    @Inject(UnfundClaim) private readonly unfunding: UnfundClaim,
  ) {}

  @Get('return')
  askReturn(@CurrentActor() actor: Actor, @Param('id') id: string): Promise<View> {
    return this.ask(actor, id, 'return');
  }

  @Post('return')
  return(
    @CurrentActor() actor: Actor,
    @Param('id') id: string,
    @Body() body: unknown,
    @Req() request: FastifyRequest,
  ): Promise<View | Redirect> {
    return this.take(actor, id, { step: 'return', form: new Form(body), request });
  }

  @Get('reject')
  askReject(@CurrentActor() actor: Actor, @Param('id') id: string): Promise<View> {
    return this.ask(actor, id, 'reject');
  }

  @Post('reject')
  reject(
    @CurrentActor() actor: Actor,
    @Param('id') id: string,
    @Body() body: unknown,
    @Req() request: FastifyRequest,
  ): Promise<View | Redirect> {
    return this.take(actor, id, { step: 'reject', form: new Form(body), request });
  }

  @Get('hold')
  askHold(@CurrentActor() actor: Actor, @Param('id') id: string): Promise<View> {
    return this.ask(actor, id, 'hold');
  }

  @Post('hold')
  hold(
    @CurrentActor() actor: Actor,
    @Param('id') id: string,
    @Body() body: unknown,
    @Req() request: FastifyRequest,
  ): Promise<View | Redirect> {
    return this.take(actor, id, { step: 'hold', form: new Form(body), request });
  }

  @Get('release')
  askRelease(@CurrentActor() actor: Actor, @Param('id') id: string): Promise<View> {
    return this.ask(actor, id, 'release');
  }

  @Post('release')
  release(
    @CurrentActor() actor: Actor,
    @Param('id') id: string,
    @Body() body: unknown,
    @Req() request: FastifyRequest,
  ): Promise<View | Redirect> {
    return this.take(actor, id, { step: 'release', form: new Form(body), request });
  }

  @Get('unfund')
  askUnfund(@CurrentActor() actor: Actor, @Param('id') id: string): Promise<View> {
    return this.ask(actor, id, 'unfund');
  }

  @Post('unfund')
  unfund(
    @CurrentActor() actor: Actor,
    @Param('id') id: string,
    @Body() body: unknown,
    @Req() request: FastifyRequest,
  ): Promise<View | Redirect> {
    return this.take(actor, id, { step: 'unfund', form: new Form(body), request });
  }

  private async ask(actor: Actor, id: string, step: StepName): Promise<View> {
    const desk = await this.desk.get(actor, idOf(id, 'claim'));
    return notNow(actor, desk, step) ?? view('review/step.njk', stepPage(desk, step, { reason: '', lines: new Map() }));
  }

  private async take(
    actor: Actor,
    id: string,
    { step, form, request }: { step: StepName; form: Form; request: FastifyRequest },
  ): Promise<View | Redirect> {
    const claimId = idOf(id, 'claim');
    const desk = await this.desk.get(actor, claimId);
    const lines = reasonsIn(form, desk.claim);
    const tried = await attempt(() => this.run(actor, claimId, { step, form, lines }));
    const { done, undo } = STEP_TEXTS[step];
    const title = `${nameOf(desk.claim)} ${done}`;
    // A funded claim is in no part of the queue of work.
    const next = step === 'unfund' ? claimAddress(claimId) : queueOf(request, desk.claim);
    if (tried.ok) return redirect(next, { title, text: undo, kind: 'success' });
    const typed = { reason: form.typed('reason'), lines: new Map(lines.map(({ lineId, reason }) => [lineId, reason])) };
    const errors = tried.errors.map((error) => placed(error, lines));
    const page = notNow(actor, desk, step, 409);
    return page ?? viewAgain('review/step.njk', { ...stepPage(desk, step, typed), errors });
  }

  private run(
    actor: Actor,
    id: string,
    { step, form, lines }: { step: StepName; form: Form; lines: readonly LineReason[] },
  ): Promise<ClaimView> {
    // A reason is one line wherever it is printed.
    const reason = form.text('reason')?.replace(/\s+/g, ' ');
    const body = reason === undefined ? {} : { reason };
    const seen = form.version();
    switch (step) {
      case 'return':
        return this.ending.returnToAuthority(actor, id, lines.length > 0 ? { ...body, lines } : body, seen);
      case 'reject':
        return this.rejecting.run(actor, id, body, seen);
      case 'hold':
        return this.holding.hold(actor, id, body, seen);
      case 'release':
        return this.holding.release(actor, id, body, seen);
      case 'unfund':
        return this.unfunding.run(actor, id, body, seen);
    }
  }
}

interface LineReason {
  readonly lineId: string;
  readonly reason: string;
}

/** What is said of single lines; nothing typed is nothing said. */
const reasonsIn = (form: Form, claim: ClaimView): LineReason[] =>
  claim.trainerInvoices.flatMap(({ lines }) =>
    lines.flatMap(({ id }) => {
      const reason = form.text(`line.${id}`);
      return reason === undefined ? [] : [{ lineId: id, reason }];
    }),
  );

function placed(error: Problem, lines: readonly LineReason[]): Problem {
  if (error.path === 'reason') return error.code === 'required' ? { ...error, message: 'Say why.' } : error;
  const at = /^lines\[(\d+)\]/.exec(error.path)?.[1];
  const line = at === undefined ? undefined : lines[Number(at)];
  return { ...error, path: line ? `line.${line.lineId}` : '' };
}

/** `status` 409 answers a form that came too late. */
function notNow(actor: Actor, desk: ClaimOnDesk, step: StepName, status = 200): View | null {
  const reason = whyNot(actor, desk, step);
  return reason === null
    ? null
    : view('review/not-now.njk', { ...deskPage(desk), title: STEP_TEXTS[step].verb, reason }, { status });
}
