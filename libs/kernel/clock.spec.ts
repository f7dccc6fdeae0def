import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  InvalidValue,
  addDays,
  clockFrom,
  daysBetween,
  isCalendarDate,
  londonDate,
  londonHour,
  longDate,
} from './index.js';

const date = fc
  .date({ min: new Date('1900-01-01T00:00:00Z'), max: new Date('2899-12-31T00:00:00Z'), noInvalidDate: true })
  .map((at) => at.toISOString().slice(0, 10));

describe('clock', () => {
  it('knows the date in London, summer time included', () => {
    expect(londonDate(new Date('2018-03-24T23:30:00Z'))).toBe('2018-03-24');
    expect(londonDate(new Date('2018-06-30T23:30:00Z'))).toBe('2018-07-01');
    expect(londonDate(new Date('2018-12-31T23:59:59Z'))).toBe('2018-12-31');
  });

  it('knows the hour in London, summer time included', () => {
    expect(londonHour(new Date('2018-03-24T05:59:59Z'))).toBe(5);
    expect(londonHour(new Date('2018-06-30T05:59:59Z'))).toBe(6);
    expect(londonHour(new Date('2018-06-30T23:00:00Z'))).toBe(0);
  });

  it('counts the days that it adds', () => {
    fc.assert(
      fc.property(date, fc.integer({ min: -40_000, max: 36_000 }), (from, days) => {
        fc.pre(isCalendarDate(addDays(from, days)));
        expect(daysBetween(from, addDays(from, days))).toBe(days);
      }),
    );
  });

  it('adds calendar days', () => {
    expect(addDays('2018-03-31', 60)).toBe('2018-05-30');
    expect(addDays('2020-02-28', 1)).toBe('2020-02-29');
    expect(addDays('2018-01-01', -1)).toBe('2017-12-31');
    for (const wrong of ['2018-02-30', 'soon', '']) expect(() => addDays(wrong, 1)).toThrow(InvalidValue);
    expect(() => addDays('2018-01-01', 0.5)).toThrow(InvalidValue);
  });

  it('comes back by as many days as it went', () => {
    fc.assert(
      fc.property(date, fc.integer({ min: 0, max: 20_000 }), (start, days) => {
        const there = addDays(start, days);
        expect(addDays(there, -days)).toBe(start);
        expect(isCalendarDate(there)).toBe(true);
        expect(there >= start).toBe(true);
      }),
    );
  });

  it('tells dates that exist from those that do not', () => {
    expect(['2018-03-14', '2020-02-29', '1999-12-31'].every(isCalendarDate)).toBe(true);
    expect(['2018-02-29', '2018-13-01', '2018-3-1', '1899-12-31', '2018-03-14T00:00'].some(isCalendarDate)).toBe(false);
  });

  it('writes dates as people do, whatever the time zone', () => {
    expect(longDate('2018-03-04')).toBe('4 March 2018');
    expect(longDate('2018-12-31')).toBe('31 December 2018');
  });

  it('runs on from a given instant', () => {
    let machine = new Date('2026-01-01T00:00:00Z');
    const clock = clockFrom(new Date('2018-03-14T09:00:00Z'), { now: () => machine });
    machine = new Date('2026-01-01T00:00:05Z');
    expect(clock.now().toISOString()).toBe('2018-03-14T09:00:05.000Z');
  });
});
