import { Body, Get, Inject, Param, Post } from '@nestjs/common';
import { ApiBody, ApiExtension, ApiOperation, ApiTags } from '@nestjs/swagger';
import {
  CloseInput,
  CloseStatement,
  StatementLineView,
  MatchInput,
  MatchLine,
  ReportView,
  StatementReport,
  BankStatementView,
  UnmatchInput,
  UnmatchLine,
} from '#payments';
import { type Actor } from '#platform/database';
import { Answers, ApiController, CurrentActor, IfMatch, RequiresIdempotencyKey, idOf } from '#platform/http';
import { type ExpectedVersion } from '#platform/validation';

const STATEMENT = 'bank statement';
const LINE = 'line of a bank statement';

/** What the lines of bank statements are, and whether the books agree. */
@ApiTags('Bank statements')
@ApiController('bank-statements')
export class ReconciliationController {
  constructor(
    @Inject(MatchLine) private readonly matching: MatchLine,
    @Inject(UnmatchLine) private readonly unmatching: UnmatchLine,
    @Inject(CloseStatement) private readonly closing: CloseStatement,
    @Inject(StatementReport) private readonly reports: StatementReport,
  ) {}

  @Post(':id/lines/:lineId/match')
  @RequiresIdempotencyKey()
  @ApiOperation({ summary: 'Say what a line is: payments, receipts, adjustments repaid, or an account' })
  @ApiBody({ type: MatchInput })
  @Answers(StatementLineView, 'The line, with its matches.')
  match(
    @CurrentActor() actor: Actor,
    @Param('id') id: string,
    @Param('lineId') lineId: string,
    @Body() body: unknown,
    @IfMatch() seen: ExpectedVersion,
  ): Promise<StatementLineView> {
    return this.matching.run(actor, idOf(id, STATEMENT), idOf(lineId, LINE), body, seen);
  }

  @Post(':id/lines/:lineId/unmatch')
  @RequiresIdempotencyKey()
  @ApiOperation({ summary: 'Undo what a line was matched to: everything that followed is reversed' })
  @ApiBody({ type: UnmatchInput })
  @Answers(StatementLineView, 'The line, open again.')
  unmatch(
    @CurrentActor() actor: Actor,
    @Param('id') id: string,
    @Param('lineId') lineId: string,
    @Body() body: unknown,
    @IfMatch() seen: ExpectedVersion,
  ): Promise<StatementLineView> {
    return this.unmatching.run(actor, idOf(id, STATEMENT), idOf(lineId, LINE), body, seen);
  }

  @Post(':id/close')
  @RequiresIdempotencyKey()
  @ApiOperation({ summary: 'Close a statement whose lines are all explained and which the books agree with' })
  @ApiBody({ type: CloseInput, required: false })
  @Answers(BankStatementView, 'The statement, closed.')
  close(
    @CurrentActor() actor: Actor,
    @Param('id') id: string,
    @Body() body: unknown,
    @IfMatch() seen: ExpectedVersion,
  ): Promise<BankStatementView> {
    return this.closing.run(actor, idOf(id, STATEMENT), body, seen);
  }

  @Get(':id/report')
  @ApiExtension('x-statuses', [409])
  @ApiOperation({ summary: 'A statement beside the books, and what differs' })
  @Answers(ReportView, 'The report.')
  report(@CurrentActor() actor: Actor, @Param('id') id: string): Promise<ReportView> {
    return this.reports.run(actor, idOf(id, STATEMENT));
  }
}
