import { Body, Inject, Param, Post } from '@nestjs/common';
import { ApiBody, ApiOperation, ApiTags } from '@nestjs/swagger';
import {
  ApproveClaim,
  AssignClaim,
  AssignInput,
  ClaimView,
  EndClaim,
  FindingsInput,
  HoldClaim,
  OptionalReasonInput,
  ReasonInput,
  RecordFindings,
  ReturnInput,
  ReviewClaim,
  ReviewInput,
  SubmitClaim,
} from '#claims';
import { RejectClaim } from '#funding';
import { type Actor } from '#platform/database';
import { Answers, ApiController, CurrentActor, IfMatch, RequiresIdempotencyKey, idOf } from '#platform/http';
import { EmptyInput, type ExpectedVersion } from '#platform/validation';

const CLAIM = 'The whole claim as it is now.';

/** The steps of a claim's life, and what is recorded beside them. Each needs an Idempotency-Key and honours If-Match. */
@ApiTags('Claims')
@ApiController('claims/:id')
export class ClaimStepsController {
  constructor(
    @Inject(SubmitClaim) private readonly submitting: SubmitClaim,
    @Inject(ReviewClaim) private readonly reviewing: ReviewClaim,
    @Inject(RecordFindings) private readonly finding: RecordFindings,
    @Inject(ApproveClaim) private readonly approving: ApproveClaim,
    @Inject(EndClaim) private readonly ending: EndClaim,
    @Inject(RejectClaim) private readonly rejecting: RejectClaim,
    @Inject(HoldClaim) private readonly holding: HoldClaim,
    @Inject(AssignClaim) private readonly assigning: AssignClaim,
  ) {}

  @Post('submit')
  @RequiresIdempotencyKey()
  @ApiOperation({ summary: 'Submit a draft or returned claim: it gets its number, its invoice is made and e-mailed' })
  @ApiBody({ type: EmptyInput, required: false })
  @Answers(ClaimView, CLAIM)
  submit(
    @CurrentActor() actor: Actor,
    @Param('id') id: string,
    @Body() body: unknown,
    @IfMatch() seen: ExpectedVersion,
  ) {
    return this.submitting.run(actor, idOf(id, 'claim'), body, seen);
  }

  @Post('withdraw')
  @RequiresIdempotencyKey()
  @ApiOperation({ summary: 'Withdraw a claim; a submitted one is credited' })
  @ApiBody({ type: OptionalReasonInput, required: false })
  @Answers(ClaimView, CLAIM)
  withdraw(
    @CurrentActor() actor: Actor,
    @Param('id') id: string,
    @Body() body: unknown,
    @IfMatch() seen: ExpectedVersion,
  ) {
    return this.ending.withdraw(actor, idOf(id, 'claim'), body, seen);
  }

  @Post('review')
  @RequiresIdempotencyKey()
  @ApiOperation({ summary: 'Decide line by line, record proof of payment and invoices found distinct' })
  @ApiBody({ type: ReviewInput, required: false })
  @Answers(ClaimView, CLAIM)
  review(
    @CurrentActor() actor: Actor,
    @Param('id') id: string,
    @Body() body: unknown,
    @IfMatch() seen: ExpectedVersion,
  ) {
    return this.reviewing.run(actor, idOf(id, 'claim'), body, seen);
  }

  @Post('findings')
  @RequiresIdempotencyKey()
  @ApiOperation({
    summary: 'Record proof of payment and invoices found distinct, with or after the review; the state stays',
  })
  @ApiBody({ type: FindingsInput })
  @Answers(ClaimView, CLAIM)
  findings(
    @CurrentActor() actor: Actor,
    @Param('id') id: string,
    @Body() body: unknown,
    @IfMatch() seen: ExpectedVersion,
  ) {
    return this.finding.run(actor, idOf(id, 'claim'), body, seen);
  }

  @Post('approve')
  @RequiresIdempotencyKey()
  @ApiOperation({ summary: 'Approve what the review allowed; by somebody who neither edited nor reviewed' })
  @ApiBody({ type: EmptyInput, required: false })
  @Answers(ClaimView, CLAIM)
  approve(
    @CurrentActor() actor: Actor,
    @Param('id') id: string,
    @Body() body: unknown,
    @IfMatch() seen: ExpectedVersion,
  ) {
    return this.approving.run(actor, idOf(id, 'claim'), body, seen);
  }

  @Post('return')
  @RequiresIdempotencyKey()
  @ApiOperation({ summary: 'Give a claim back to the authority to correct, with reasons for single lines too' })
  @ApiBody({ type: ReturnInput })
  @Answers(ClaimView, CLAIM)
  return(
    @CurrentActor() actor: Actor,
    @Param('id') id: string,
    @Body() body: unknown,
    @IfMatch() seen: ExpectedVersion,
  ) {
    return this.ending.returnToAuthority(actor, idOf(id, 'claim'), body, seen);
  }

  @Post('reject')
  @RequiresIdempotencyKey()
  @ApiOperation({ summary: 'Reject a claim' })
  @ApiBody({ type: ReasonInput })
  @Answers(ClaimView, CLAIM)
  reject(
    @CurrentActor() actor: Actor,
    @Param('id') id: string,
    @Body() body: unknown,
    @IfMatch() seen: ExpectedVersion,
  ) {
    return this.rejecting.run(actor, idOf(id, 'claim'), body, seen);
  }

  @Post('hold')
  @RequiresIdempotencyKey()
  @ApiOperation({ summary: 'Put a claim on hold; its state and its 60 days stay as they are' })
  @ApiBody({ type: ReasonInput })
  @Answers(ClaimView, CLAIM)
  hold(@CurrentActor() actor: Actor, @Param('id') id: string, @Body() body: unknown, @IfMatch() seen: ExpectedVersion) {
    return this.holding.hold(actor, idOf(id, 'claim'), body, seen);
  }

  @Post('release')
  @RequiresIdempotencyKey()
  @ApiOperation({ summary: 'Release a held claim' })
  @ApiBody({ type: OptionalReasonInput, required: false })
  @Answers(ClaimView, CLAIM)
  release(
    @CurrentActor() actor: Actor,
    @Param('id') id: string,
    @Body() body: unknown,
    @IfMatch() seen: ExpectedVersion,
  ) {
    return this.holding.release(actor, idOf(id, 'claim'), body, seen);
  }

  @Post('assign')
  @RequiresIdempotencyKey()
  @ApiOperation({ summary: 'Lay a claim on the desk of somebody at the payer, or take it off; its state stays' })
  @ApiBody({ type: AssignInput })
  @Answers(ClaimView, CLAIM)
  assign(
    @CurrentActor() actor: Actor,
    @Param('id') id: string,
    @Body() body: unknown,
    @IfMatch() seen: ExpectedVersion,
  ) {
    return this.assigning.run(actor, idOf(id, 'claim'), body, seen);
  }
}
