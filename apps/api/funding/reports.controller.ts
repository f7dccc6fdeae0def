import { Get, Inject, Query } from '@nestjs/common';
import { ApiOperation, ApiQuery, ApiTags } from '@nestjs/swagger';
import { AGEING_COLUMNS, AgeingInput, AgeingReport, AgeingView } from '#funding';
import { type Actor } from '#platform/database';
import { AnswersRows, ApiController, CurrentActor } from '#platform/http';

@ApiTags('Reports')
@ApiController('reports')
export class ReportsController {
  constructor(@Inject(AgeingReport) private readonly ageing: AgeingReport) {}

  @Get('ageing')
  @ApiOperation({ summary: 'What is submitted and not paid, by authority and age' })
  @ApiQuery({ type: AgeingInput })
  @AnswersRows(AgeingView, { rows: 'items', csv: AGEING_COLUMNS, description: 'The report.' })
  readAgeing(@CurrentActor() actor: Actor, @Query() query: unknown): Promise<AgeingView> {
    return this.ageing.run(actor, query);
  }
}
