import { type Step } from '../act.js';
import { ADJUSTMENT_STEPS } from './adjustments.js';
import { ASSURANCE_STEPS } from './assurance.js';
import { BANK_STEPS } from './bank.js';
import { CLAIM_STEPS } from './claims.js';
import { FUNDING_STEPS } from './funding.js';
import { GRANT_STEPS } from './grants.js';
import { PAYMENT_STEPS } from './payments.js';
import { SWEEPS } from './sweeps.js';

/** Everything that anybody does. */
export const STEPS: readonly Step[] = [
  ...CLAIM_STEPS,
  ...FUNDING_STEPS,
  ...PAYMENT_STEPS,
  ...ADJUSTMENT_STEPS,
  ...BANK_STEPS,
  ...ASSURANCE_STEPS,
  ...GRANT_STEPS,
  ...SWEEPS,
];
