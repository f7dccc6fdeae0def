import { Module } from '@nestjs/common';
import { ClaimsModule } from '#claims';
import { FundingModule } from '#funding';
import { PaymentsModule } from '#payments';
import { ProgrammeModule } from '#programme';
import { Names } from './names.js';
import { OurPaymentsPages } from './ours.controller.js';
import { PaymentPages } from './payment.controller.js';
import { RunPages } from './run.controller.js';
import { RunsPages } from './runs.controller.js';

/** MTM's payment runs, and for an authority what it is paid. */
@Module({
  imports: [ClaimsModule, FundingModule, PaymentsModule, ProgrammeModule],
  providers: [Names],
  controllers: [RunsPages, RunPages, PaymentPages, OurPaymentsPages],
  exports: [Names],
})
export class PaymentsPagesModule {}
