import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { categoryOf, type ProgrammeTerms } from '#programme/domain';
import { formatDays, parseDays } from '#kernel';
import {
  assess,
  calculateClaim,
  recalculateAllowed,
  type Calculation,
  type ClaimBody,
  type ClaimLineBody,
  type TrainingLineBody,
} from './index.js';
import {
  claimBody,
  claimOf,
  eip2Terms,
  facts,
  secondTerms,
  trainerInvoice,
  training,
  travel,
} from '../../../test/builders/claim-body.js';

const programmes: [string, ProgrammeTerms][] = [
  ['EIP2', eip2Terms()],
  ['a second programme', secondTerms()],
];

const net = (max = 10_000_000) => fc.integer({ min: 1, max });

/** Any training line of a programme's categories and rates, allowed together or not. */
const trainingLine = (terms: ProgrammeTerms): fc.Arbitrary<TrainingLineBody> =>
  fc
    .record({
      category: fc.constantFrom(
        ...terms.categories.filter((item) => item.kind === 'training').map((item) => item.code),
      ),
      rate: fc.constantFrom(...new Set(terms.dayRates.map((item) => item.code))),
      trainerDays: fc.integer({ min: 1, max: 100_000 }).map(formatDays),
      netPence: net(),
      vatPence: fc.nat({ max: 2_000_000 }),
    })
    .map(training);

const anyLine = (terms: ProgrammeTerms): fc.Arbitrary<ClaimLineBody> =>
  fc.oneof(
    trainingLine(terms),
    net().map((pence) => travel(pence)),
  );

const anyClaim = (terms: ProgrammeTerms): fc.Arbitrary<ClaimBody> =>
  fc
    .array(fc.array(anyLine(terms), { minLength: 1, maxLength: 6 }), { minLength: 1, maxLength: 4 })
    .map((invoices) => claimBody(invoices.map((lines, at) => trainerInvoice(lines, { number: `INV-${at}` }))));

const netOf = (result: Calculation) => Object.values(result.categories).reduce((sum, item) => sum + item.netPence, 0);
const eachLine = (body: ClaimBody, change: (line: ClaimLineBody) => ClaimLineBody): ClaimBody => ({
  ...body,
  trainerInvoices: body.trainerInvoices.map((invoice) => ({ ...invoice, lines: invoice.lines.map(change) })),
});

describe.each(programmes)('any claim of %s', (_name, terms) => {
  const claim = anyClaim(terms);
  const calculate = (body: ClaimBody) => calculateClaim(body, terms, facts());
  const holds = (check: (body: ClaimBody, result: Calculation) => void) =>
    fc.assert(
      fc.property(claim, (body) => check(body, calculate(body))),
      { numRuns: 150 },
    );

  it('reimburses the same whatever the VAT', () => {
    fc.assert(
      fc.property(claim, fc.nat({ max: 2_000_000 }), fc.constantFrom('0', '5', '20'), (body, vatPence, vatRate) => {
        const [before, after] = [
          calculate(body),
          calculate(eachLine(body, (line) => ({ ...line, vatPence, vatRate }))),
        ];
        expect(after.categories).toEqual(before.categories);
        expect(after.totalPence).toBe(before.totalPence);
        expect(after.authorityPence).toBe(before.authorityPence);
      }),
      { numRuns: 100 },
    );
  });

  it('adds up: categories to the total, reimbursement and the authority to the net, net and VAT to the gross', () => {
    holds((body, result) => {
      const parts = Object.values(result.categories);
      expect(Object.keys(result.categories)).toEqual(terms.categories.map((category) => category.code));
      expect(parts.reduce((sum, item) => sum + item.reimbursementPence, 0)).toBe(result.totalPence);
      const lines = body.trainerInvoices.flatMap((invoice) => invoice.lines);
      expect(netOf(result)).toBe(lines.reduce((sum, line) => sum + line.netPence, 0));
      expect(result.totalPence + result.authorityPence).toBe(netOf(result));
      expect(netOf(result) + result.vatPence).toBe(result.grossPence);
      expect(parts.reduce((sum, item) => sum + item.eligiblePence, 0) + result.aboveRatePence).toBe(netOf(result));
    });
  });

  it('does not mind the order of lines and invoices', () => {
    holds((body, result) => {
      const turned = [...body.trainerInvoices]
        .reverse()
        .map((invoice) => ({ ...invoice, lines: [...invoice.lines].reverse() }));
      const { working: _w, problems: _p, ...figures } = calculate({ ...body, trainerInvoices: turned });
      expect(result).toMatchObject(figures);
    });
  });

  it('never finds more eligible than was charged', () => {
    holds((body, result) => {
      for (const item of Object.values(result.categories))
        expect(item.eligiblePence).toBeLessThanOrEqual(item.netPence);
      for (const line of assess(body, terms, facts()).lines) {
        expect(line.eligiblePence).toBeLessThanOrEqual(line.netPence);
        expect(line.eligiblePence + line.aboveRatePence).toBe(line.netPence);
      }
    });
  });

  it('never pays less for one training line more', () => {
    fc.assert(
      fc.property(claim, trainingLine(terms), (body, line) => {
        const more = {
          ...body,
          trainerInvoices: [...body.trainerInvoices, trainerInvoice([line], { number: 'more' })],
        };
        expect(calculate(more).totalPence).toBeGreaterThanOrEqual(calculate(body).totalPence);
      }),
      { numRuns: 100 },
    );
  });

  it('rounds at most half a penny a category', () => {
    holds((_body, result) => {
      for (const [code, item] of Object.entries(result.categories)) {
        const share = categoryOf(terms, code)?.share;
        if (!share) throw new Error(code);
        const error = item.reimbursementPence * share.denominator - item.eligiblePence * share.numerator;
        expect(2 * Math.abs(error)).toBeLessThanOrEqual(share.denominator);
      }
    });
  });

  it('shows the working of every figure, and each says its result', () => {
    holds((body, result) => {
      const of = new Map(result.working.map((item) => [item.for, item]));
      expect(of.size).toBe(result.working.length);
      for (const [code, item] of Object.entries(result.categories)) {
        expect(of.get(code)?.resultPence).toBe(item.reimbursementPence);
      }
      for (const key of ['totalPence', 'grossPence', 'vatPence', 'aboveRatePence', 'authorityPence'] as const) {
        expect(of.get(key)?.resultPence).toBe(result[key]);
      }
      for (const line of assess(body, terms, facts()).lines) {
        expect(of.get(`${line.path}.eligiblePence`)?.resultPence).toBe(line.eligiblePence);
        if (line.kind === 'training') {
          expect(of.get(`${line.path}.fundedCostPence`)?.resultPence).toBe(line.fundedCostPence);
        }
      }
    });
  });

  it('approves what is allowed: nothing lost between approved and credited, all or nothing at the ends', () => {
    fc.assert(
      fc.property(claim, fc.func(fc.boolean()), (body, chosen) => {
        const { lines, calculation } = assess(body, terms, facts());
        const decisions = lines.map(({ path }) => ({
          path,
          decision: chosen(path) ? ('disallow' as const) : ('allow' as const),
        }));
        const submitted = { lines, trainers: body.trainerInvoices.map(({ trainer }) => trainer) };
        const result = recalculateAllowed(submitted, terms, decisions);
        expect(result.claimedPence).toBe(calculation.totalPence);
        expect(result.approvedPence + result.creditPence).toBe(result.claimedPence);
        expect(result.creditPence).toBeGreaterThanOrEqual(0);
        expect(result.allDisallowed).toBe(result.disallowed.length === lines.length);
        for (const [code, item] of Object.entries(result.categories)) {
          expect(item.claimedPence).toBe(calculation.categories[code]?.reimbursementPence);
          expect(item.approvedPence + item.creditPence).toBe(item.claimedPence);
          expect(item.creditPence).toBeGreaterThanOrEqual(0);
        }
        const drawn = lines.reduce((sum, line) => sum + line.fundedDays, 0);
        const days = [...Object.values(result.usedDays), ...Object.values(result.releasedDays)];
        expect(days.reduce((sum, value) => sum + value, 0)).toBe(drawn);
        expect(recalculateAllowed(submitted, terms, []).creditPence).toBe(0);
      }),
      { numRuns: 100 },
    );
  });
});

describe('a second programme', () => {
  const terms = secondTerms();

  it('takes its own shares, rates by date, rounding and names, with no change of code', () => {
    const result = calculateClaim(
      claimOf(
        training({
          category: 'retrofit',
          bookedOn: '2019-04-01',
          rate: 'classroom',
          deliveredOn: ['2020-04-02', '2020-03-31'],
          trainerDays: '0.5',
          netPence: 40_000,
        }),
        training({
          category: 'retrofit',
          bookedOn: '2019-04-01',
          rate: 'on_site',
          deliveredOn: ['2020-04-01'],
          trainerDays: '0.7',
          netPence: 63_000,
        }),
        training({
          category: 'advice',
          bookedOn: '2019-04-01',
          rate: 'classroom',
          deliveredOn: ['2020-04-01'],
          trainerDays: '1',
          netPence: 71_502,
        }),
        travel(333),
      ),
      terms,
      facts({ today: '2020-05-01' }),
    );
    expect(result.categories).toEqual({
      // 649.99 × 0.5 = 324.995 → 325.00 (the even penny); the second is charged below its 630.01 × 2/3
      retrofit: {
        netPence: 103_000,
        eligiblePence: 95_500,
        reimbursementPence: 63_667,
        days: '1.2',
        fundedDays: '1.433',
      },
      advice: { netPence: 71_502, eligiblePence: 71_501, reimbursementPence: 53_626, days: '1', fundedDays: '1' },
      venue: { netPence: 333, eligiblePence: 333, reimbursementPence: 333 },
    });
    expect(result.totalPence).toBe(117_626);
    expect(result.problems).toEqual([]);
  });

  it('rounds a half to the even penny where EIP2 rounds it up', () => {
    const half = (category: string, rate: string, under: ProgrammeTerms) =>
      calculateClaim(claimOf(training({ category, rate, netPence: 2 })), under, facts()).categories[category];
    expect(half('advice', 'classroom', terms)?.reimbursementPence).toBe(2);
    expect(half('targeted', 'standard', eip2Terms())?.reimbursementPence).toBe(1);
    const up = { ...terms, rounding: { ...terms.rounding, reimbursement: 'half_up' as const } };
    expect(
      calculateClaim(claimOf(training({ category: 'advice', rate: 'classroom', netPence: 6 })), up, facts()).totalPence,
    ).toBe(5);
    expect(
      calculateClaim(claimOf(training({ category: 'advice', rate: 'classroom', netPence: 6 })), terms, facts())
        .totalPence,
    ).toBe(4);
  });

  it('draws both its categories from one pool', () => {
    const body = claimOf(
      training({ category: 'retrofit', rate: 'classroom' }),
      training({ category: 'advice', rate: 'classroom' }),
    );
    const { problems } = calculateClaim(
      body,
      terms,
      facts({ today: '2020-05-01', daysLeft: { course_days: parseDays('1.5') } }),
    );
    expect(problems.map((problem) => problem.code)).toContain('allocation_exceeded');
  });
});

describe('working', () => {
  it('names no trainer: a trainer may be a person', () => {
    const { working } = calculateClaim(claimOf(training({ netPence: 115_000 }), travel(501)), eip2Terms(), facts());
    expect(JSON.stringify(working)).not.toContain('A Trainer');
  });

  it('reads like an explanation', () => {
    const { working } = calculateClaim(claimOf(training({ netPence: 115_000 }), travel(501)), eip2Terms(), facts());
    expect(working.map((item) => item.text)).toEqual([
      'Invoice INV-0042, line 1: 1 trainer-day × £1,000.00 (Standard day) = £1,000.00 funded, drawing 1 day of the allocation.',
      'Invoice INV-0042, line 1: the trainer charged £1,150.00 net and £1,000.00 is funded; the funded cost is lower, so £1,000.00 is eligible and £150.00 stays with the authority.',
      'Invoice INV-0042, line 2: £5.01 net, reimbursed at cost, so all of it is eligible.',
      'Targeted training: 1 line, £1,150.00 net, £1,000.00 eligible, 1 day of the allocation. £1,000.00 × 1/2 = £500.00.',
      'Coaching and QA for in-house basic training: nothing is claimed.',
      'Practice leader development: nothing is claimed.',
      'Travel: 1 line, £5.01 net, £5.01 eligible. £5.01 × 1/2, rounded to the nearest penny, half a penny up, = £2.51.',
      'Total reimbursement: Targeted training £500.00 + Coaching and QA for in-house basic training £0.00 + Practice leader development £0.00 + Travel £2.51 = £502.51.',
      'VAT: £230.00 on 2 lines. It is not reimbursed; the authority recovers it itself (section 33 of the Value Added Tax Act 1994).',
      'Gross: £1,155.01 net + £230.00 VAT = £1,385.01 paid to trainers.',
      'Above the funded rate: £150.00 on 1 line, which is not shared.',
      'The authority bears £1,155.01 net − £502.51 reimbursed = £652.50, before VAT.',
    ]);
  });
});
