export { checkIbanAccount, checkUkAccount, type AccountFault } from './account-checks.js';
export { UNDERSPENDS, type GrantTerms, type Underspend } from './grant-terms.js';
export { parseTerms, termsInvalid } from './parse-terms.js';
export { parseSeed, RESERVE, type Seed } from './seed.js';
export {
  atCostCategory,
  categoryOf,
  nearestRate,
  rateOn,
  vatRateExists,
  vatRatesOn,
  warningDays,
  type Category,
  type DebtorAccount,
  type ProgrammeTerms,
} from './terms.js';
