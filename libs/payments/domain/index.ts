export { endToEndId, paymentReference, runNumber, serialOfReference } from './payment-names.js';
export { RUN_LIFECYCLE, RUN_STATES, type RunEvent, type RunState } from './run-lifecycle.js';
export { gapsBetween, type Neighbour, type StatementGap } from './statement-gaps.js';
