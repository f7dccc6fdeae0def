export { postJournals, reverseJournals } from './post-journals.js';
export {
  ACCOUNTS,
  adjustmentApproved,
  bankCharge,
  claimApproved,
  claimApprovedEvent,
  claimsFunded,
  claimUnfunded,
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
