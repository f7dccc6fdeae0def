export { ACCRUAL_STAGES, accrualLines, byStage, type Accrued, type AccrualStage, type Stages } from './accruals.js';
export { allocateReceipts, type Funding, type Remainder, type Slice, type WaitingClaim } from './allocate-receipts.js';
export { bankReferenceKey } from './bank-reference.js';
export { expectedPayment, type Expectation, type History, type OnItsWay, type PayingRun } from './expected-payment.js';
export {
  RECEIPT_LIFECYCLE,
  RECEIPT_SOURCES,
  RECEIPT_STATES,
  REQUEST_LIFECYCLE,
  REQUEST_STATES,
  type ReceiptEvent,
  type ReceiptSource,
  type ReceiptState,
  type RequestEvent,
  type RequestState,
} from './lifecycle.js';
export { ageBands, clockLevels, mondayOf, OVERDUE, type AgeBand, type ClockLevel } from './payment-clock.js';
export {
  drawSample,
  populationHash,
  WHY_DRAWN,
  type Drawable,
  type Drawn,
  type SamplingRule,
  type WhyDrawn,
} from './sampling.js';
export { requestNumber } from './request-number.js';
export { askedFor, type Asked } from './recovered.js';
export { stateByClaims, type Standing } from './request-state.js';
