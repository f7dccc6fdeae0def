import { type Services } from './support/services.js';

/** What is to be reached: at least, or at most, so much. */
export interface Target {
  atLeast?: number;
  atMost?: number;
}

/** A ratio of two figures of the same run: the only kind of figure that means something on another machine. */
export interface Ratio {
  name: string;
  value: number;
  target?: Target;
}

/** An absolute figure: what this machine did, now. */
export interface Amount {
  name: string;
  value: number;
  unit: string;
}

export interface Findings {
  ratios: Ratio[];
  amounts: Amount[];
  /** What a reader must know to judge them. */
  notes?: string[];
}

export interface BenchContext {
  /** All sizes, or the small ones that take a few minutes. */
  full: boolean;
  services: Services;
  /** Tells, on stderr, what takes time. */
  say: (line: string) => void;
}

/** One question, with its baseline measured in the same run. */
export interface Figure {
  name: string;
  title: string;
  run(context: BenchContext): Promise<Findings>;
}

/** Whether a ratio reaches its target; null when it has none. */
export function reached({ value, target }: Ratio): boolean | null {
  if (target === undefined) return null;
  return value >= (target.atLeast ?? -Infinity) && value <= (target.atMost ?? Infinity);
}
