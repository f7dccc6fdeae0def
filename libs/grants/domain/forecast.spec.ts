import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { addDays } from '#kernel';
import { anyTerms, EIP2 } from '../../../test/builders/grant-terms.js';
import { grantQuarters, statementFigures, summariseGrant, type GrantFacts, type QuarterRecord } from './index.js';

const record = (over: Partial<QuarterRecord>): QuarterRecord => ({
  spentPence: 0,
  entryCount: over.spentPence ? 1 : 0,
  enteredForecastPence: null,
  varianceReason: null,
  ...over,
});

const facts = (over: Partial<Omit<GrantFacts, 'quarters'>> & { quarters?: Record<string, QuarterRecord> } = {}) => ({
  terms: EIP2,
  receipt: null,
  underspend: EIP2.underspend,
  holders: [],
  today: '2018-08-15',
  ...over,
  quarters: new Map(Object.entries(over.quarters ?? {})),
});

describe('a forecast to the end', () => {
  it('before anything is spent, is the yearly cost of the terms for as long as the post is held', () => {
    const summary = summariseGrant(facts({ today: '2017-10-15', holders: [{ startsOn: '2018-01-01', endsOn: null }] }));
    expect(summary).toMatchObject({
      amountPence: 7_875_000,
      spentPence: 0,
      forecastPence: 7_875_000,
      leftPence: 7_875_000,
      forecastUnderspendPence: 0,
    });
    expect(summary.quarters[0]).toMatchObject({ state: 'current', heldDays: 0, forecastPence: 0 });
  });

  it('while nobody holds the post yet, is what the terms give: nothing for the quarter taken off for filling it', () => {
    const nothing = summariseGrant(facts({ today: '2017-10-15' }));
    expect(nothing).toMatchObject({ forecastPence: 7_875_000, forecastUnderspendPence: 0 });
    expect(nothing.quarters.map(({ forecastPence }) => forecastPence)).toEqual([
      0,
      ...Array<number>(7).fill(1_125_000),
    ]);
    // £100 a day of the 90 days of the first quarter that has a share, whatever was recorded of the one before.
    const spent = { '2018-Q1': record({ spentPence: 900_000 }) };
    for (const before of [undefined, record({ entryCount: 1 })]) {
      const { quarters } = summariseGrant(
        facts({ today: '2018-04-01', quarters: { ...spent, ...(before && { '2017-Q4': before }) } }),
      );
      expect(quarters.slice(0, 3).map(({ forecastPence }) => forecastPence)).toEqual([0, 0, 910_000]);
    }
    // Who spent in it filled it sooner: £9,200 on its 92 days.
    const sooner = { ...spent, '2017-Q4': record({ spentPence: 920_000 }) };
    const { quarters } = summariseGrant(facts({ today: '2018-04-01', quarters: sooner }));
    expect(quarters[0]).toMatchObject({ heldDays: 92 });
    expect(quarters[2]).toMatchObject({ forecastPence: 910_000 });
  });

  it('goes on at what a day of the post has cost, up to its holder’s last day', () => {
    const summary = summariseGrant(
      facts({
        today: '2018-07-01',
        holders: [{ startsOn: '2018-01-01', endsOn: '2018-12-31' }],
        // £100 a day on the 90 and 91 days of two quarters; the first stood empty.
        quarters: {
          '2017-Q4': record({ spentPence: 0, entryCount: 1 }),
          '2018-Q1': record({ spentPence: 900_000 }),
          '2018-Q2': record({ spentPence: 910_000 }),
        },
      }),
    );
    expect(summary.quarters.map(({ state, forecastPence }) => [state, forecastPence])).toEqual([
      ['recorded', 0],
      ['recorded', 0],
      ['recorded', 0],
      ['current', 920_000],
      ['coming', 920_000],
      ['coming', 0],
      ['coming', 0],
      ['coming', 0],
    ]);
    expect(summary.forecastUnderspendPence).toBe(7_875_000 - 1_810_000 - 1_840_000);
    const working = summary.working.find((one) => one.for === 'quarters.2018-Q3.forecastPence')!;
    expect(working.text).toBe(
      'July to September 2018: The post is held on 92 days; £18,100.00 spent on 181 days so far × 92 days = £9,200.00.',
    );
  });

  it('takes what was entered instead, less what the quarter has cost already', () => {
    const summary = summariseGrant(
      facts({
        quarters: {
          '2018-Q3': record({ spentPence: 300_000, enteredForecastPence: 1_000_000 }),
          '2018-Q4': record({ enteredForecastPence: 0 }),
        },
      }),
    );
    expect(summary.quarters[3]).toMatchObject({ state: 'current', spentPence: 300_000, forecastPence: 700_000 });
    expect(summary.quarters[4]).toMatchObject({ forecastPence: 0 });
    expect(summary.quarters[0]).toMatchObject({ state: 'awaited', variancePence: null });
  });

  it('tells the variance of what is over against the forecast entered, else the share', () => {
    const { quarters } = summariseGrant(
      facts({
        quarters: {
          '2018-Q1': record({ spentPence: 1_000_000 }),
          '2018-Q2': record({ spentPence: 1_000_000, enteredForecastPence: 900_000 }),
        },
      }),
    );
    expect(quarters.map(({ variancePence }) => variancePence)).toEqual([
      ...[null, -125_000, 100_000, null],
      ...[null, null, null, null],
    ]);
  });

  const anyFacts = fc
    .record({
      terms: anyTerms,
      received: fc.option(fc.integer({ min: 1, max: 2_000_000_000 })),
      underspend: fc.constantFrom('carried_forward' as const, 'returned_at_year_end' as const),
      spent: fc.array(fc.option(fc.integer({ min: 0, max: 10_000_000 })), { maxLength: 40 }),
      entered: fc.array(fc.option(fc.integer({ min: 0, max: 10_000_000 })), { maxLength: 40 }),
      start: fc.integer({ min: -400, max: 4000 }),
      held: fc.option(fc.integer({ min: 0, max: 4000 })),
      today: fc.integer({ min: -100, max: 4000 }),
    })
    .map(({ terms, received, underspend, spent, entered, start, held, today }): GrantFacts => {
      const quarters = grantQuarters(terms).map(({ code }, at): [string, QuarterRecord] => [
        code,
        record({
          spentPence: spent[at] ?? 0,
          entryCount: spent[at] == null ? 0 : 1,
          enteredForecastPence: entered[at] ?? null,
        }),
      ]);
      const startsOn = addDays(terms.startsOn, start);
      return {
        terms,
        underspend,
        receipt: received === null ? null : { amountPence: received, receivedOn: terms.startsOn, reason: 'Because' },
        holders: [{ startsOn, endsOn: held === null ? null : addDays(startsOn, held) }],
        quarters: new Map(quarters),
        today: addDays(terms.startsOn, today),
      };
    });

  it('adds up: spent + forecast + underspend is the amount, by quarter and by year', () => {
    fc.assert(
      fc.property(anyFacts, (given) => {
        const summary = summariseGrant(given);
        const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
        expect(summary.spentPence + summary.forecastPence + summary.forecastUnderspendPence).toBe(summary.amountPence);
        expect(sum(summary.quarters.map((one) => one.sharePence))).toBe(summary.amountPence);
        expect(summary.quarters.every((one) => one.forecastPence >= 0)).toBe(true);
        expect(summary.leftPence + summary.spentPence + summary.returnedPence).toBe(summary.amountPence);
        const returned = sum(summary.years.map((one) => one.returnedPence));
        const last = summary.years.at(-1)!;
        expect(last.carriedForwardPence + returned).toBe(summary.forecastUnderspendPence);
        summary.years.forEach((one, at) => {
          expect(one.broughtForwardPence).toBe(at === 0 ? 0 : summary.years[at - 1]!.carriedForwardPence);
        });
        if (given.underspend === 'carried_forward') expect(returned).toBe(0);
      }),
    );
  });

  it('is told by statements whose closing balance is the next one’s opening', () => {
    fc.assert(
      fc.property(anyFacts, (given) => {
        const summary = summariseGrant(given);
        const statements = summary.years.map(({ year }) => statementFigures(given, summary, year)!);
        statements.forEach((one, at) => {
          expect(one.openingPence).toBe(at === 0 ? 0 : statements[at - 1]!.closingPence);
          expect(one.closingPence).toBe(one.openingPence + one.receivedPence - one.spentPence - one.returnedPence);
        });
        expect(statementFigures(given, summary, summary.years[0]!.year - 1)).toBeNull();
      }),
    );
  });
});

describe('underspend', () => {
  const quarters = { '2018-Q1': record({ spentPence: 1_000_000 }) };
  it('is carried forward unless the conditions say otherwise', () => {
    const kept = summariseGrant(facts({ quarters }));
    expect(kept).toMatchObject({ leftPence: 6_875_000, returnedPence: 0 });
    const back = summariseGrant(
      facts({
        quarters: { ...quarters, '2017-Q4': record({ entryCount: 1 }) },
        underspend: 'returned_at_year_end',
      }),
    );
    expect(back).toMatchObject({ leftPence: 6_750_000, returnedPence: 125_000 });
    expect(back.years[0]).toMatchObject({ year: 2017, returnedPence: 125_000, carriedForwardPence: 0 });
    expect(back.working.find((one) => one.for === 'leftPence')!.text).toBe(
      'Left: £78,750.00 − £10,000.00 spent − £1,250.00 to be returned for years that are over = £67,500.00. ' +
        'Underspend of a financial year is returned at its end, except that of the last.',
    );
  });
});
