import { Module } from '@nestjs/common';
import { PaymentsModule } from '#payments';
import { PaymentsPagesModule } from '../payments/payments-pages.module.js';
import { LinePages } from './line.controller.js';
import { LoadPages } from './load.controller.js';
import { MappingsPages } from './mappings.controller.js';
import { ReportsPages } from './reports.controller.js';
import { StatementsPages } from './statements.controller.js';

/** What the bank says, and what MTM makes of it. */
@Module({
  imports: [PaymentsModule, PaymentsPagesModule],
  controllers: [StatementsPages, LoadPages, LinePages, ReportsPages, MappingsPages],
})
export class BankPagesModule {}
