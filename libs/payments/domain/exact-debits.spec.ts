import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { ExactDebits, type AwaitedPayment } from './exact-debits.js';

const payment = (id: string, amountPence: number, known: Partial<AwaitedPayment> = {}): AwaitedPayment => ({
  ...{ id, state: 'scheduled', amountPence, matchedPence: 0 },
  ...known,
});
const shown = (debits: ExactDebits, pence: number, ...named: AwaitedPayment[]): [string, number][] =>
  debits.take(pence, named).map((share) => [share.payment.id, share.pence]);

describe('what debits are', () => {
  const a = payment('a', 100);
  const b = payment('b', 60, { matchedPence: 20 });

  it('is the payment that they name, or a part of it', () => {
    const debits = new ExactDebits();
    expect(shown(debits, 70, a)).toEqual([['a', 70]]);
    expect(shown(debits, 30, a)).toEqual([['a', 30]]);
    expect(shown(debits, 41, b)).toEqual([]);
    expect(shown(debits, 40, b)).toEqual([['b', 40]]);
  });

  it('is several payments when the line is exactly what is open of all', () => {
    const both: [string, number][] = [
      ['a', 100],
      ['b', 40],
    ];
    expect(shown(new ExactDebits(), 140, a, b)).toEqual(both);
    expect(shown(new ExactDebits(), 139, a, b)).toEqual([]);
    expect(shown(new ExactDebits(), 160, a, b)).toEqual([]);
  });

  it.each(['settled', 'refused', 'bounced', 'cancelled'] as const)('is no payment that is %s', (state) => {
    const ended = payment('c', 50, { state, matchedPence: state === 'settled' ? 50 : 0 });
    expect(shown(new ExactDebits(), 50, ended)).toEqual([]);
    expect(shown(new ExactDebits(), 100, a, ended)).toEqual([]);
  });

  it('is nothing when the line names nothing, or a payment of nothing', () => {
    expect(shown(new ExactDebits(), 10)).toEqual([]);
    expect(shown(new ExactDebits(), 100, a, payment('z', 0))).toEqual([]);
  });

  it('is left to a person from the line on that asks too much', () => {
    const debits = new ExactDebits();
    expect(shown(debits, 60, a)).toEqual([['a', 60]]);
    expect(shown(debits, 50, a)).toEqual([]);
    expect(shown(debits, 40, a)).toEqual([]);
    expect(shown(debits, 40, b)).toEqual([['b', 40]]);
    expect(shown(debits, 40, b)).toEqual([]);
    // One of several does not fit: then none of it does.
    expect(shown(debits, 47, b, payment('c', 7))).toEqual([]);
    debits.keep();
    expect(debits.tooEarly).toBe(false);
  });

  it('is the payment first, and a part of it only when no line is all of it', () => {
    const debits = new ExactDebits();
    expect(shown(debits, 15, a)).toEqual([['a', 15]]);
    expect(shown(debits, 100, a)).toEqual([]);
    debits.keep();
    expect(debits.tooEarly).toBe(true);
    const again = new ExactDebits(debits.wholes);
    expect(shown(again, 15, a)).toEqual([]);
    expect(shown(again, 100, a)).toEqual([['a', 100]]);
    expect(shown(again, 15, a)).toEqual([]);
    again.keep();
    expect(again.tooEarly).toBe(false);
  });

  it('forgets what a statement asked that was there before', () => {
    const debits = new ExactDebits();
    expect(shown(debits, 60, a)).toEqual([['a', 60]]);
    debits.keep();
    expect(shown(debits, 40, a)).toEqual([['a', 40]]);
    shown(debits, 40, b);
    debits.forget();
    expect(shown(debits, 40, a)).toEqual([['a', 40]]);
    expect(shown(debits, 40, b)).toEqual([['b', 40]]);
    debits.keep();
    expect(shown(debits, 1, a)).toEqual([]);
  });

  interface Line {
    pence: number;
    named: AwaitedPayment[];
    known: boolean;
  }
  const payments = [payment('a', 20), payment('b', 9, { matchedPence: 3 }), payment('c', 7)];
  const lines = fc.array(
    fc.record({ pence: fc.integer({ min: 1, max: 33 }), named: fc.subarray(payments), known: fc.boolean() }),
    { maxLength: 30 },
  );
  /** Each line a statement of its own, there before or not. */
  const asked = (debits: ExactDebits, of: readonly Line[]) =>
    of.map(({ pence, named, known }) => {
      const shares = debits.take(pence, named);
      if (known) debits.forget();
      else debits.keep();
      return known ? [] : shares;
    });
  const settled = (of: readonly Line[]) => {
    const debits = new ExactDebits();
    const first = asked(debits, of);
    return debits.tooEarly ? asked(new ExactDebits(debits.wholes), of) : first;
  };

  it('is what sorting all lines gives: those that are all of a payment first', () => {
    fc.assert(
      fc.property(lines, (all) => {
        const open = ({ amountPence, matchedPence }: AwaitedPayment) => amountPence - matchedPence;
        const total = (named: readonly AwaitedPayment[]) => named.reduce((sum, one) => sum + open(one), 0);
        const shares = all.flatMap(({ pence, named, known }, line) => {
          const fits = named.length === 1 ? pence <= total(named) : pence === total(named);
          if (known || !fits) return [];
          return named.map((one) => ({ line, one, pence: named.length === 1 ? pence : open(one) }));
        });
        const inOrder = [...shares].sort(
          (x, y) => Number(x.pence < open(x.one)) - Number(y.pence < open(y.one)) || x.line - y.line,
        );
        const sums = new Map<string, number>();
        const left = new Set<number>();
        for (const { line, one, pence } of inOrder) {
          const sum = (sums.get(one.id) ?? 0) + pence;
          sums.set(one.id, sum);
          if (sum > open(one)) left.add(line);
        }
        const expected = all.map((_, line) => (left.has(line) ? [] : shares.filter((share) => share.line === line)));
        expect(settled(all).map((found) => found.map((share) => [share.payment.id, share.pence]))).toEqual(
          expected.map((found) => found.map(({ one, pence }) => [one.id, pence])),
        );
      }),
      { numRuns: 2_000 },
    );
  });
});
