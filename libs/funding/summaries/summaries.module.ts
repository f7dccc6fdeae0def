import { Module } from '@nestjs/common';
import { ProgrammeModule } from '#programme';
import { FundingModule } from '../funding.module.js';
import { DailySummaries, SummaryTuning } from './daily-summaries.js';
import { SummaryReports } from './summary-reports.js';

const USE_CASES = [SummaryTuning, DailySummaries, SummaryReports];

/** Reports for people to read, and what is added up for them once a day. */
@Module({ imports: [FundingModule, ProgrammeModule], providers: USE_CASES, exports: USE_CASES })
export class SummariesModule {}
