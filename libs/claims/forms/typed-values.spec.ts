import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { decimalPence, formatDays, formatPence } from '#kernel';
import { readCountry, readDate, readDates, readDays, readPounds, readText, typedDate } from './typed-values.js';

describe('what people type', () => {
  it.each([
    ['19 3 2018', '2018-03-19'],
    ['19/03/2018', '2018-03-19'],
    ['  19 / 3 / 2018 ', '2018-03-19'],
    ['19.3.18', '2018-03-19'],
    ['19-03-2018', '2018-03-19'],
    ['19 March 2018', '2018-03-19'],
    ['19 mar 2018', '2018-03-19'],
    ['1st Sept. 2018', '2018-09-01'],
    ['2018-03-19', '2018-03-19'],
    ['31/2/2018', null],
    ['3/19/2018', null],
    ['19 Marzo 2018', null],
    ['19 maybe 2018', null],
    ['March 2018', null],
    ['19032018', null],
    ['', undefined],
    [' \u00a0 ', undefined],
  ])('date %j is %j', (typed, date) => expect(readDate(typed)).toBe(date));

  it.each([
    ['£1,560.40', 156_040],
    ['1 560.4', 156_040],
    ['£ 85', 8_500],
    ['0', 0],
    ['1,56', null],
    ['-5', null],
    ['12.345', null],
    ['ten', null],
    ['', undefined],
  ])('amount %j is %j', (typed, pence) => expect(readPounds(typed)).toBe(pence));

  it.each([
    ['1.5 days', '1.5'],
    ['2', '2'],
    ['2.0', '2'],
    ['.5', '0.5'],
    ['1½', '1.5'],
    ['½ day', '0.5'],
    ['3 trainer-days', '3'],
    ['1.2345', null],
    ['two', null],
    ['-1', null],
    ['days', undefined],
    ['', undefined],
  ])('days %j are %j', (typed, days) => expect(readDays(typed)).toBe(days));

  it.each([
    ['12/3/2018, 13/3/2018', ['2018-03-12', '2018-03-13']],
    ['12 March 2018 and 13 March 2018', ['2018-03-12', '2018-03-13']],
    ['12.3.2018;13.3.2018;', ['2018-03-12', '2018-03-13']],
    ['12/3/2018, 32/3/2018', null],
    [' , ', undefined],
  ])('days %j are %j', (typed, days) => expect(readDates(typed)).toEqual(days));

  it.each([
    ['Ireland', 'IE'],
    ['ie', 'IE'],
    ['the Netherlands', 'NL'],
    ['UK', 'GB'],
    ['Scotland', 'GB'],
    ['united kingdom', 'GB'],
    ['Narnia', null],
    ['', undefined],
  ])('country %j is %j', (typed, code) => expect(readCountry(typed)).toBe(code));

  it('is text without the spaces around it, whatever they are', () => {
    expect(readText(' \u00a0A  Trainer\u00a0 Ltd ')).toBe('A Trainer Ltd');
    expect(readText(' ')).toBeUndefined();
  });

  it('is read back from what is written, for every amount, number of days and date', () => {
    const pence = fc.integer({ min: 0, max: 10_000_000 });
    fc.assert(
      fc.property(pence, (amount) => {
        expect(readPounds(decimalPence(amount))).toBe(amount);
        expect(readPounds(` ${formatPence(amount)} `)).toBe(amount);
      }),
    );
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 100_000 }), (days) => {
        expect(readDays(`${formatDays(days)} days`)).toBe(formatDays(days));
      }),
    );
    const day = fc.date({ min: new Date('1990-01-01'), max: new Date('2090-01-01'), noInvalidDate: true });
    fc.assert(
      fc.property(day, (at) => {
        const iso = at.toISOString().slice(0, 10);
        expect(readDate(typedDate(iso))).toBe(iso);
      }),
    );
  });

  it('never breaks a reader', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (typed) => {
        for (const read of [readDate, readPounds, readDays, readDates, readCountry, readText]) read(typed);
      }),
    );
  });
});
