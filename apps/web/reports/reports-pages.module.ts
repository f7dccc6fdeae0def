import { Module } from '@nestjs/common';
import { ClockModule, SummariesModule } from '#funding';
import { LedgerModule } from '#ledger';
import { AgedClaimPages } from './aged-claims.controller.js';
import { BookPages } from './books.controller.js';
import { ReportPages } from './reports.controller.js';
import { WarningPages } from './warnings.controller.js';

/** Reports: each a sentence, a chart, a table that says the same, and the table as a file. */
@Module({
  imports: [ClockModule, SummariesModule, LedgerModule],
  controllers: [ReportPages, AgedClaimPages, BookPages, WarningPages],
})
export class ReportsPagesModule {}
