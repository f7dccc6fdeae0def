export {
  checkIbanAccount,
  checkUkAccount,
  type AccountCheck,
  type AccountFault,
  type IbanAccount,
  type UkAccount,
} from './account-checks.js';
export { endToEndId, paymentReference, runNumber, serialOfReference } from './payment-names.js';
export { RUN_LIFECYCLE, RUN_STATES, type RunEvent, type RunState } from './run-lifecycle.js';
