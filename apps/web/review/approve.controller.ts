import { Body, Get, Inject, Param, Post, Query, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { ApproveClaim, ClaimDesk, MOST_FILES_OF_CLAIM, ReadEvidence, type ClaimView } from '#claims';
import { type Problem } from '#kernel';
import { type Actor } from '#platform/database';
import { CurrentActor, idOf } from '#platform/http';
import {
  attempt,
  Form,
  money,
  PageController,
  redirect,
  view,
  viewAgain,
  type Notice,
  type Redirect,
  type View,
} from '../page/index.js';
import { approvePage } from './approve.presenter.js';
import { nameOf } from './desk.presenter.js';
import { queueOf } from './last-queue.js';

/** The second person's look: what was reviewed, by whom, what it comes to; then approve or reject. */
@PageController('claims/:id/approve')
export class ApprovePages {
  constructor(
    @Inject(ClaimDesk) private readonly desk: ClaimDesk,
    @Inject(ReadEvidence) private readonly evidence: ReadEvidence,
    @Inject(ApproveClaim) private readonly approving: ApproveClaim,
  ) {}

  @Get()
  async page(@CurrentActor() actor: Actor, @Param('id') id: string, @Query('part') part: unknown): Promise<View> {
    return view('review/approve.njk', await this.data(actor, idOf(id, 'claim'), part));
  }

  @Post()
  async approve(
    @CurrentActor() actor: Actor,
    @Param('id') id: string,
    @Body() body: unknown,
    @Req() request: FastifyRequest,
  ): Promise<View | Redirect> {
    const claimId = idOf(id, 'claim');
    const tried = await attempt(() => this.approving.run(actor, claimId, {}, new Form(body).version()));
    if (tried.ok) return redirect(queueOf(request, { state: 'reviewed', hold: null }), approvedNotice(tried.value));
    const errors: Problem[] = tried.errors.map((error) => ({ ...error, path: '' }));
    return viewAgain('review/approve.njk', { ...(await this.data(actor, claimId)), errors });
  }

  private async data(actor: Actor, id: string, part?: unknown) {
    const desk = await this.desk.get(actor, id);
    const files = await this.evidence.list(actor, id, { limit: MOST_FILES_OF_CLAIM, after: null });
    return approvePage(actor, desk, files, part);
  }
}

function approvedNotice(claim: ClaimView): Notice {
  const name = nameOf(claim);
  if (claim.state === 'rejected') {
    return {
      title: `${name} is rejected: nothing of it was allowed`,
      kind: 'success',
      text: 'Its credit note is on its way.',
    };
  }
  const rest = claim.totalPence - (claim.approvedPence ?? 0);
  return {
    kind: 'success',
    title: `${name} is approved: ${money(claim.approvedPence)}`,
    text: `${rest > 0 ? `A credit note of ${money(rest)} covers the rest. ` : ''}Next: ${claim.waitingFor ?? 'nothing'}. Until it is funded, another approver can undo this by rejecting it.`,
  };
}
