import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { addDays } from '#kernel';
import { anyTerms, EIP2, quarterDates } from '../../../test/builders/grant-terms.js';
import { grantQuarters, heldDays, looksLikeSameCost, quarterOf, quarterShares, workOutGrant } from './index.js';
import { daysFromTo, financialYearOf, quartersFrom } from './quarters.js';

describe('the amount of a grant', () => {
  it('is 45,000 × 2 years less one quarter’s 11,250: 78,750, seven quarters (docs/domain.md, example 12)', () => {
    const { amountPence, working } = workOutGrant(EIP2);
    expect(amountPence).toBe(7_875_000);
    expect(working).toMatchObject({
      text: 'Amount of the grant: £45,000.00 × 2 years = £90,000.00, less 1 vacant quarter, £11,250.00, = £78,750.00.',
      resultPence: 7_875_000,
    });
    const shares = [...quarterShares(EIP2, amountPence)];
    expect(shares).toHaveLength(8);
    expect(shares[0]).toEqual(['2017-Q4', 0]);
    expect(shares.slice(1).map(([, share]) => share)).toEqual(Array.from({ length: 7 }, () => 1_125_000));
  });

  it('is conserved by its shares, whatever the terms', () => {
    fc.assert(
      fc.property(anyTerms, fc.integer({ min: 1, max: 10_000_000_000 }), (terms, received) => {
        for (const amount of [workOutGrant(terms).amountPence, received]) {
          const shares = [...quarterShares(terms, amount).values()];
          expect(shares.reduce((sum, one) => sum + one, 0)).toBe(amount);
          const paid = shares.slice(terms.vacantQuarters);
          expect(Math.max(...paid) - Math.min(...paid)).toBeLessThanOrEqual(1);
          expect(shares.slice(0, terms.vacantQuarters).every((one) => one === 0)).toBe(true);
        }
      }),
    );
  });
});

describe('a quarter', () => {
  it('has its days by its name, in the calendar year', () => {
    expect(quarterOf('2018-Q1')).toEqual({
      code: '2018-Q1',
      label: 'January to March 2018',
      from: '2018-01-01',
      to: '2018-03-31',
    });
    expect([quarterOf('2018-Q5'), quarterOf('2018Q1'), quarterOf('18-Q1'), quarterOf('')]).toEqual([
      null,
      null,
      null,
      null,
    ]);
    expect(grantQuarters(EIP2).map(({ code }) => code)).toEqual([
      ...['2017-Q4', '2018-Q1', '2018-Q2', '2018-Q3', '2018-Q4'],
      ...['2019-Q1', '2019-Q2', '2019-Q3'],
    ]);
  });

  it('follows the one before without a gap, and belongs to one financial year', () => {
    fc.assert(
      fc.property(quarterDates, fc.integer({ min: 1, max: 40 }), (date, count) => {
        const quarters = quartersFrom(date, count);
        expect(quarters[0]!.from <= date && date <= quarters[0]!.to).toBe(true);
        quarters.slice(1).forEach(({ from }, at) => expect(addDays(quarters[at]!.to, 1)).toBe(from));
        for (const { code, from, to } of quarters) {
          expect(quarterOf(code)?.to).toBe(to);
          expect(financialYearOf(from)).toBe(financialYearOf(to));
        }
      }),
    );
  });
});

describe('the days a post is held', () => {
  const q1 = quarterOf('2018-Q1')!;
  it('count from the holder’s first day to the last, both included', () => {
    const held = (...holders: [string, string | null][]) =>
      heldDays(
        holders.map(([startsOn, endsOn]) => ({ startsOn, endsOn })),
        q1,
      );
    expect(held()).toBe(90);
    expect(held(['2018-02-01', null])).toBe(59);
    expect(held(['2017-01-01', '2018-01-01'])).toBe(1);
    expect(held(['2018-03-31', '2018-03-31'])).toBe(1);
    expect(held(['2018-04-01', null])).toBe(0);
    expect(held(['2017-01-01', '2017-12-31'])).toBe(0);
    // A week of handover is one week of the post.
    expect(held(['2017-11-01', '2018-02-07'], ['2018-02-01', null])).toBe(90);
  });

  it('are never more than the quarter has, and the same as counted day by day', () => {
    const period = fc
      .tuple(fc.integer({ min: -50, max: 150 }), fc.option(fc.integer({ min: 0, max: 120 })))
      .map(([start, length]) => ({
        startsOn: addDays(q1.from, start),
        endsOn: length === null ? null : addDays(q1.from, start + length),
      }));
    fc.assert(
      fc.property(fc.array(period, { minLength: 1, maxLength: 4 }), (holders) => {
        const days = Array.from({ length: daysFromTo(q1.from, q1.to) }, (_, at) => addDays(q1.from, at));
        const counted = days.filter((day) =>
          holders.some(({ startsOn, endsOn }) => startsOn <= day && (endsOn === null || day <= endsOn)),
        );
        expect(heldDays(holders, q1)).toBe(counted.length);
      }),
    );
  });
});

describe('one cost in the grant and in a claim', () => {
  const invoice = { referenceKey: 'INV0042', date: '2018-03-14', netPence: 200_000, grossPence: 240_000 };
  it.each([
    [{ referenceKey: 'INV0042', date: '2018-03-14', amountPence: 1 }, true],
    [{ referenceKey: 'INV0042', date: null, amountPence: 200_000 }, true],
    [{ referenceKey: null, date: '2018-03-14', amountPence: 240_000 }, true],
    [{ referenceKey: 'INV0042', date: '2018-03-15', amountPence: 1 }, false],
    [{ referenceKey: null, date: '2018-03-14', amountPence: 1 }, false],
    [{ referenceKey: null, date: null, amountPence: 200_000 }, false],
  ])('is suspected when two of reference, date and amount agree: case %#', (entry, same) => {
    expect(looksLikeSameCost(entry, invoice)).toBe(same);
  });
});
