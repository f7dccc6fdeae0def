import { Module } from '@nestjs/common';
import { SummariesModule } from '#funding';
import { LedgerModule } from '#ledger';
import { BookPages } from './books.controller.js';
import { ReportPages } from './reports.controller.js';

/** Reports: each a sentence, a chart, a table that says the same, and the table as a file. */
@Module({ imports: [SummariesModule, LedgerModule], controllers: [ReportPages, BookPages] })
export class ReportsPagesModule {}
