import { Body, Get, Inject, Param, Post, Query } from '@nestjs/common';
import { ApiBody, ApiOperation, ApiQuery, ApiTags } from '@nestjs/swagger';
import {
  AdjustmentFilters,
  AdjustmentInput,
  AdjustmentListItem,
  AdjustmentQueries,
  AdjustmentView,
  EndProposal,
  ProposeAdjustment,
  ReasonInput,
} from '#claims';
import { type Actor } from '#platform/database';
import {
  Answers,
  AnswersList,
  ApiController,
  Creates,
  CurrentActor,
  IfMatch,
  LargeBody,
  RequiresIdempotencyKey,
  type Page,
  idOf,
} from '#platform/http';
import { EmptyInput, type ExpectedVersion } from '#platform/validation';

const CSV_COLUMNS = [
  ...['id', 'programme', 'authority', 'claimId', 'invoiceNumber', 'state', 'amountPence', 'recoveredPence'],
  ...['balancePence', 'creditNoteNumber', 'proposedBy', 'proposedAt', 'approvedBy', 'approvedAt', 'reason'],
  'cancelReason',
];

@ApiTags('Adjustments')
@ApiController('claims/:id/adjustments')
export class ClaimAdjustmentsController {
  constructor(@Inject(ProposeAdjustment) private readonly proposing: ProposeAdjustment) {}

  @Post()
  @RequiresIdempotencyKey()
  @LargeBody()
  @ApiOperation({ summary: 'Propose to take back what should not have been reimbursed of an approved claim' })
  @ApiBody({ type: AdjustmentInput })
  @Creates(AdjustmentView)
  propose(@CurrentActor() actor: Actor, @Param('id') id: string, @Body() body: unknown): Promise<AdjustmentView> {
    return this.proposing.run(actor, idOf(id, 'claim'), body);
  }
}

/** What is taken back of approved claims: set off against payments, or repaid. */
@ApiTags('Adjustments')
@ApiController('adjustments')
export class AdjustmentsController {
  constructor(
    @Inject(EndProposal) private readonly ending: EndProposal,
    @Inject(AdjustmentQueries) private readonly queries: AdjustmentQueries,
  ) {}

  @Get()
  @ApiOperation({ summary: 'Adjustments, newest first' })
  @ApiQuery({ type: AdjustmentFilters })
  @AnswersList(AdjustmentListItem, { csv: CSV_COLUMNS })
  list(@CurrentActor() actor: Actor, @Query() query: unknown): Promise<Page<AdjustmentListItem>> {
    return this.queries.list(actor, query);
  }

  @Get(':id')
  @ApiOperation({ summary: 'One adjustment with its lines, set-offs and repayments' })
  @Answers(AdjustmentView, 'The adjustment.')
  get(@CurrentActor() actor: Actor, @Param('id') id: string): Promise<AdjustmentView> {
    return this.queries.one(actor, idOf(id, 'adjustment'));
  }

  @Post(':id/approve')
  @RequiresIdempotencyKey()
  @ApiOperation({
    summary: 'Approve what another person proposed: its credit note is issued, its days are given back',
  })
  @ApiBody({ type: EmptyInput, required: false })
  @Answers(AdjustmentView, 'The adjustment, approved.')
  approve(
    @CurrentActor() actor: Actor,
    @Param('id') id: string,
    @Body() body: unknown,
    @IfMatch() seen: ExpectedVersion,
  ): Promise<AdjustmentView> {
    return this.ending.approve(actor, idOf(id, 'adjustment'), body, seen);
  }

  @Post(':id/cancel')
  @RequiresIdempotencyKey()
  @ApiOperation({ summary: 'Cancel a proposal' })
  @ApiBody({ type: ReasonInput })
  @Answers(AdjustmentView, 'The adjustment, cancelled.')
  cancel(
    @CurrentActor() actor: Actor,
    @Param('id') id: string,
    @Body() body: unknown,
    @IfMatch() seen: ExpectedVersion,
  ): Promise<AdjustmentView> {
    return this.ending.cancel(actor, idOf(id, 'adjustment'), body, seen);
  }
}
