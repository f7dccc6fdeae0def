import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { continuesAccount, overlapped, type NearStatement, type StatementSpan } from './statement-overlap.js';

const day = (at: number): string => `2018-05-${String(at + 1).padStart(2, '0')}`;
const span = (sequence: number | null, days: [number, number], balances: [number, number]): StatementSpan => ({
  ...{ sequence, startsOn: day(days[0]), endsOn: day(days[1]) },
  ...{ openingPence: balances[0], closingPence: balances[1] },
});
const near = (statement: StatementSpan, sameEntry = false): NearStatement => {
  return { ...statement, sameEntry, id: `${statement.sequence}` };
};

describe('a statement with days in common with others', () => {
  const first = near(span(1, [2, 2], [900, 600]), true);
  it.each([
    ['goes on where the day before it ended', span(2, [2, 2], [600, 900]), [first], true, null],
    [
      'ends where the next of the day begins',
      span(null, [1, 2], [500, 900]),
      [near(span(3, [2, 2], [900, 0]))],
      true,
      null,
    ],
    ['begins as another does', span(8, [2, 2], [900, 500]), [near(first)], false, '1'],
    ['has an entry of another', span(8, [2, 2], [100, 50]), [first], false, '1'],
    ['leaves one out that never came', span(8, [2, 2], [100, 50]), [near(first)], false, null],
    ['lies across another', span(8, [1, 3], [100, 50]), [near(first)], false, '1'],
    ['goes on, but lies across another with its entry', span(8, [1, 3], [600, 50]), [first], true, '1'],
    [
      'would take a place that is taken',
      span(2, [2, 2], [600, 650]),
      [near(first), near(span(2, [2, 2], [600, 0]))],
      false,
      '2',
    ],
  ])('%s', (_what, statement, others, continues, with_) => {
    expect(continuesAccount(statement, others)).toBe(continues);
    expect(overlapped(statement, others)?.id ?? null).toBe(with_);
  });

  const moves = fc.array(
    fc.record({
      days: fc.integer({ min: 0, max: 2 }),
      pence: fc.integer({ min: -3, max: 3 }).filter((pence) => pence !== 0),
    }),
    { minLength: 1, maxLength: 9 },
  );
  /** The statements of an account, several a day. */
  const account = moves.map((all) => {
    let [at, balance] = [0, 0];
    return all.map(({ days, pence }, place) => {
      const statement = span(place + 1, [(at += days), at], [balance, (balance += pence)]);
      return statement;
    });
  });
  const common = (one: StatementSpan, other: StatementSpan): boolean =>
    one.endsOn >= other.startsOn && one.startsOn <= other.endsOn;
  const sharing = (statement: StatementSpan, others: readonly StatementSpan[]): NearStatement[] =>
    others
      .filter((other) => common(statement, other))
      .map((other) =>
        near(other, other.openingPence - other.closingPence === statement.openingPence - statement.closingPence),
      );

  it('is read whatever it looks like when they come in their order', () => {
    fc.assert(
      fc.property(account, (all) => {
        for (const [at, one] of all.entries()) expect(overlapped(one, sharing(one, all.slice(0, at)))).toBeNull();
      }),
    );
  });

  it('is read by its number when it alone was missing', () => {
    fc.assert(
      fc.property(account, fc.nat(), (all, which) => {
        const one = all[which % all.length]!;
        expect(
          overlapped(
            one,
            sharing(
              one,
              all.filter((other) => other !== one),
            ),
          ),
        ).toBeNull();
      }),
    );
  });

  it('is refused when it tells of days in the middle of which others were read', () => {
    fc.assert(
      fc.property(account, fc.nat(), fc.nat(), (all, a, b) => {
        const [from, to] = [a % all.length, b % all.length].sort((x, y) => x - y) as [number, number];
        const [first, last] = [all[from]!, all[to]!];
        fc.pre(first.startsOn < last.startsOn && first.openingPence !== last.closingPence);
        const whole = { ...last, sequence: 90, startsOn: first.startsOn, openingPence: first.openingPence };
        const others = all
          .filter((one) => common(one, whole))
          .map((one) => near(one, all.indexOf(one) >= from && all.indexOf(one) <= to));
        const goesOn = others.at(-1)!.closingPence === whole.openingPence;
        expect(goesOn || overlapped(whole, others) !== null).toBe(true);
      }),
    );
  });
});
