import { Module } from '@nestjs/common';
import { FundingModule } from '#funding';
import { PaymentQueueController, UnfundController } from './payment-queue.controller.js';
import { ReceiptsController } from './receipts.controller.js';
import { RequestsController } from './requests.controller.js';

@Module({
  imports: [FundingModule],
  controllers: [RequestsController, ReceiptsController, PaymentQueueController, UnfundController],
})
export class FundingApiModule {}
