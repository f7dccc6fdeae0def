import { SealCheckpoint } from '#audit';
import { SendDigests, WarnOfClaims } from '#funding';
import { TakeSnapshot } from '#ledger';
import { systemActor } from '#platform/database';
import { type Act, type Step } from '../act.js';
import { type World } from '../world.js';

/** Days that pass before the clock of days runs, now and then: a level is reached, or several, or a week is over. */
const PAUSES = [1, 3, 7, 16, 31, 31];

/** What runs by the clock, at any time and beside anything. */
const sweep = (name: string, weight: number, run: (world: World) => Promise<unknown>): Step => ({
  name,
  weight,
  plan: (world) => ({ name, by: 'the clock', path: '', sweep: () => run(world) }),
});

/** What does its work once a day or week, whoever runs it how often. */
const daily = (name: string, weight: number, run: (world: World) => Promise<unknown>): Step => ({
  name,
  weight,
  plan: (world) => {
    if (world.dice.chance(0.5)) world.letDaysPass(world.dice.pick(PAUSES));
    return { name, by: 'the clock', path: '', sweep: () => run(world), once: true };
  },
});

/** Somebody wants the weekly digest, or no more. */
async function choose(world: World): Promise<Act> {
  const by = world.anybody();
  const [user] = await world.rows<{ version: number }>('SELECT version FROM user_account WHERE email = $1', [by]);
  const headers = { 'if-match': `"v${user!.version}"` };
  return { name: 'choose', by, method: 'PUT', path: '/me', body: { weeklyDigest: world.dice.chance(0.8) }, headers };
}

export const SWEEPS: readonly Step[] = [
  sweep('snapshot', 0.4, ({ service }) => service.app.get(TakeSnapshot).run()),
  sweep('seal', 0.4, ({ service }) => service.app.get(SealCheckpoint).run(systemActor)),
  daily('warn', 0.8, ({ service }) => service.app.get(WarnOfClaims).runIfDue()),
  daily('digest', 0.5, ({ service }) => service.app.get(SendDigests).runIfDue()),
  { name: 'choose', weight: 0.5, plan: choose },
];
