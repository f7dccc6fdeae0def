import { Module } from '@nestjs/common';
import { FundingModule, SummariesModule } from '#funding';
import { IdentityModule } from '#identity';
import { FundingOverviewPages } from './overview.controller.js';
import { NewRequestPages } from './new-request.controller.js';
import { QueuePages } from './queue.controller.js';
import { ReceiptPages } from './receipts.controller.js';
import { ReceiptStepPages } from './receipt-steps.controller.js';
import { RequestPages } from './requests.controller.js';

/** From approved to funded: what the funder is asked for, what comes, and what it funds. */
@Module({
  imports: [FundingModule, SummariesModule, IdentityModule],
  // Those with a fixed address before those that take anything for an id.
  controllers: [FundingOverviewPages, NewRequestPages, RequestPages, ReceiptPages, ReceiptStepPages, QueuePages],
})
export class FundingPagesModule {}
