import { createHash } from 'node:crypto';
import { sumPence } from '#kernel';

/** An approved claim that may be drawn. */
export interface Drawable {
  readonly id: string;
  readonly authority: string;
  /** Approved, above nothing. */
  readonly pence: number;
}

export interface SamplingRule {
  /** Any text: the same one draws the same claims of the same population. */
  readonly seed: string;
  /** Every claim above this is drawn. */
  readonly thresholdPence: number;
  /** The sample is worth at least so many per cent of the population. */
  readonly valuePercent: number;
}

export const WHY_DRAWN = ['above_threshold', 'each_authority', 'value_share'] as const;
export type WhyDrawn = (typeof WHY_DRAWN)[number];

export type Drawn = Drawable & { readonly why: WhyDrawn };

/** Where a claim comes in the draw: nobody can tell without the seed, and no other claim changes it. */
const lot = (seed: string, id: string): string => createHash('sha256').update(`${seed}\n${id}`).digest('hex');

/**
 * Draws a sample (docs/assurance.md): every claim above the threshold, then one of each authority that has none yet, then
 * whichever come next until the sample is worth its share. Always by lot, so the order of the population does not matter.
 */
export function drawSample(population: readonly Drawable[], rule: SamplingRule): Drawn[] {
  const byLot = population
    .map((claim) => ({ claim, lot: lot(rule.seed, claim.id) }))
    .sort((a, b) => (a.lot < b.lot ? -1 : 1))
    .map(({ claim }) => claim);
  const drawn = new Map<string, Drawn>();
  const draw = (claim: Drawable, why: WhyDrawn): void => void drawn.set(claim.id, { ...claim, why });

  for (const claim of byLot) if (claim.pence > rule.thresholdPence) draw(claim, 'above_threshold');
  const seen = new Set([...drawn.values()].map(({ authority }) => authority));
  for (const claim of byLot) {
    if (seen.has(claim.authority)) continue;
    seen.add(claim.authority);
    draw(claim, 'each_authority');
  }
  const total = sumPence(population.map(({ pence }) => pence));
  let worth = sumPence([...drawn.values()].map(({ pence }) => pence));
  for (const claim of byLot) {
    if (isWorth(worth, total, rule.valuePercent)) break;
    if (drawn.has(claim.id)) continue;
    draw(claim, 'value_share');
    worth += claim.pence;
  }
  return [...drawn.values()];
}

const isWorth = (pence: number, total: number, percent: number): boolean =>
  BigInt(pence) * 100n >= BigInt(total) * BigInt(percent);

/** The SHA-256 of a population, in lower-case hex: one line `id,authority,pence` for each claim, by id. */
export function populationHash(population: readonly Drawable[]): string {
  const hash = createHash('sha256');
  const lines = population.map(({ id, authority, pence }) => `${id},${authority},${pence}\n`);
  for (const line of lines.sort()) hash.update(line);
  return hash.digest('hex');
}
