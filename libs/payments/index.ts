export { BankFileError, type BankFileCode, type BankFileProblem } from './bank-files/bank-file-error.js';
export {
  CSV_DATE_FORMATS,
  type CsvAmounts,
  type CsvDateFormat,
  type CsvMapping,
  type CsvSource,
} from './bank-files/csv-mapping.js';
export { isPaymentReference } from './bank-files/bank-characters.js';
export {
  PAYMENT_ROUTES,
  type Pain001Model,
  type Pain001Payment,
  type PaymentAccount,
  type PaymentRoute,
} from './bank-files/pain001-model.js';
export { writePain001 } from './bank-files/pain001.js';
export { readPain002, type PaymentOutcome, type StatusEvent, type StatusReason } from './bank-files/pain002.js';
export type { Acceptance } from './bank-files/prove-statement.js';
export { readStatementPieces, readStatements, type StatementFormat } from './bank-files/read-statements.js';
export { accountKey, accountOf } from './bank-files/statement-account.js';
export type {
  EntryStatus,
  StatementAccount,
  StatementClosing,
  StatementEntry,
  StatementEvent,
  StatementHeader,
} from './bank-files/statement.js';
export { PaymentsModule } from './payments.module.js';
export { CloseInput, CloseStatement } from './reconciliation/close-statement.js';
export { MatchCandidates, type MatchCandidate, type MatchRef } from './reconciliation/match-candidates.js';
export { MatchLine, type MatchPreview } from './reconciliation/match-line.js';
export { MatchStatement } from './reconciliation/match-statement.js';
export { MatchInput, UnmatchInput } from './reconciliation/match.input.js';
export { PaymentQueries } from './reconciliation/payment.queries.js';
export { PaymentDetail, PaymentFilters } from './reconciliation/payment.view.js';
export { RefusePayment } from './reconciliation/refuse-payment.js';
export { ReportView } from './reconciliation/report.view.js';
export { StatementReport } from './reconciliation/statement-report.js';
export { UnmatchLine } from './reconciliation/unmatch-line.js';
export { RemittanceQueries } from './remittance/remittance.queries.js';
export { EndRun } from './runs/end-run.js';
export { PaymentPartsQuery, type PaidClaim, type PaymentParts } from './runs/payment-parts.js';
export { PrepareRun } from './runs/prepare-run.js';
export { RunApproversQuery, type RunApprovers } from './runs/run-approvers.js';
export { RunQueries } from './runs/run.queries.js';
export {
  LeftOut,
  PaymentPreview,
  PaymentView,
  PreparedRunView,
  RunFilters,
  RunInput,
  RunListItem,
  RunPreview,
  RunView,
} from './runs/run.view.js';
export { LoadStatusFile, type StatusFilePreview } from './statements/load-status-file.js';
export { LoadStatement, type KeptStatementFile } from './statements/load-statement.js';
export { QUARANTINE_CODES, type QuarantineCode } from './statements/refusal.js';
export { MAPPING_NAME } from './statements/mapping-store.js';
export { MappingInput, MappingQuery, MappingView } from './statements/mapping.input.js';
export { StatementMappings } from './statements/save-mapping.js';
export { ShowStatement } from './statements/show-statement.js';
export { StatementQueries } from './statements/statement.queries.js';
export { DryRunView, DryStatementView } from './statements/dry-run.view.js';
export { EntryView, LineFilters, StatementLineView } from './statements/line.view.js';
export { BankStatementView, LoadedFileView, LoadQuery, StatementFilters } from './statements/statement.view.js';
export { StatusFileQueries } from './statements/status-file.queries.js';
export {
  LoadedStatusFileView,
  PaymentStatusView,
  StatusFileFilters,
  StatusFileQuery,
  StatusFileView,
} from './statements/status-file.view.js';
export { PaymentsWaitingQuery, type PaymentsWaiting } from './waiting.queries.js';
