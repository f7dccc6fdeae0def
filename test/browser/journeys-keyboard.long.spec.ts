import { jest } from '@jest/globals';
import { JOURNEYS } from './journeys/index.js';
import { walkAll } from './journeys/walk.js';

jest.setTimeout(400_000);

walkAll(JOURNEYS.flatMap((journey) => [true, false].map((javaScript) => ({ journey, javaScript, keyboard: true }))));
