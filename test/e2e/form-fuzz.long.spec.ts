import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { FormFuzzing } from './form-fuzz-support.js';

const RUNS = 150;
/** Another one each day, so that it finds something new; a failure says which. */
const SEED = Number(process.env['FUZZ_SEED'] ?? new Date().toISOString().slice(0, 10).replaceAll('-', ''));

let fuzzing: FormFuzzing;
beforeAll(async () => {
  fuzzing = await FormFuzzing.start();
}, 400_000);
afterAll(() => fuzzing?.stop(), 60_000);

describe('forms of pages, filled in by somebody who means no good', () => {
  it('are done or refused, and never a fault of the service: by the hundred', async () => {
    const found = await fuzzing.attackForms({ seed: SEED, numRuns: RUNS });
    expect({ SEED, found }).toEqual({ SEED, found: [] });
    expect(fuzzing.fuzzer.shots).toBeGreaterThan(fuzzing.forms.length * (RUNS - 1));
  }, 1_800_000);

  it('that no page has are answered likewise, and every page at odd addresses: by the hundred', async () => {
    const found = await fuzzing.attackInTheDark({ seed: SEED, numRuns: 50 });
    expect({ SEED, found }).toEqual({ SEED, found: [] });
  }, 1_800_000);

  it('leave the prototypes as they were', () => {
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });
});
