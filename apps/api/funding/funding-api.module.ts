import { Module } from '@nestjs/common';
import { AssuranceModule, ClockModule, FundingModule } from '#funding';
import { AccrualsController } from './accruals.controller.js';
import { AssuranceItemsController, AssuranceSamplesController } from './assurance.controller.js';
import { PaymentQueueController, UnfundController } from './payment-queue.controller.js';
import { ReceiptsController } from './receipts.controller.js';
import { ReportsController } from './reports.controller.js';
import { RequestsController } from './requests.controller.js';

@Module({
  imports: [AssuranceModule, ClockModule, FundingModule],
  controllers: [
    RequestsController,
    ReceiptsController,
    PaymentQueueController,
    UnfundController,
    ReportsController,
    AssuranceSamplesController,
    AssuranceItemsController,
    AccrualsController,
  ],
})
export class FundingApiModule {}
