export {
  changeDays,
  lockAllocations,
  readAllocations,
  type DayChange,
  type LockedAllocation,
} from './allocation-store.js';
export { loadAuthority, programmesOf, requireParticipant, type AuthorityProfile } from './authority.queries.js';
export { AuthorityField, codeOf, PARTY_CODE, ProgrammeField, WhichProgramme } from './code-fields.js';
export { ConfirmBankDetails, ConfirmBankDetailsInput } from './confirm-bank-details.js';
export { categoryOf, warningDays, type DebtorAccount, type ProgrammeTerms } from './domain/index.js';
export { grantProgrammesOf, grantTermsOf } from './grant-terms-store.js';
export { loadProgramme, type LoadResult } from './load-programme.js';
export { MoveAllocation, MoveInput } from './move-allocation.js';
export { ProgrammeModule } from './programme.module.js';
export { ProgrammeQueries } from './programme.queries.js';
export { TermsStore, type StoredTerms } from './terms-store.js';
export { BankDetailsInput, ReplaceBankDetails } from './replace-bank-details.js';
export { AuthorityInput, UpdateAuthority } from './update-authority.js';
export { AuthoritiesWaiting, type LowAllocation } from './waiting.queries.js';
