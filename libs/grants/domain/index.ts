export { grantQuarters, quarterShares, workOutGrant, type GrantWorking } from './amount.js';
export { looksLikeSameCost, type CostMarks } from './double-cost.js';
export type {
  GrantFacts,
  GrantReceipt,
  GrantSummary,
  QuarterFigures,
  QuarterRecord,
  QuarterState,
  YearFigures,
} from './figures.js';
export { heldDays, type HeldPeriod } from './forecast.js';
export { financialYearLabel, financialYearOf, quarterOf, type Quarter } from './quarters.js';
export { statementFigures, type StatementFigures } from './statement.js';
export { summariseGrant } from './summary.js';
