export { assess, calculateClaim, reckon, type Assessment, type Reckoning } from './calculation.js';
export type { Calculation, CalculationFacts, CategoryFigures, Totals, Working } from './calculation-types.js';
export {
  countryOf,
  linePath,
  type ClaimBody,
  type ClaimLineBody,
  type TrainerBody,
  type TrainerInvoiceBody,
  type TrainingLineBody,
  type TravelLineBody,
} from './claim-body.js';
export {
  ADJUSTING_STATES,
  ADJUSTMENT_LIFECYCLE,
  ADJUSTMENT_STATES,
  eventBetween,
  LIVE_ADJUSTMENT_STATES,
  stateByRecovery,
  type AdjustmentEvent,
  type AdjustmentState,
} from './adjustment-lifecycle.js';
export {
  adjustLines,
  changeProblems,
  type AdjustedAmounts,
  type AdjustedCategory,
  type AdjustedLine,
  type LineChange,
  type StandingLine,
} from './adjust-lines.js';
export { deliveredBy, reimbursementByCategory } from './delivered.js';
export { firstOfSame, invoiceNumberKey, trainerKeys, trainerNameKey, Trainers, vatNumberKey } from './duplicates.js';
export { PROBLEM_CODES, type ProblemCode } from './eligibility.js';
export { canRemoveEvidence, whyNoEvidence, type NoEvidence } from './evidence-rules.js';
export { FLAGS, FLAG_CODES, flagsSeenBy, type FlagAudience, type FlagCode } from './flags.js';
export {
  ADJUSTABLE_STATES,
  ASSIGNABLE_STATES,
  CLAIM_LIFECYCLE,
  CLAIM_STATES,
  EDITABLE_STATES,
  EVENTS_WHILE_HELD,
  FINDING_STATES,
  HOLDABLE_STATES,
  LIVE_STATES,
  PAID_STATES,
  UNPAID_STATES,
  canAdjust,
  canAssign,
  canHold,
  canRecordFindings,
  isEditable,
  isLive,
  isPaidState,
  isPossibleWhileHeld,
  waitingFor,
  type ClaimEvent,
  type ClaimRole,
  type ClaimState,
} from './lifecycle.js';
export { recalculateAllowed, type AllowedAmounts, type LineDecision, type Submitted } from './line-decisions.js';
export {
  daysByAllocation,
  firstDay,
  knowsCategories,
  sumCategories,
  type CountedLine,
  type LineFigures,
} from './line-figures.js';
export { claimInvoiceNumber, creditNoteNumber, dueOn } from './numbering.js';
export { netOldestFirst, type OwedAdjustment, type SetOff } from './set-offs.js';
export { isGbVatNumber } from './vat-rules.js';
export { isPaid, unprovenPayments } from './payment-proof.js';
export { searchTerms, type SearchTerms } from './search-terms.js';
