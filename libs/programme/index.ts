export { AllocationOverview, type AllocationRow, type CategoryTotals, type DrawView } from './allocation-overview.js';
export { type AllocationView, type MoveView } from './allocation.queries.js';
export {
  changeDays,
  lockAllocations,
  readAllocations,
  type DayChange,
  type LockedAllocation,
} from './allocation-store.js';
export {
  loadAuthority,
  programmesOf,
  requireParticipant,
  type AuthorityListItem,
  type AuthorityProfile,
  type BankAccount,
} from './authority.queries.js';
export { BankDetailsHistory, type HeldNumber, type PastAccount } from './bank-details-history.js';
export { AuthorityField, codeOf, PARTY_CODE, ProgrammeField, WhichProgramme } from './code-fields.js';
export { loadConfirmed, type TwoPeople } from './confirmed-load.js';
export { ConfirmBankDetails, ConfirmBankDetailsInput } from './confirm-bank-details.js';
export { categoryOf, warningDays, type DebtorAccount, type ProgrammeTerms } from './domain/index.js';
export { grantProgrammesOf, grantTermsOf } from './grant-terms-store.js';
export { loadProgramme, type LoadResult } from './load-programme.js';
export { MoveAllocation, MoveInput } from './move-allocation.js';
export { PreviewMove, type MoveEndPreview, type MovePreview } from './preview-move.js';
export { ProgrammeModule } from './programme.module.js';
export { ProgrammeQueries } from './programme.queries.js';
export { TermsVersions, type ProgrammeVersions, type TermsVersion } from './terms-versions.js';
export { TermsStore, type StoredTerms } from './terms-store.js';
export { BankDetailsInput, ReplaceBankDetails } from './replace-bank-details.js';
export { AuthorityInput, UpdateAuthority } from './update-authority.js';
export { AuthoritiesWaiting, type LowAllocation } from './waiting.queries.js';
