import { Get, Inject, Query } from '@nestjs/common';
import { ApiOperation, ApiQuery, ApiTags } from '@nestjs/swagger';
import {
  AGEING_COLUMNS,
  AgeingInput,
  AgeingReport,
  AgeingView,
  PAYMENT_TIMES_COLUMNS,
  PaymentTimes,
  PaymentTimesInput,
  PaymentTimesView,
  WARNING_COLUMNS,
  WarningFilters,
  WarningItem,
  WarningQueries,
} from '#funding';
import { type Actor } from '#platform/database';
import { AnswersList, AnswersRows, ApiController, CurrentActor, type Page } from '#platform/http';

@ApiTags('Reports')
@ApiController('reports')
export class ReportsController {
  constructor(
    @Inject(AgeingReport) private readonly ageing: AgeingReport,
    @Inject(PaymentTimes) private readonly paymentTimes: PaymentTimes,
    @Inject(WarningQueries) private readonly warnings: WarningQueries,
  ) {}

  @Get('ageing')
  @ApiOperation({ summary: 'What is submitted and not paid, by authority and age' })
  @ApiQuery({ type: AgeingInput })
  @AnswersRows(AgeingView, { rows: 'items', csv: AGEING_COLUMNS, description: 'The report.' })
  readAgeing(@CurrentActor() actor: Actor, @Query() query: unknown): Promise<AgeingView> {
    return this.ageing.run(actor, query);
  }

  @Get('payment-times')
  @ApiOperation({ summary: 'How long claims took to be paid, by month of payment and authority' })
  @ApiQuery({ type: PaymentTimesInput })
  @AnswersRows(PaymentTimesView, { rows: 'items', csv: PAYMENT_TIMES_COLUMNS, description: 'The report.' })
  readTimes(@CurrentActor() actor: Actor, @Query() query: unknown): Promise<PaymentTimesView> {
    return this.paymentTimes.run(actor, query);
  }

  @Get('warnings')
  @ApiOperation({ summary: 'Unpaid claims that MTM finance was warned of, newest first' })
  @ApiQuery({ type: WarningFilters })
  @AnswersList(WarningItem, { csv: WARNING_COLUMNS })
  listWarnings(@CurrentActor() actor: Actor, @Query() query: unknown): Promise<Page<WarningItem>> {
    return this.warnings.list(actor, query);
  }
}
