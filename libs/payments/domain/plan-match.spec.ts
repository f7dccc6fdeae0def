import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { planMatch, type MatchTarget, type MatchWish } from './plan-match.js';
import { BANK_CHARGES, LINE_ACCOUNTS, SUSPENSE } from './suggest.js';

const target = (id: string, openPence: number, kind: MatchTarget['kind'] = 'payment'): MatchTarget => ({
  kind,
  id,
  openPence,
  path: `paymentIds[${id}]`,
});
const plan = (wish: Partial<MatchWish>) =>
  planMatch({ leftPence: -100, currency: 'GBP', targets: [], amounts: new Map(), account: null, ...wish });
const parts = (wish: Partial<MatchWish>) => plan(wish).matches.map(({ targetId, pence }) => [targetId, pence]);
const codes = (wish: Partial<MatchWish>) => plan(wish).problems.map(({ path, code }) => [path, code]);

describe('what a line is', () => {
  it('is a payment, or a part of one, or one and something else', () => {
    expect(parts({ targets: [target('a', 100)] })).toEqual([['a', -100]]);
    expect(parts({ targets: [target('a', 250)] })).toEqual([['a', -100]]);
    expect(parts({ targets: [target('a', 60)] })).toEqual([['a', -60]]);
    expect(parts({ targets: [target('a', 60)], account: BANK_CHARGES })).toEqual([
      ['a', -60],
      [null, -40],
    ]);
  });

  it('is several payments in full, or by the amounts that are given', () => {
    const both = [target('a', 60), target('b', 40)];
    expect(parts({ targets: both })).toEqual([
      ['a', -60],
      ['b', -40],
    ]);
    expect(parts({ targets: both, amounts: new Map([['a', 10]]) })).toEqual([
      ['a', -10],
      ['b', -40],
    ]);
    expect(parts({ leftPence: 100, targets: [target('r', 100, 'receipt')] })).toEqual([['r', 100]]);
  });

  it('is an account alone', () => {
    expect(plan({ account: SUSPENSE }).matches).toEqual([{ kind: 'suspense', targetId: null, pence: -100 }]);
    expect(plan({ account: BANK_CHARGES }).matches).toEqual([{ kind: 'bank_charge', targetId: null, pence: -100 }]);
  });

  it('is not more than is open, nor than is left', () => {
    expect(codes({ targets: [target('a', 60)], amounts: new Map([['a', 61]]) })).toEqual([
      ['paymentIds[a]', 'match_exceeds_target'],
    ]);
    expect(codes({ targets: [target('a', 60), target('b', 60)] })).toEqual([['', 'match_exceeds_line']]);
    expect(codes({ targets: [target('a', 100)], account: SUSPENSE })).toEqual([['account', 'match_exceeds_line']]);
  });
});

describe('every plan without a problem', () => {
  it('takes no more than the line has and each target is open for, each part with the line’s sign', () => {
    const wishes = fc.record<MatchWish>({
      leftPence: fc.integer({ min: -200, max: 200 }).filter((pence) => pence !== 0),
      currency: fc.constant('GBP'),
      targets: fc
        .array(fc.integer({ min: 1, max: 200 }), { maxLength: 4 })
        .map((opens) => opens.map((open, at) => target(String(at), open))),
      amounts: fc
        .array(fc.tuple(fc.constantFrom('0', '1', '2', '3'), fc.integer({ min: 1, max: 200 })), { maxLength: 3 })
        .map((all) => new Map(all)),
      account: fc.option(fc.constantFrom(...LINE_ACCOUNTS)),
    });
    fc.assert(
      fc.property(wishes, (wish) => {
        const { matches, problems } = planMatch(wish);
        if (problems.length > 0) return;
        const sum = matches.reduce((total, { pence }) => total + pence, 0);
        expect(Math.abs(sum)).toBeLessThanOrEqual(Math.abs(wish.leftPence));
        if (wish.account !== null) expect(sum).toBe(wish.leftPence);
        for (const { targetId, pence } of matches) {
          expect(Math.sign(pence)).toBe(Math.sign(wish.leftPence));
          const of = wish.targets.find(({ id }) => id === targetId);
          if (of) expect(Math.abs(pence)).toBeLessThanOrEqual(of.openPence);
        }
      }),
    );
  });
});
