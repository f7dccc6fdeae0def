import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { orderOfDay, standsBefore, type DayStatement } from './statement-order.js';

const from = (openingPence: number, closingPence: number, sequence: number | null = null): DayStatement => ({
  ...{ openingPence, closingPence, sequence },
  format: sequence === null ? 'csv' : 'camt053',
});
const told = (statements: readonly DayStatement[]): string =>
  statements.map(({ openingPence, closingPence }) => `${openingPence}-${closingPence}`).join(' ');
const order = (statements: readonly DayStatement[], before: number | null = null, after: number | null = null) =>
  told(orderOfDay({ before, after, statements }));

describe('the order of the statements of a day', () => {
  it.each([
    ['a CSV after the numbered one that it goes on from', [from(50, 170, 1), from(170, 160)], '50-170 170-160'],
    ['the same when the CSV came first', [from(170, 160), from(50, 170, 1)], '50-170 170-160'],
    ['two CSVs in whichever order they came', [from(20, 30), from(10, 20)], '10-20 20-30'],
    ['a CSV between two numbers', [from(10, 20, 1), from(30, 40, 2), from(20, 30)], '10-20 20-30 30-40'],
    ['three from the last to the first', [from(30, 40), from(20, 30), from(10, 20)], '10-20 20-30 30-40'],
    ['what fits nowhere after what was there', [from(50, 170, 1), from(300, 310)], '50-170 300-310'],
    ['also when that has no number', [from(300, 310), from(50, 170, 1)], '300-310 50-170'],
    ['numbers, where balances do not meet', [from(50, 60, 3), from(10, 20, 1), from(30, 40, 2)], '10-20 30-40 50-60'],
    ['loading, where there are no numbers', [from(50, 60), from(10, 20), from(30, 40)], '50-60 10-20 30-40'],
    [
      'money to and fro',
      [from(900, 600), from(600, 900), from(900, 600), from(600, 650)],
      '900-600 600-900 900-600 600-650',
    ],
    ['numbers of one format, though the balances would meet otherwise', [from(9, 6, 1), from(6, 9, 2)], '9-6 6-9'],
    [
      'those also while the third of four is missing',
      [from(900, 600, 1), from(600, 650, 4), from(600, 900, 2)],
      '900-600 600-900 600-650',
    ],
    ['statements of nothing by their numbers', [from(7, 7, 3), from(7, 7, 2), from(5, 7, 1)], '5-7 7-7 7-7'],
  ])('is %s', (_what, statements, expected) => {
    expect(order(statements)).toBe(expected);
  });

  it('follows the day before, and with none the day after', () => {
    const round = [from(600, 900), from(900, 600)];
    expect(order(round)).toBe('600-900 900-600');
    expect(order(round, 900)).toBe('900-600 600-900');
    expect(order(round, null, 900)).toBe('900-600 600-900');
    expect(order([from(50, 60), from(900, 600)], 900)).toBe('900-600 50-60');
    // What fits nowhere stays behind although the rest would meet the day after.
    expect(order([from(10, 20), from(80, 90)], null, 20)).toBe('10-20 80-90');
  });

  it('does not trust that two formats number alike', () => {
    const mt940 = { ...from(20, 30, 5), format: 'mt940' };
    expect(order([from(10, 20, 207), mt940])).toBe('10-20 20-30');
  });

  const changes = fc.array(fc.integer({ min: -3, max: 3 }), { minLength: 1, maxLength: 9 });
  const chainOf = (all: readonly number[], numbered: readonly boolean[]): DayStatement[] => {
    let balance = 1_000;
    return all.map((change, at) => from(balance, (balance += change), numbered[at] ? at + 1 : null));
  };
  const breaks = (statements: readonly DayStatement[], before: number | null): number =>
    statements.filter((one, at) => {
      const reached = at === 0 ? before : statements[at - 1]!.closingPence;
      return reached !== null && reached !== one.openingPence;
    }).length;
  const shuffled = fc.record({
    changes,
    numbered: fc.array(fc.boolean(), { minLength: 9, maxLength: 9 }),
    keys: fc.array(fc.nat(), { minLength: 9, maxLength: 9 }),
  });

  it('of a day that is whole has no break, however it was loaded and wherever its money went', () => {
    fc.assert(
      fc.property(shuffled, ({ changes: all, numbered, keys }) => {
        const chain = chainOf(all, numbered);
        const statements = chain.map((one, at) => ({ one, key: keys[at]! })).sort((a, b) => a.key - b.key);
        const found = orderOfDay({ before: 1_000, after: null, statements: statements.map(({ one }) => one) });
        expect(new Set(found)).toEqual(new Set(chain));
        expect(found).toHaveLength(chain.length);
        expect(breaks(found, 1_000)).toBe(0);
        const numbers = found.flatMap(({ sequence }) => (sequence === null ? [] : [sequence]));
        expect(numbers).toEqual([...numbers].sort((a, b) => a - b));
      }),
    );
  });

  it('is the chain itself where each balance is reached once, with one break where one is missing', () => {
    const rising = fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 3, maxLength: 9 });
    fc.assert(
      fc.property(rising, fc.array(fc.nat(), { minLength: 9, maxLength: 9 }), fc.nat(), (all, keys, lost) => {
        const chain = chainOf(all, []);
        const mixed = (statements: DayStatement[]): DayStatement[] =>
          statements
            .map((one, at) => ({ one, key: keys[at]! }))
            .sort((a, b) => a.key - b.key)
            .map(({ one }) => one);
        expect(orderOfDay({ before: null, after: null, statements: mixed(chain) })).toEqual(chain);
        const gone = 1 + (lost % (all.length - 2));
        const rest = chain.filter((_one, at) => at !== gone);
        expect(orderOfDay({ before: 1_000, after: null, statements: mixed(rest) })).toEqual(rest);
      }),
    );
  });

  it('is found at once for any day, also one of hundreds that meet nowhere', () => {
    const strays = Array.from({ length: 300 }, (_one, at) => from(at * 10, at * 10 + 1 + (at % 7)));
    expect(orderOfDay({ before: 5, after: null, statements: strays })).toHaveLength(300);
  });
});

describe('what would have to stand before a closed statement', () => {
  const closed = [from(100, 200, 2), from(200, 300, 3)];
  it.each([
    ['ends where the first of them begins', from(50, 100), null, 300, '100-200'],
    ['but not when another has that place', from(50, 100), 100, 300, null],
    ['has a number before one of theirs', from(10, 20, 2), null, 300, '200-300'],
    ['is of nothing, between two of them', from(200, 200), 100, 300, '200-300'],
    ['not what goes on after them', from(300, 100), 100, 300, null],
    ['not what goes on, whatever its number', from(300, 350, 1), 100, 300, null],
    ['not what fits nowhere', from(700, 800), 100, 300, null],
    ['not what ends in the middle of them', from(150, 200), 100, 300, null],
  ])('%s', (_what, statement, before, previous, expected) => {
    const found = standsBefore(statement, { before, closed, previous });
    expect(found && told([found])).toBe(expected);
  });

  it('is nothing where nothing is closed', () => {
    expect(standsBefore(from(1, 2), { before: null, closed: [], previous: null })).toBeNull();
  });
});
