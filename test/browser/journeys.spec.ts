import { jest } from '@jest/globals';
import { firstClaim, month, moveDays, questions, returnAndResubmit, verifyTrail } from './journeys/index.js';
import { walkAll } from './journeys/walk.js';

jest.setTimeout(240_000);

// The short set: each journey once. The whole matrix is in journeys.long.spec.ts.
walkAll([
  [month, true],
  [firstClaim, true],
  [questions, false],
  [returnAndResubmit, false],
  [moveDays, false],
  [verifyTrail, false],
]);
