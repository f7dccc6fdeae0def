import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { gapsBetween, type Neighbour } from './statement-gaps.js';

const aStatement = (given: Partial<Neighbour> = {}): Neighbour => ({
  sequence: 12,
  openingPence: 1_000,
  closingPence: 1_500,
  endsOn: '2018-05-02',
  ...given,
});
const next = (given: Partial<Neighbour> = {}): Neighbour =>
  aStatement({ sequence: 13, openingPence: 1_500, closingPence: 0, endsOn: '2018-05-03', ...given });

describe('what is missing between two statements of an account', () => {
  it.each([
    ['nothing before the first', null, next(), []],
    ['nothing when number and balance go on', aStatement(), next(), []],
    [
      'the numbers between',
      aStatement(),
      next({ sequence: 16 }),
      [{ code: 'sequence_missing', missingFrom: 13, missingTo: 15 }],
    ],
    [
      'the money between',
      aStatement(),
      next({ openingPence: 1_400 }),
      [{ code: 'opening_differs', expectedPence: 1_500, foundPence: 1_400 }],
    ],
    ['no number where a bank gives none', aStatement({ sequence: null }), next({ sequence: 40 }), []],
    ['nothing when the year begins again at 1', aStatement(), next({ sequence: 1, endsOn: '2019-01-02' }), []],
    [
      'the first numbers of a new year',
      aStatement(),
      next({ sequence: 3, endsOn: '2019-01-04' }),
      [{ code: 'sequence_missing', missingFrom: 1, missingTo: 2 }],
    ],
    ['nothing when the numbers go on over a new year', aStatement(), next({ endsOn: '2019-01-02' }), []],
    ['nothing for another page of the same number', aStatement(), next({ sequence: 12 }), []],
  ])('%s', (_what, before, statement, gaps) => {
    expect(gapsBetween(before, statement)).toEqual(gaps);
  });

  it('leaving out a run of statements misses exactly their numbers, and their money unless they come to nothing', () => {
    const amounts = fc.array(fc.integer({ min: -1_000_000, max: 1_000_000 }), { minLength: 2, maxLength: 40 });
    fc.assert(
      fc.property(amounts, fc.nat(), fc.nat(), (changes, one, other) => {
        let balance = 0;
        const all = changes.map((change, at) =>
          aStatement({ sequence: at + 1, openingPence: balance, closingPence: (balance += change) }),
        );
        const [from, to] = [one % all.length, other % all.length].sort((a, b) => a - b) as [number, number];
        if (from === to) return;
        const lost = changes.slice(from + 1, to).reduce((sum, change) => sum + change, 0);
        const gaps = gapsBetween(all[from]!, all[to]!);
        const numbers = gaps.find((gap) => gap.code === 'sequence_missing');
        expect(numbers ? numbers.missingTo - numbers.missingFrom + 1 : 0).toBe(to - from - 1);
        const money = gaps.find((gap) => gap.code === 'opening_differs');
        expect(money ? money.foundPence - money.expectedPence : 0).toBe(lost);
      }),
    );
  });
});
