export { instantOf, requireAsOf } from './as-of.js';
export { balancesAsOf, type AccountTotals } from './balances.js';
export { ExportJournal, ExportJournalInput } from './export-journal.js';
export { LedgerModule } from './ledger.module.js';
export { postJournals, reverseJournals } from './post-journals.js';
export { STATEMENT_COLUMNS, StatementInput, StatementOfAccount, StatementView } from './statement-of-account.js';
export { TakeSnapshot } from './take-snapshot.js';
export { TRIAL_BALANCE_COLUMNS, TrialBalance, TrialBalanceInput, TrialBalanceView } from './trial-balance.js';
export {
  ACCOUNTS,
  adjustmentApproved,
  bankCharge,
  claimApproved,
  claimApprovedEvent,
  claimsFunded,
  claimsUnfunded,
  owedMoneyUsed,
  paymentSettled,
  receiptConfirmed,
  repaid,
  suspense,
  type ApprovedClaim,
  type ByCategory,
  type Journal,
  type Posting,
} from './domain/index.js';
