import { describe, expect, it } from '@jest/globals';
import { calculateClaim, daysByAllocation, assess, recalculateAllowed, type ClaimBody } from './index.js';
import {
  claimBody,
  claimOf,
  eip2Terms,
  facts,
  trainerInvoice,
  training,
  travel,
} from '../../../test/builders/claim-body.js';

const terms = eip2Terms();
const calculate = (body: ClaimBody, over = {}) => calculateClaim(body, terms, facts(over));
const codes = (body: ClaimBody, over = {}) => calculate(body, over).problems.map((problem) => problem.code);

/** The worked examples of docs/domain.md by their numbers; 11 and 12 belong to funding and to grants. */
describe('worked example', () => {
  it('1: two standard days and travel', () => {
    const body = claimOf(
      training({ trainerDays: '2', deliveredOn: ['2018-03-12', '2018-03-13'], netPence: 200_000, vatPence: 40_000 }),
      travel(15_640, { vatRate: '20', vatPence: 3128 }),
    );
    const { working, ...rest } = calculate(body);
    const nothing = { netPence: 0, eligiblePence: 0, reimbursementPence: 0, days: '0', fundedDays: '0' };
    expect(rest).toEqual({
      categories: {
        targeted: {
          netPence: 200_000,
          eligiblePence: 200_000,
          reimbursementPence: 100_000,
          days: '2',
          fundedDays: '2',
        },
        coaching_qa: nothing,
        practice_leader: nothing,
        travel: { netPence: 15_640, eligiblePence: 15_640, reimbursementPence: 7820 },
      },
      totalPence: 107_820,
      grossPence: 258_768,
      vatPence: 43_128,
      aboveRatePence: 0,
      authorityPence: 107_820,
      problems: [],
    });
    expect(working.find((item) => item.for === 'targeted')).toEqual({
      for: 'targeted',
      text: 'Targeted training: 1 line, £2,000.00 net, £2,000.00 eligible, 2 days of the allocation. £2,000.00 × 1/2 = £1,000.00.',
      inputs: { netPence: 200_000, eligiblePence: 200_000, share: '1/2', days: '2', fundedDays: '2' },
      resultPence: 100_000,
    });
  });

  it('2: three half-day practice leader sessions', () => {
    const sessions = ['2018-02-05', '2018-02-19', '2018-03-05'].map((day) =>
      training({ category: 'practice_leader', trainerDays: '0.5', deliveredOn: [day], netPence: 50_000 }),
    );
    expect(calculate(claimOf(...sessions)).categories.practice_leader).toEqual({
      netPence: 150_000,
      eligiblePence: 150_000,
      reimbursementPence: 75_000,
      days: '1.5',
      fundedDays: '1.5',
    });
  });

  it('3: one coaching day of a trainer without VAT', () => {
    const day = training({ category: 'coaching_qa', vatRate: '0', vatPence: 0 });
    const result = calculate(claimBody([trainerInvoice([day], { trainer: { name: 'B Trainer' } })]));
    expect(result.totalPence).toBe(50_000);
    expect(result.problems).toEqual([]);
  });

  it('4: an advanced course shared by two authorities', () => {
    for (const authority of ['BRENT', 'TOWERHAM']) {
      const half = training({ rate: 'advanced', trainerDays: '5', netPence: 600_000 });
      const { calculation, lines } = assess(claimBody([trainerInvoice([half])], { authority }), terms, facts());
      expect(calculation.totalPence).toBe(300_000);
      expect(calculation.categories.targeted).toMatchObject({ days: '5', fundedDays: '6' });
      expect(daysByAllocation(lines)).toEqual({ targeted: 6000 });
    }
  });

  it('5: a day charged above the funded rate', () => {
    const result = calculate(claimOf(training({ netPence: 115_000 })));
    expect(result.categories.targeted).toMatchObject({ eligiblePence: 100_000, reimbursementPence: 50_000 });
    expect(result.aboveRatePence).toBe(15_000);
    expect(result.authorityPence).toBe(65_000);
  });

  it('6: a day charged below the funded rate still draws a day', () => {
    const result = calculate(claimOf(training({ netPence: 85_000 })));
    expect(result.totalPence).toBe(42_500);
    expect(result.categories.targeted?.fundedDays).toBe('1');
  });

  it('7: travel is added up before the share is rounded', () => {
    const result = calculate(claimOf(training(), travel(3333), travel(1002)));
    expect(result.categories.travel).toEqual({ netPence: 4335, eligiblePence: 4335, reimbursementPence: 2168 });
  });

  it('8: the day after the dates is claimable, the dates themselves are not', () => {
    const when = (bookedOn: string, day: string) => codes(claimOf(training({ bookedOn, deliveredOn: [day] })));
    expect(when('2017-09-01', '2017-09-30')).toEqual(['booked_too_early']);
    expect(when('2017-09-02', '2017-09-29')).toEqual(['delivered_too_early']);
    expect(when('2017-09-02', '2017-09-30')).toEqual([]);
  });

  it('9: half a day left, a whole one asked', () => {
    const result = calculate(claimOf(training()), { daysLeft: { targeted: 500 } });
    expect(result.problems).toEqual([
      {
        path: 'trainerInvoices[0].lines[0].trainerDays',
        code: 'allocation_exceeded',
        message: expect.stringContaining('0.5 days left, this claim needs 1.'),
      },
    ]);
    expect(result.totalPence).toBe(50_000);
  });

  it('10: fractions of an advanced day', () => {
    const body = claimOf(training({ rate: 'advanced', trainerDays: '3.333', netPence: 400_000 }));
    const { calculation, lines } = assess(body, terms, facts());
    expect(lines[0]).toMatchObject({
      ratePence: 120_000,
      fundedCostPence: 399_960,
      eligiblePence: 399_960,
      aboveRatePence: 40,
      fundedDays: 4000,
    });
    expect(calculation.totalPence).toBe(199_980);
    expect(calculation.categories.targeted?.fundedDays).toBe('4');
  });

  it('13: a travel line disallowed, the rest rounded afresh', () => {
    const body = claimOf(training(), travel(3333), travel(1001));
    const { lines } = assess(body, terms, facts());
    const submitted = { lines, trainers: body.trainerInvoices.map(({ trainer }) => trainer) };
    const result = recalculateAllowed(submitted, terms, [
      { path: 'trainerInvoices[0].lines[2]', decision: 'disallow' },
    ]);
    expect(result.categories.travel).toMatchObject({ claimedPence: 2167, approvedPence: 1667, creditPence: 500 });
    expect(result).toMatchObject({
      claimedPence: 52_167,
      approvedPence: 51_667,
      creditPence: 500,
      allDisallowed: false,
    });
  });
});
