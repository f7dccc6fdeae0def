import { Get, Inject, Query } from '@nestjs/common';
import { ApiOperation, ApiQuery, ApiTags } from '@nestjs/swagger';
import { ACCRUAL_COLUMNS, Accruals, AccrualsInput, AccrualsView } from '#funding';
import { type Actor } from '#platform/database';
import { AnswersRows, ApiController, CurrentActor } from '#platform/http';

@ApiTags('Ledger')
@ApiController('ledger/accruals')
export class AccrualsController {
  constructor(@Inject(Accruals) private readonly accruals: Accruals) {}

  @Get()
  @ApiOperation({ summary: 'What had been delivered and was not paid, by authority and category, as of any instant' })
  @ApiQuery({ type: AccrualsInput })
  @AnswersRows(AccrualsView, { rows: 'lines', csv: ACCRUAL_COLUMNS, description: 'The accruals.' })
  read(@CurrentActor() actor: Actor, @Query() query: unknown): Promise<AccrualsView> {
    return this.accruals.run(actor, query);
  }
}
