export { ACCOUNTS } from './accounts.js';
export { authorityOf, isAccountName, requireSound, type Journal, type Posting } from './journal.js';
export {
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
} from './postings.js';
export { assertionsText, directives, journalText, openingText, type Balance, type BookedJournal } from './hledger.js';
