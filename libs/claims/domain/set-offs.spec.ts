import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { InvalidValue, sumPence } from '#kernel';
import { netOldestFirst } from './set-offs.js';

const owed = (...balances: number[]) => balances.map((balancePence, at) => ({ id: `a${at}`, balancePence }));

describe('setting off', () => {
  it.each<[string, number, number[], number[]]>([
    ['nothing owed', 1000, [], []],
    ['less than is due', 1000, [300, 200], [300, 200]],
    ['exactly what is due', 500, [300, 200], [300, 200]],
    ['more than is due: the oldest whole, the next in part, the rest later', 400, [300, 200, 50], [300, 100]],
    ['nothing due', 0, [300], []],
    ['one with nothing left is passed over', 100, [0, 50], [50]],
  ])('%s', (_, due, balances, taken) => {
    expect(netOldestFirst(due, owed(...balances)).map(({ pence }) => pence)).toEqual(taken);
  });

  it('refuses to reckon with what is recovered beyond its amount', () => {
    expect(() => netOldestFirst(100, owed(50, -1))).toThrow(InvalidValue);
  });

  it('takes all it can, the oldest first, never more than is owed or due', () => {
    const balances = fc.array(fc.integer({ min: 0, max: 1_000_000 }), { maxLength: 30 });
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 5_000_000 }), balances, (due, list) => {
        const given = owed(...list);
        const taken = netOldestFirst(due, given);
        const total = sumPence(taken.map(({ pence }) => pence));
        expect(total).toBe(Math.min(due, sumPence(list)));
        const byId = new Map(taken.map(({ id, pence }) => [id, pence]));
        let earlierLeft = 0;
        for (const { id, balancePence } of given) {
          const pence = byId.get(id) ?? 0;
          expect(pence).toBeLessThanOrEqual(balancePence);
          // Nothing is taken of a later one while an earlier one has something left.
          if (pence > 0) expect(earlierLeft).toBe(0);
          earlierLeft += balancePence - pence;
        }
      }),
    );
  });
});
