export { AdjustedLineInput, AdjustmentFilters, AdjustmentInput } from './adjustments/adjustment.input.js';
export { AdjustmentQueries } from './adjustments/adjustment.queries.js';
export {
  AdjustmentListItem,
  AdjustmentView,
  type AdjustmentPreview,
  type StandingLineView,
} from './adjustments/adjustment.view.js';
export { EndProposal } from './adjustments/end-proposal.js';
export { ProposeAdjustment } from './adjustments/propose-adjustment.js';
export { recoveredMoney } from './adjustments/recoveries.js';
export { recordRepayment, undoRepayment } from './adjustments/repayments.js';
export {
  freeSetOffs,
  lockSetOffsOf,
  owedAdjustments,
  restoreSetOffs,
  settleSetOffs,
  takeSetOffs,
  unsettleSetOffs,
  type NewSetOff,
} from './adjustments/set-offs.js';
export { ApproveClaim } from './approve-claim.js';
export { AssignClaim, AssignInput } from './assign-claim.js';
export { CalculateClaim } from './calculate-claim.js';
export { changeState, type ClaimSelection, type Step, type StepColumns } from './change-state.js';
export { ClaimBodyInput } from './claim-body.input.js';
export { ClaimReader } from './claim-reader.js';
export { ClaimFilters, ClaimQueries, type ClaimNames, type TimelineItem } from './claim.queries.js';
export { CalculationView } from './calculation.view.js';
export { ClaimListItem, ClaimView } from './claim.view.js';
export { ClaimsModule } from './claims.module.js';
export { ClaimDesk } from './desk/claim-desk.js';
export { MOST_COUNTED, type ClaimOnDesk, type Waiting, type WouldBeApproved } from './desk/desk.view.js';
export { DocumentQueries, type DocumentItem } from './document.queries.js';
export { draftsAsOf } from './drafts-as-of.js';
export { EndClaim, OptionalReasonInput, ReasonInput, ReturnInput } from './end-claim.js';
export { AddEvidence, MOST_EVIDENCE_BYTES, MOST_FILES_AT_ONCE, MOST_FILES_OF_CLAIM } from './evidence/add-evidence.js';
export { AddedEvidenceView, EvidenceView, RemoveEvidenceInput } from './evidence/evidence.input.js';
export { EvidenceModule } from './evidence/evidence.module.js';
export { EVIDENCE_MEDIA_TYPES } from './evidence/file-kind.js';
export { safeFileName } from './evidence/file-name.js';
export { ReadEvidence } from './evidence/read-evidence.js';
export { RemoveEvidence } from './evidence/remove-evidence.js';
export { FindingsInput } from './findings.js';
export { compareDetails, compareInvoices, type Difference } from './forms/compare-pages.js';
export { ChangeFormInvoices } from './forms/change-invoices.js';
export { DiscardForm } from './forms/discard-form.js';
export { FinishForm } from './forms/finish-form.js';
export {
  DETAILS,
  DETAILS_FIELDS,
  INVOICE_FIELDS,
  invoiceTitle,
  LINE_FIELDS,
  MOST_INVOICES,
  MOST_LINES,
  type DetailsContent,
  type FormProblem,
  type InvoiceContent,
  type InvoiceField,
  type LineContent,
  type LineField,
  type LineKind,
} from './forms/form-content.js';
export { PageConflict } from './forms/form-record.js';
export { isOfNoField, type Task, type TaskStatus } from './forms/form-tasks.js';
export { type FormWorking, type LineWorking } from './forms/form-working.js';
export { FormQueries } from './forms/form.queries.js';
export {
  type FormChoices,
  type FormListItem,
  type FormPageView,
  type FormView,
  type OtherEditor,
  type PutAwayForm,
  type WrittenForm,
} from './forms/form.view.js';
export { formProblems } from './forms/read-form.js';
export { PasteRows } from './forms/paste-rows.js';
export { overlay as typedOver, SaveFormPage } from './forms/save-page.js';
export { StartForm } from './forms/start-form.js';
export { HoldClaim, holdClaims } from './hold-claim.js';
export { ImportClaims, MOST_IMPORT_BYTES, type ImportProgress } from './imports/import-claims.js';
export { ImportQueries, type ImportedDraft, type PastImport } from './imports/import.queries.js';
export { importTemplate } from './imports/import-columns.js';
export { ImportQuery, ImportView } from './imports/import.input.js';
export { KeptImports, type KeptImportFile } from './imports/kept-imports.js';
export { ImportsModule } from './imports/imports.module.js';
export { MessageQueries } from './messages/message.queries.js';
export { MessageView } from './messages/message.view.js';
export { MessageInput, PostMessage } from './messages/post-message.js';
export { PaymentForecast, type ClaimToForecast, type PaymentExpectation } from './payment-forecast.js';
export { RecordFindings } from './record-findings.js';
export { ReviewClaim, ReviewInput } from './review-claim.js';
export { SaveDraft } from './save-draft.js';
export { SearchClaims, SearchQuery, type Found } from './search/search-claims.js';
export { SubmitClaim } from './submit-claim.js';
