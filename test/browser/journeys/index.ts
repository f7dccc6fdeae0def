import { firstClaim } from './first-claim.js';
import { month } from './month.js';
import { moveDays } from './days.js';
import { questions } from './questions.js';
import { returnAndResubmit } from './return.js';
import { verifyTrail } from './trail.js';
import { type Journey } from './world.js';

export { firstClaim, month, moveDays, questions, returnAndResubmit, verifyTrail };

/** All of them. What is approved must be paid before the next that pays: none leaves an approved claim behind. */
export const JOURNEYS: readonly Journey[] = [month, questions, firstClaim, returnAndResubmit, moveDays, verifyTrail];
