export {
  DIFFERENCES,
  reconcile,
  type Difference,
  type DifferenceCode,
  type StatementFacts,
} from './bank-reconciliation.js';
export { ExactDebits, type AwaitedPayment, type DebitShare } from './exact-debits.js';
export { namesWithin, ownEndToEndId, type LineTexts } from './named-payments.js';
export { endToEndId, paymentReference, runNumber, serialOfReference } from './payment-names.js';
export { PAYMENT_LIFECYCLE, PAYMENT_STATES, type PaymentEvent, type PaymentState } from './payment-lifecycle.js';
export {
  MATCH_KINDS,
  planMatch,
  type MatchKind,
  type MatchTarget,
  type MatchWish,
  type PlannedMatch,
} from './plan-match.js';
export { holdsReference, nearReference, referenceKey } from './references.js';
export { RUN_LIFECYCLE, RUN_STATES, type RunEvent, type RunState } from './run-lifecycle.js';
export { gapsBetween, type Neighbour, type StatementGap } from './statement-gaps.js';
export { orderOfDay, standsBefore, type DayStatement } from './statement-order.js';
export {
  continuesAccount,
  neighbours,
  overlapped,
  type NearStatement,
  type StatementSpan,
} from './statement-overlap.js';
export {
  BANK_CHARGES,
  isChargeCode,
  LINE_ACCOUNTS,
  suggest,
  SUGGESTION_KINDS,
  SUSPENSE,
  type Candidate,
  type LineFacts,
  type Suggestion,
  type SuggestionKind,
} from './suggest.js';
