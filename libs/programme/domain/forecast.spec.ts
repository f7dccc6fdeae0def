import fc from 'fast-check';
import { describe, expect, it } from '@jest/globals';
import { addDays, isCalendarDate, parseDays } from '#kernel';
import { forecastDraw } from './forecast.js';

const at = (date: string) => new Date(`${date}T12:00:00Z`);
const of = (over: Partial<Parameters<typeof forecastDraw>[0]>) =>
  forecastDraw({ left: 6000, drawn: 4000, firstDraw: at('2018-01-01'), today: '2018-05-01', ...over });

describe('how long an allocation will last', () => {
  it('goes on at the pace since the first draw', () => {
    // 4 days in 120 days is 1 in 30; 6 left are 180 days more.
    expect(of({})).toEqual({
      runsOutOn: '2018-10-28',
      daysPerMonth: '1',
      text: 'At 1 day in 30 days, as since the first claim, the days left last until 2018-10-28.',
    });
  });

  it('says nothing before thirty days have passed, and then does', () => {
    expect(of({ firstDraw: at('2018-04-02') })).toMatchObject({ runsOutOn: null, daysPerMonth: null });
    expect(of({ firstDraw: at('2018-04-01') })).toMatchObject({ runsOutOn: expect.any(String) });
  });

  it('counts London’s days: a draw late in the evening of British Summer Time is the next day’s', () => {
    expect(of({ firstDraw: new Date('2018-04-01T23:30:00Z') }).runsOutOn).toBeNull();
  });

  it('has nothing to say of what was never drawn or is given back', () => {
    for (const over of [{ drawn: 0, firstDraw: null }, { drawn: 0 }]) {
      expect(of(over)).toEqual({ runsOutOn: null, daysPerMonth: null, text: 'No days have been drawn yet.' });
    }
  });

  it('has run out today when nothing is left', () => {
    expect(of({ left: 0 })).toEqual({ runsOutOn: '2018-05-01', daysPerMonth: null, text: 'Nothing is left.' });
    expect(of({ left: 0, drawn: 0, firstDraw: null })).toMatchObject({ text: 'No days are allotted.' });
  });

  it('names no date beyond ten years', () => {
    expect(of({ left: 999_999_999, drawn: 1 })).toEqual({
      runsOutOn: null,
      daysPerMonth: '0',
      text: 'At the pace since the first claim, the days left last for more than ten years.',
    });
  });

  it('gives, whatever the figures, a date that exists and is not past, or none', () => {
    const days = fc.integer({ min: 0, max: 999_999_999 });
    fc.assert(
      fc.property(days, days, fc.integer({ min: 0, max: 5000 }), (left, drawn, ago) => {
        const today = '2018-05-01';
        const forecast = forecastDraw({ left, drawn, firstDraw: at(addDays(today, -ago)), today });
        if (forecast.runsOutOn !== null) {
          expect(isCalendarDate(forecast.runsOutOn) && forecast.runsOutOn >= today).toBe(true);
        }
        if (forecast.daysPerMonth !== null) expect(parseDays(forecast.daysPerMonth)).toBeGreaterThanOrEqual(0);
      }),
    );
  });
});
