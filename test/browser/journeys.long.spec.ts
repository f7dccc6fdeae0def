import { jest } from '@jest/globals';
import { JOURNEYS } from './journeys/index.js';
import { walkAll } from './journeys/walk.js';

jest.setTimeout(240_000);

walkAll(JOURNEYS.flatMap((journey) => [[journey, true] as const, [journey, false] as const]));
