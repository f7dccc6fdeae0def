import { Module } from '@nestjs/common';
import { DocumentsModule } from '#documents';
import { FundingModule } from '#funding';
import { ProgrammeModule } from '#programme';
import { CloseStatement } from './reconciliation/close-statement.js';
import { MatchCandidates } from './reconciliation/match-candidates.js';
import { MatchLine } from './reconciliation/match-line.js';
import { MatchStatement } from './reconciliation/match-statement.js';
import { ApplyPaymentStatus } from './reconciliation/payment-status.js';
import { PaymentQueries } from './reconciliation/payment.queries.js';
import { PaymentSteps } from './reconciliation/payment-steps.js';
import { ReceiptSteps } from './reconciliation/receipt-steps.js';
import { RefusePayment } from './reconciliation/refuse-payment.js';
import { StatementReport } from './reconciliation/statement-report.js';
import { UnmatchLine } from './reconciliation/unmatch-line.js';
import { RemittanceQueries } from './remittance/remittance.queries.js';
import { EndRun } from './runs/end-run.js';
import { PaymentPartsQuery } from './runs/payment-parts.js';
import { PrepareRun } from './runs/prepare-run.js';
import { RunApproversQuery } from './runs/run-approvers.js';
import { RunQueries } from './runs/run.queries.js';
import { LoadStatusFile } from './statements/load-status-file.js';
import { LoadStatement } from './statements/load-statement.js';
import { StatementMappings } from './statements/save-mapping.js';
import { ShowStatement } from './statements/show-statement.js';
import { StatementQueries } from './statements/statement.queries.js';
import { StatusFileQueries } from './statements/status-file.queries.js';
import { PaymentsWaitingQuery } from './waiting.queries.js';

const RUNS = [PrepareRun, EndRun, RunQueries, RunApproversQuery, PaymentPartsQuery, RemittanceQueries];
const STATEMENTS = [
  LoadStatement,
  ShowStatement,
  StatementQueries,
  StatementMappings,
  LoadStatusFile,
  StatusFileQueries,
];
const RECONCILIATION = [
  MatchStatement,
  MatchLine,
  MatchCandidates,
  UnmatchLine,
  CloseStatement,
  StatementReport,
  RefusePayment,
  PaymentQueries,
];
const STEPS = [ApplyPaymentStatus, PaymentSteps, ReceiptSteps];
const USE_CASES = [PaymentsWaitingQuery, ...RUNS, ...STATEMENTS, ...RECONCILIATION];

/** Payment runs and bank statements. Needs DatabaseModule and DocumentStorage. */
@Module({
  imports: [DocumentsModule, FundingModule, ProgrammeModule],
  providers: [...STEPS, ...USE_CASES],
  exports: USE_CASES,
})
export class PaymentsModule {}
