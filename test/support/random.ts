export interface Dice {
  /** 0 to below the limit. */
  upTo(limit: number): number;
  chance(of: number): boolean;
  pick<T>(items: readonly T[]): T;
}

/** Random, but the same again for a seed (mulberry32). */
export function random(seed: number): Dice {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
  return {
    upTo: (limit) => Math.floor(next() * limit),
    chance: (of) => next() < of,
    pick: (items) => items[Math.floor(next() * items.length)]!,
  };
}
