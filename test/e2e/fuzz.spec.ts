import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Fuzzer } from '../support/openapi-fuzz.js';
import { type Service } from '../support/service.js';
import { startFuzzing } from './fuzz-support.js';

const SEED = 20_180_315;
const RUNS = 10;

let service: Service;
let fuzzer: Fuzzer;
beforeAll(async () => {
  ({ service, fuzzer } = await startFuzzing());
}, 240_000);
afterAll(async () => {
  await service?.stop();
}, 60_000);

describe('calls made out of the description, good and hostile', () => {
  it('are answered as it says, and never by a fault of the service', async () => {
    const found: string[] = [];
    for (const name of fuzzer.judge.operations()) {
      const fault = await fuzzer.attack(name, { seed: SEED, numRuns: RUNS });
      if (fault !== null) found.push(fault);
    }
    expect(found).toEqual([]);
    expect(fuzzer.shots).toBeGreaterThan(fuzzer.judge.operations().length * (RUNS - 1));
    // Deep enough that some were taken, and others refused by a rule and not only by their form.
    expect([...fuzzer.statuses]).toEqual(expect.arrayContaining([200, 201, 400, 404, 409, 412, 422]));
  }, 240_000);

  it('leave the service and its prototypes as they were', async () => {
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
    expect((await service.call(null, 'GET', '/health/ready')).status).toBe(200);
  });
});
