import { jest } from '@jest/globals';
import { firstClaim, month, moveDays, questions, returnAndResubmit, verifyTrail } from './journeys/index.js';
import { walkAll } from './journeys/walk.js';

jest.setTimeout(240_000);

// The short set: each journey once. The whole matrix is in the two *.long.spec.ts beside.
walkAll([
  { journey: month, javaScript: true },
  { journey: firstClaim, javaScript: true },
  { journey: questions, javaScript: false },
  { journey: returnAndResubmit, javaScript: false, keyboard: true },
  { journey: moveDays, javaScript: false },
  { journey: verifyTrail, javaScript: false },
]);
