import { afterEach, describe, it } from '@jest/globals';
import { Simulation } from './simulation.js';

describe('a simulation', () => {
  let simulation: Simulation | null = null;
  afterEach(async () => {
    await simulation?.service.stop();
    simulation = null;
  });

  it('breaks nothing that always holds', async () => {
    simulation = await Simulation.start({ seed: 20_180_403, steps: 350 });
    await simulation.run();
  }, 300_000);
});
