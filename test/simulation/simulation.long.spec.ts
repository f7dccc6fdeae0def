import { afterEach, describe, it } from '@jest/globals';
import { Simulation } from './simulation.js';

/** SIMULATION_SEED repeats one; without it four are taken. */
const SEEDS = process.env['SIMULATION_SEED'] ? [Number(process.env['SIMULATION_SEED'])] : [1, 2, 3, 4];

describe('long simulations', () => {
  let simulation: Simulation | null = null;
  afterEach(() => simulation?.service.stop());

  it.each(SEEDS)(
    'seed %d breaks nothing that always holds',
    async (seed) => {
      simulation = await Simulation.start({ seed, steps: 2_000 });
      await simulation.run();
    },
    1_800_000,
  );
});
