export { parseTerms } from './parse-terms.js';
export { parseSeed, RESERVE, RESERVED_CODES, type Seed, type SeedAllocation, type SeedAuthority } from './seed.js';
export {
  atCostCategory,
  categoryOf,
  nearestRate,
  rateOn,
  vatRateExists,
  vatRatesOn,
  within,
  type AllocationTerms,
  type AtCostCategory,
  type Category,
  type DayRate,
  type Payer,
  type Period,
  type ProgrammeTerms,
  type Share,
  type TrainingCategory,
  type VatRate,
} from './terms.js';
