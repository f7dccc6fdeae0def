import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { drawSample, populationHash, type Drawable, type Drawn, type SamplingRule } from './sampling.js';

const claim = fc.record({
  id: fc.uuid(),
  authority: fc.constantFrom('BRENT', 'BRISTOL', 'LEICS', 'NORFOLK'),
  pence: fc.oneof(fc.integer({ min: 1, max: 100_000 }), fc.integer({ min: 1_000_000, max: 100_000_000 })),
});
const population = fc.uniqueArray(claim, { selector: ({ id }) => id, maxLength: 60 });
const rule: fc.Arbitrary<SamplingRule> = fc.record({
  seed: fc.string({ minLength: 1, maxLength: 20 }),
  thresholdPence: fc.integer({ min: 0, max: 2_000_000 }),
  valuePercent: fc.integer({ min: 10, max: 100 }),
});
const worth = (claims: readonly Drawable[]): number => claims.reduce((sum, { pence }) => sum + pence, 0);
const ids = (claims: readonly Drawable[]): string[] => claims.map(({ id }) => id);
const holds = (check: (all: Drawable[], given: SamplingRule, drawn: Drawn[]) => void): void =>
  fc.assert(fc.property(population, rule, (all, given) => check(all, given, drawSample(all, given))));

describe('a sample', () => {
  it('is of the population, each claim once', () => {
    holds((all, _, drawn) => {
      expect(new Set(ids(drawn)).size).toBe(drawn.length);
      for (const { why: __, ...one } of drawn) expect(all).toContainEqual(one);
    });
  });

  it('has every claim above the threshold', () => {
    holds((all, { thresholdPence }, drawn) => {
      const above = ids(all.filter(({ pence }) => pence > thresholdPence)).sort();
      expect(ids(drawn.filter(({ why }) => why === 'above_threshold')).sort()).toEqual(above);
    });
  });

  it('has a claim of each authority, one for that reason at most', () => {
    holds((all, _, drawn) => {
      expect(new Set(drawn.map(({ authority }) => authority))).toEqual(new Set(all.map(({ authority }) => authority)));
      const for_ = drawn.filter(({ why }) => why === 'each_authority').map(({ authority }) => authority);
      expect(new Set(for_).size).toBe(for_.length);
    });
  });

  it('is worth its share, and no claim was drawn for that once it was', () => {
    holds((all, { valuePercent }, drawn) => {
      expect(worth(drawn) * 100).toBeGreaterThanOrEqual(worth(all) * valuePercent);
      const last = drawn.filter(({ why }) => why === 'value_share').at(-1);
      if (last) expect((worth(drawn) - last.pence) * 100).toBeLessThan(worth(all) * valuePercent);
    });
  });

  it('is the same again from its seed, however the population is read', () => {
    fc.assert(
      fc.property(population, rule, fc.infiniteStream(fc.nat()), (all, given, keys) => {
        const shuffled = all.map((one) => ({ one, key: keys.next().value as number })).sort((a, b) => a.key - b.key);
        const again = shuffled.map(({ one }) => one);
        expect(drawSample(again, given)).toEqual(drawSample(all, given));
        expect(populationHash(again)).toBe(populationHash(all));
      }),
    );
  });

  it('keeps the lots: of claims added elsewhere, none changes who was first of an authority', () => {
    holds((all, given, drawn) => {
      const others = all.filter(({ authority }) => authority !== 'BRENT');
      const only = (some: readonly Drawn[]) =>
        ids(some.filter(({ authority, why }) => authority === 'BRENT' && why !== 'value_share'));
      expect(
        only(
          drawSample(
            all.filter((one) => !others.includes(one)),
            given,
          ),
        ),
      ).toEqual(only(drawn));
    });
  });

  it('is another with another seed', () => {
    const all = Array.from({ length: 200 }, (_, at) => ({ id: `claim-${at}`, authority: 'BRENT', pence: 100 }));
    const of = (seed: string) => ids(drawSample(all, { seed, thresholdPence: 100, valuePercent: 10 }));
    expect(of('a')).toHaveLength(20);
    expect(of('a')).toEqual(of('a'));
    expect(of('a')).not.toEqual(of('b'));
  });

  it('is drawn by a lot that anybody can check', () => {
    const all = ['a', 'b', 'c'].map((id) => ({ id, authority: 'BRENT', pence: 1 }));
    const drawn = drawSample(all, { seed: 'lot', thresholdPence: 1, valuePercent: 100 });
    // for id in a b c; do printf "lot\n$id" | sha256sum; done | sort: 2ab6… of c, 80f0… of b, 838a… of a.
    expect(ids(drawn)).toEqual(['c', 'b', 'a']);
  });

  it('of nothing is nothing', () => {
    expect(drawSample([], { seed: 's', thresholdPence: 0, valuePercent: 100 })).toEqual([]);
  });
});

describe('the hash of a population', () => {
  it('changes with every figure of it', () => {
    const one = { id: 'a', authority: 'BRENT', pence: 1 };
    const hashes = [[one], [{ ...one, pence: 2 }], [{ ...one, authority: 'LEICS' }], [{ ...one, id: 'b' }], []].map(
      populationHash,
    );
    expect(new Set(hashes).size).toBe(5);
    expect(hashes[0]).toMatch(/^[0-9a-f]{64}$/);
  });
});
