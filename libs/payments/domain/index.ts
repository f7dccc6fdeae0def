export {
  checkIbanAccount,
  checkUkAccount,
  type AccountCheck,
  type AccountFault,
  type IbanAccount,
  type UkAccount,
} from './account-checks.js';
