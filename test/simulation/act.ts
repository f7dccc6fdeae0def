import { type Dice } from '../support/random.js';
import { type World } from './world.js';

/** One thing that somebody asks of the service: one request, or a sweep. */
export interface Act {
  /** What it is counted as. */
  name: string;
  /** Who asks, by e-mail. */
  by: string;
  method?: 'POST' | 'PUT';
  path: string;
  /** Text as it is, anything else as JSON. */
  body?: unknown;
  headers?: Record<string, string>;
  /** Instead of a request: something that runs by the clock. Answers false when there was nothing to do. */
  sweep?: () => Promise<unknown>;
  /** Of a sweep: what it does is done once, however often it is run, and by however many. */
  once?: boolean;
}

/** One kind of act; how often it is thought of, compared with the others. */
export interface Step {
  name: string;
  weight: number;
  /** What is asked now; null when there is nothing of the kind to ask. */
  plan(world: World): Promise<Act | null> | Act | null;
}

/** One of the steps, the likelier the heavier. */
export function anyStep(dice: Dice, steps: readonly Step[]): Step {
  const total = steps.reduce((sum, { weight }) => sum + weight, 0);
  let left = dice.upTo(total * 1000) / 1000;
  return steps.find(({ weight }) => (left -= weight) < 0) ?? steps.at(-1)!;
}
