import { Module } from '@nestjs/common';
import { ClockModule, FundingModule } from '#funding';
import { PaymentQueueController, UnfundController } from './payment-queue.controller.js';
import { ReceiptsController } from './receipts.controller.js';
import { ReportsController } from './reports.controller.js';
import { RequestsController } from './requests.controller.js';

@Module({
  imports: [ClockModule, FundingModule],
  controllers: [RequestsController, ReceiptsController, PaymentQueueController, UnfundController, ReportsController],
})
export class FundingApiModule {}
