import { Module } from '@nestjs/common';
import { ClockModule, SummariesModule } from '#funding';
import { LedgerModule } from '#ledger';
import { BookPages } from './books.controller.js';
import { ReportPages } from './reports.controller.js';
import { WarningPages } from './warnings.controller.js';

/** Reports: each a sentence, a chart, a table that says the same, and the table as a file. */
@Module({
  imports: [ClockModule, SummariesModule, LedgerModule],
  controllers: [ReportPages, BookPages, WarningPages],
})
export class ReportsPagesModule {}
