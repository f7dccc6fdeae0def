import { afterEach, beforeEach, describe, it } from '@jest/globals';
import { Service } from '../support/service.js';
import { Walk } from './claims-walk.js';

/** WALK_SEED repeats one walk; without it ten are taken. */
const SEEDS = process.env['WALK_SEED']
  ? [Number(process.env['WALK_SEED'])]
  : Array.from({ length: 10 }, (_, at) => at + 1);

describe('long random walks', () => {
  let service: Service;
  beforeEach(async () => {
    service = await Service.start();
  });
  afterEach(() => service?.stop());

  it.each(SEEDS)(
    'seed %d breaks nothing that always holds',
    async (seed) => {
      await new Walk(service, { seed, rounds: 300, atOnce: 12 }).run();
    },
    600_000,
  );
});
