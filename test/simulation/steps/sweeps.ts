import { SealCheckpoint } from '#audit';
import { TakeSnapshot } from '#ledger';
import { systemActor } from '#platform/database';
import { type Step } from '../act.js';
import { type World } from '../world.js';

/** What runs by the clock, at any time and beside anything. */
const sweep = (name: string, weight: number, run: (world: World) => Promise<unknown>): Step => ({
  name,
  weight,
  plan: (world) => ({ name, by: 'the clock', path: '', sweep: () => run(world) }),
});

export const SWEEPS: readonly Step[] = [
  sweep('snapshot', 0.4, ({ service }) => service.app.get(TakeSnapshot).run()),
  sweep('seal', 0.4, ({ service }) => service.app.get(SealCheckpoint).run(systemActor)),
];
