import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { addDays, daysBetween } from '#kernel';
import { ageBands, clockLevels, mondayOf, OVERDUE } from './payment-clock.js';

const within = (withinDays: number, warningDays?: number[]) => ({
  payment: { withinDays, paidOnReceiptFromFunder: true, debtor: null, ...(warningDays ? { warningDays } : {}) },
});
const EIP2 = within(60);

/** The levels a claim submitted on a date has reached today. */
const reached = (terms: typeof EIP2, submittedOn: string, today: string): string[] => {
  const dueOn = addDays(submittedOn, terms.payment.withinDays);
  return clockLevels(terms, today).flatMap(({ level, dueBy }) => (dueOn <= dueBy ? [level] : []));
};

const date = fc.integer({ min: 0, max: 4000 }).map((days) => addDays('2017-01-01', days));
const terms = fc.integer({ min: 2, max: 200 }).chain((days) =>
  fc.uniqueArray(fc.integer({ min: 1, max: days - 1 }), { maxLength: 5 }).map((warnings) =>
    within(
      days,
      warnings.sort((a, b) => a - b),
    ),
  ),
);

describe('the levels of the clock', () => {
  it('are reached 30, 45 and 55 days after submission, and when more than 60 have gone', () => {
    const of = (days: number) => reached(EIP2, '2018-01-10', addDays('2018-01-10', days));
    expect(of(29)).toEqual([]);
    expect(of(30)).toEqual(['30']);
    expect(of(44)).toEqual(['30']);
    expect(of(45)).toEqual(['30', '45']);
    expect(of(60)).toEqual(['30', '45', '55']);
    expect(of(61)).toEqual(['30', '45', '55', OVERDUE]);
  });

  it('are the terms’ own, and without any only the ones before the time is up', () => {
    expect(clockLevels(within(20, [10]), '2018-05-01')).toEqual([
      { level: '10', dueBy: '2018-05-11' },
      { level: OVERDUE, dueBy: '2018-04-30' },
    ]);
    expect(clockLevels(within(40), '2018-05-01').map(({ level }) => level)).toEqual(['30', OVERDUE]);
  });

  it('are reached one after another, each on its day and for good', () => {
    fc.assert(
      fc.property(terms, date, fc.integer({ min: 0, max: 300 }), (given, submittedOn, days) => {
        const today = addDays(submittedOn, days);
        const { withinDays, warningDays = [] } = given.payment;
        const wanted = [
          ...warningDays.filter((one) => days >= one).map(String),
          ...(days > withinDays ? [OVERDUE] : []),
        ];
        expect(reached(given, submittedOn, today)).toEqual(wanted);
      }),
    );
  });
});

describe('the bands of age', () => {
  it('begin where the levels do', () => {
    expect(ageBands(EIP2).map(({ band }) => band)).toEqual(['0-29', '30-44', '45-54', '55-60', OVERDUE]);
  });

  it('hold every age once', () => {
    fc.assert(
      fc.property(terms, fc.integer({ min: 0, max: 500 }), (given, age) => {
        const holding = ageBands(given).filter(
          ({ fromDays, toDays }) => fromDays <= age && (toDays === null || age <= toDays),
        );
        expect(holding).toHaveLength(1);
      }),
    );
  });
});

describe('the Monday of a week', () => {
  it('is the same from Monday to Sunday', () => {
    expect([0, 1, 6, 7].map((days) => mondayOf(addDays('2018-04-02', days)))).toEqual([
      ...Array<string>(3).fill('2018-04-02'),
      '2018-04-09',
    ]);
  });

  it('is a Monday within the last six days', () => {
    fc.assert(
      fc.property(date, (day) => {
        const monday = mondayOf(day);
        expect(new Date(`${monday}T00:00:00Z`).getUTCDay()).toBe(1);
        expect(daysBetween(monday, day)).toBeGreaterThanOrEqual(0);
        expect(daysBetween(monday, day)).toBeLessThan(7);
      }),
    );
  });
});
