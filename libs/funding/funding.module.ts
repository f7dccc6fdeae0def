import { Module } from '@nestjs/common';
import { ClaimsModule } from '#claims';
import { ProgrammeModule } from '#programme';
import { Accruals } from './accruals/accruals.js';
import { ForecastModule } from './queue/forecast.module.js';
import { PaymentQueue } from './queue/payment-queue.js';
import { ConfirmReceipt } from './receipts/confirm-receipt.js';
import { ReceiptQueries } from './receipts/receipt.queries.js';
import { RecordReceipt } from './receipts/record-receipt.js';
import { ReverseReceipt } from './receipts/reverse-receipt.js';
import { CreateRequest } from './requests/create-request.js';
import { RequestQueries } from './requests/request.queries.js';
import { RequestableQueries } from './requests/requestable.queries.js';
import { SubmitRequest } from './requests/submit-request.js';
import { RejectClaim } from './reject-claim.js';
import { UnfundClaim } from './unfund-claim.js';

const USE_CASES = [
  RecordReceipt,
  ConfirmReceipt,
  ReverseReceipt,
  ReceiptQueries,
  CreateRequest,
  SubmitRequest,
  RequestQueries,
  RequestableQueries,
  PaymentQueue,
  UnfundClaim,
  RejectClaim,
  Accruals,
];

/** From approved to funded: what MTM asks the funder for, what comes, and which claims it funds. */
@Module({ imports: [ClaimsModule, ProgrammeModule, ForecastModule], providers: USE_CASES, exports: USE_CASES })
export class FundingModule {}
