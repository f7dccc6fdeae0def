export { Accruals } from './accruals/accruals.js';
export { ACCRUAL_COLUMNS, AccrualsInput, AccrualsView } from './accruals/accruals.view.js';
export { ItemFilters, OutcomeInput, SampleInput } from './assurance/assurance.input.js';
export { AssuranceModule } from './assurance/assurance.module.js';
export { AssuranceQueries } from './assurance/assurance.queries.js';
export { AssuranceItemView, PopulationItem, SampleView } from './assurance/assurance.view.js';
export { DrawSample } from './assurance/draw-sample.js';
export { RecordOutcome } from './assurance/record-outcome.js';
export { AgedClaims } from './clock/aged-claims.js';
export { AGEING_COLUMNS, AgeingInput, AgeingItem, AgeingReport, AgeingView } from './clock/ageing-report.js';
export { ClockModule } from './clock/clock.module.js';
export {
  PAYMENT_TIMES_COLUMNS,
  PaymentTimes,
  PaymentTimesInput,
  PaymentTimesItem,
  PaymentTimesView,
} from './clock/payment-times.js';
export { SendDigests } from './clock/send-digests.js';
export { WARNING_COLUMNS, WarningFilters, WarningItem, WarningQueries } from './clock/warnings.queries.js';
export { WarnOfClaims } from './clock/warn-of-claims.js';
export { FundingModule } from './funding.module.js';
export { lockFunding, programmeMeant } from './programme-funding.js';
export { PaymentQueue, QueueFilters } from './queue/payment-queue.js';
export { QueueItem } from './queue/queue.view.js';
export { ConfirmReceipt } from './receipts/confirm-receipt.js';
export { ConfirmInput, ReceiptInput } from './receipts/receipt.input.js';
export { ReceiptFilters, ReceiptQueries } from './receipts/receipt.queries.js';
export { ReceiptListItem, ReceiptPreview, ReceiptView } from './receipts/receipt.view.js';
export { RecordReceipt } from './receipts/record-receipt.js';
export { ReverseReceipt } from './receipts/reverse-receipt.js';
export { CreateRequest } from './requests/create-request.js';
export { RequestInput } from './requests/request.input.js';
export { RequestFilters, RequestQueries } from './requests/request.queries.js';
export {
  RequestClaimItem,
  RequestListItem,
  RequestPreview,
  RequestView,
  ScheduleLine,
} from './requests/request.view.js';
export { RequestableQueries, type RequestableItem } from './requests/requestable.queries.js';
export { SubmitRequest } from './requests/submit-request.js';
export { RejectClaim } from './reject-claim.js';
export { type ForecastRow } from './summaries/cash-forecast.js';
export { DailySummaries, SummaryTuning, type Summarised } from './summaries/daily-summaries.js';
export { FUNDING_STAGES, type FundersMoney, type FundingStage, type StageRow } from './summaries/funding-stages.js';
export {
  SummaryReports,
  type AccrualsSummary,
  type AgeingSummary,
  type Named,
  type TimesSummary,
} from './summaries/summary-reports.js';
export { SummariesModule } from './summaries/summaries.module.js';
export { UnfundClaim } from './unfund-claim.js';
