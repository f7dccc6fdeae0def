import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { DomainError, addDays } from '#kernel';
import {
  atCostCategory,
  categoryOf,
  nearestRate,
  parseSeed,
  parseTerms,
  rateOn,
  vatRateExists,
  vatRatesOn,
  warningDays,
} from './index.js';

type Json = Record<string, unknown>;
const load = (path: string): Json =>
  JSON.parse(readFileSync(new URL(`../../../${path}`, import.meta.url), 'utf8')) as Json;
const eip2 = () => load('seeds/eip2.json');
const second = () => load('test/fixtures/programmes/second.json');
const firstTerms = (seed: Json): Json => (seed.terms as Json[])[0] as Json;

/** The problems a parser finds, as `path: message`. */
function problemsOf(parse: () => unknown): string[] {
  try {
    parse();
  } catch (error) {
    if (error instanceof DomainError) return error.problems.map((problem) => `${problem.path}: ${problem.message}`);
    throw error;
  }
  return [];
}

describe('the EIP2 file', () => {
  const seed = parseSeed(eip2());
  const [terms] = seed.terms;
  if (!terms) throw new Error('no terms');

  it('holds the figures of the guide', () => {
    expect(seed.programme).toEqual({ code: 'EIP2', name: 'Signs of Safety England Innovation Project, Second Wave' });
    expect(seed.authorities).toHaveLength(10);
    expect(rateOn(terms, 'standard', '2018-03-12')?.pencePerTrainerDay).toBe(100_000);
    expect(rateOn(terms, 'advanced', '2018-03-12')).toMatchObject({
      pencePerTrainerDay: 120_000,
      fundedDaysPerTrainerDay: '1.2',
    });
    expect(terms.categories.map((category) => category.code)).toEqual([
      'targeted',
      'coaching_qa',
      'practice_leader',
      'travel',
    ]);
    expect(terms.payer).toMatchObject({ shortName: 'MTM', identifier: { label: 'ABN', value: '56581221042' } });
    expect(terms.payment).toEqual({ withinDays: 60, paidOnReceiptFromFunder: true, debtor: null });
  });

  it('allots 10 and 2 days to each authority and 156 practice leader days in all, 4 in reserve', () => {
    const days = (allocation: string) =>
      seed.allocations.filter((item) => item.allocation === allocation).map((item) => item.days);
    expect(new Set(days('targeted'))).toEqual(new Set([10_000]));
    expect(new Set(days('coaching_qa'))).toEqual(new Set([2000]));
    expect(days('practice_leader')).toEqual([8, 8, 20, 28, 28, 28, 8, 8, 16, 4].map((value) => value * 1000));
    expect(seed.reserves).toEqual([{ allocation: 'practice_leader', days: 4000 }]);
  });

  it('dates the rates of VAT', () => {
    expect(vatRatesOn(terms, '2018-03-14')).toEqual(['0', '5', '20']);
    expect(vatRateExists(terms, '20', '2011-01-04')).toBe(true);
    expect(vatRateExists(terms, '20', '2011-01-03')).toBe(false);
    expect(vatRateExists(terms, '20.0', '2018-03-14')).toBe(true);
    expect(vatRateExists(terms, '17.5', '2018-03-14')).toBe(false);
  });
});

describe('a second programme', () => {
  const seed = parseSeed(second());
  const [terms] = seed.terms;
  if (!terms) throw new Error('no terms');

  it('loads with other shares, rates, categories, dates, payer and rounding', () => {
    expect(terms.payer).toMatchObject({ country: 'GB', identifier: { label: 'Company number', scheme: null } });
    expect(categoryOf(terms, 'advice')?.share).toEqual({ numerator: 3, denominator: 4 });
    expect(categoryOf(terms, 'travel')).toBeNull();
    expect(atCostCategory(terms)?.code).toBe('venue');
    expect(terms.rounding.reimbursement).toBe('half_even');
    expect(seed.authorities[0]?.address?.postcode).toBe('NT1 1AA');
    expect(seed.authorities[1]?.invoiceContact).toBeNull();
  });

  it('finds a rate by its date, and the nearest one outside every period', () => {
    expect(rateOn(terms, 'classroom', '2020-03-31')?.pencePerTrainerDay).toBe(64_999);
    expect(rateOn(terms, 'classroom', '2020-04-01')?.pencePerTrainerDay).toBe(71_501);
    expect(rateOn(terms, 'on_site', '2019-04-30')).toBeNull();
    expect(nearestRate(terms, 'on_site', '2019-04-30')?.pencePerTrainerDay).toBe(90_001);
    expect(nearestRate(terms, 'unknown', '2019-04-30')).toBeNull();
  });
});

describe('parsing', () => {
  it.each([
    [{ name: 'MTM', sortCode: '010203', accountNumber: '12345678' }, []],
    [{ name: 'MTM', iban: 'GB94BARC10201530093459', bic: 'BARCGB22' }, []],
    [{ name: 'MTM', sortCode: '01-02-03', accountNumber: '1' }, ['debtor.sortCode', 'debtor.accountNumber']],
    [{ name: 'MTM', iban: 'GB94 BARC', bic: 'B' }, ['debtor.iban', 'debtor.bic']],
    [{ name: 'MTM', iban: 'GB94BARC10201530093459', bic: 'BARCGB22', sortCode: '010203' }, ['debtor.sortCode']],
    [{ name: 'MTM' }, ['debtor.sortCode', 'debtor.accountNumber']],
  ])('reads the account that is paid from: %j', (debtor, wrong) => {
    const seed = second();
    (firstTerms(seed).payment as Json).debtor = debtor;
    if (wrong.length === 0) expect(parseSeed(seed).terms[0]!.payment.debtor).toEqual(debtor);
    else {
      const problems = problemsOf(() => parseSeed(seed));
      expect(problems.map((line) => line.split(':')[0])).toEqual(wrong.map((path) => `terms[0].payment.${path}`));
    }
  });

  it('warns of unpaid claims at 30, 45 and 55 days unless they say otherwise, and says so only where they do', () => {
    const [given] = eip2().terms as { payment: Json }[];
    const withDays = (days: unknown) => ({ ...given!, payment: { ...given!.payment, warningDays: days } });
    expect(warningDays(parseTerms(given))).toEqual([30, 45, 55]);
    expect('warningDays' in parseTerms(given).payment).toBe(false);
    expect(warningDays(parseTerms(withDays([10, 59])))).toEqual([10, 59]);
    expect(warningDays(parseTerms(withDays([])))).toEqual([]);
    const payment = { ...given!.payment, withinDays: 40 };
    expect(warningDays(parseTerms({ ...given!, payment }))).toEqual([30]);
    expect(problemsOf(() => parseTerms(withDays([30, 30, 60, 0])))).toEqual([
      'payment.warningDays[3]: must be a whole number from 1 to 3650',
    ]);
    expect(problemsOf(() => parseTerms(withDays([30, 30, 60])))).toEqual([
      'payment.warningDays[1]: does not come after the one before it',
      'payment.warningDays[2]: is no warning: the time is up by then',
    ]);
  });

  it('lists every problem at once, each with its path', () => {
    const seed = second();
    const terms = firstTerms(seed);
    (terms.categories as Json[])[0] = {
      kind: 'training',
      code: 'Retrofit',
      label: ' x',
      share: { numerator: 1, denominator: 0 },
      rates: 'classroom',
      allocation: 'course_days',
      colour: 'red',
    };
    terms.currency = 'pounds';
    terms.inForceFrom = '2019-02-30';
    delete terms.rounding;
    const problems = problemsOf(() => parseSeed(seed)).join('\n');
    for (const path of [
      'terms[0].categories[0].code',
      'terms[0].categories[0].label',
      'terms[0].categories[0].share.denominator',
      'terms[0].categories[0].rates',
      'terms[0].categories[0].colour',
      'terms[0].currency',
      'terms[0].inForceFrom',
      'terms[0].rounding: is missing',
    ]) {
      expect(problems).toContain(path);
    }
    expect(() => parseSeed(seed)).toThrow(/cannot be loaded:\n {2}terms/);
  });

  it('takes no address that no e-mail can be sent to', () => {
    const seed = second();
    (firstTerms(seed).payer as Json).invoiceEmail = '"accounts payable"@payer.example';
    ((seed.authorities as Json[])[0] as Json).invoiceContact = { name: 'Finance', email: '"finance team"@nt.example' };
    expect(problemsOf(() => parseSeed(seed))).toEqual([
      expect.stringContaining('terms[0].payer.invoiceEmail'),
      expect.stringContaining('authorities[0].invoiceContact.email'),
    ]);
  });

  const broken: [string, (terms: Json) => void, RegExp][] = [
    [
      'dates that overlap',
      (t) => (t.vatRates as Json[]).push({ percent: '20.0', from: '2020-01-01', to: null }),
      /vatRates\[2\]: overlaps vatRates\[1\]/,
    ],
    [
      'a period that ends before it starts',
      (t) => Object.assign((t.dayRates as Json[])[2] as Json, { to: '2018-01-01' }),
      /dayRates\[2\].to: is before/,
    ],
    [
      'a rate that no list knows',
      (t) => Object.assign((t.categories as Json[])[1] as Json, { rates: ['gold'] }),
      /rates\[0\]: gold is not in dayRates/,
    ],
    [
      'an allocation that no list knows',
      (t) => Object.assign((t.categories as Json[])[1] as Json, { allocation: 'toString' }),
      /allocation/,
    ],
    [
      'a share above the whole',
      (t) => Object.assign((t.categories as Json[])[1] as Json, { share: { numerator: 5, denominator: 4 } }),
      /more than the whole/,
    ],
    [
      'two categories at cost',
      (t) =>
        (t.categories as Json[]).push({
          kind: 'at_cost',
          code: 'b',
          label: 'B',
          share: { numerator: 1, denominator: 2 },
        }),
      /more than one category at cost/,
    ],
    [
      'the same category twice',
      (t) => (t.categories as Json[]).push((t.categories as Json[])[1] as Json),
      /advice is there twice/,
    ],
    [
      'a reserve above its pool',
      (t) =>
        Object.assign(t.allocations as Json, {
          course_days: { kind: 'pool', label: 'x', maximumDays: '1', reserveDays: '2' },
        }),
      /reserveDays: is more/,
    ],
    ['VAT above the whole', (t) => Object.assign((t.vatRates as Json[])[0] as Json, { percent: '101' }), /above 100/],
    [
      'a window that cannot open',
      (t) => Object.assign(t.eligibility as Json, { deliveredBy: '2019-04-30' }),
      /nothing could be claimed/,
    ],
    ['no categories', (t) => Object.assign(t, { categories: [] }), /categories: needs at least one/],
    [
      'money as a fraction',
      (t) => Object.assign((t.dayRates as Json[])[0] as Json, { pencePerTrainerDay: 0.5 }),
      /whole number/,
    ],
  ];
  it.each(broken)('refuses %s', (_what, breakIt, message) => {
    const terms = firstTerms(second());
    breakIt(terms);
    expect(problemsOf(() => parseTerms(terms)).join('\n')).toMatch(message);
  });

  it('refuses a pool whose days do not add up, a repeated authority and a version out of order', () => {
    const seed = second();
    const [a] = seed.authorities as Json[];
    (seed.authorities as Json[]).push({ ...a, poolDays: { venue: '1' } });
    Object.assign((seed.terms as Json[])[1] as Json, { version: 1, inForceFrom: '2019-04-01' });
    Object.assign(a as Json, { poolDays: { course_days: '24' } });
    const problems = problemsOf(() => parseSeed(seed)).join('\n');
    expect(problems).toMatch(/39 days allotted and in reserve, not 40/);
    expect(problems).toMatch(/NORTHTON is there twice/);
    expect(problems).toMatch(/poolDays.venue: is not a pool/);
    expect(problems).toMatch(/terms\[1\].version/);
    expect(problems).toMatch(/terms\[1\].inForceFrom/);
  });

  it.each(['MTM', 'SYSTEM', 'RESERVE', 'HOMES'])('refuses an authority called %s', (code) => {
    const seed = second();
    Object.assign((seed.authorities as Json[])[1] as Json, { code });
    expect(problemsOf(() => parseSeed(seed)).join('\n')).toMatch(new RegExp(`authorities\\[1\\].code: ${code} is`));
  });

  it.each(['MTM', 'SYSTEM', 'RESERVE'])('refuses a programme called %s', (code) => {
    const seed = second();
    for (const terms of seed.terms as Json[]) terms.programme = code;
    expect(problemsOf(() => parseSeed({ ...seed, code }))).toEqual([
      expect.stringMatching(`^code: ${code} is reserved`),
    ]);
  });

  it('answers any JSON with terms or a list of problems, never with another error', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.constantFrom(...Object.keys(firstTerms(second()))), (value, key) => {
        const terms = firstTerms(second());
        terms[key] = value;
        for (const parse of [() => parseTerms(terms), () => parseTerms(value), () => parseSeed(value)]) {
          expect(Array.isArray(problemsOf(parse))).toBe(true);
        }
      }),
      { numRuns: 200 },
    );
  });

  it('reads back what it answered', () => {
    for (const seed of [parseSeed(eip2()), parseSeed(second())]) {
      for (const terms of seed.terms) expect(parseTerms(JSON.parse(JSON.stringify(terms)))).toEqual(terms);
    }
  });

  it('gives a date at most one rate, and every date inside an open period one', () => {
    const [terms] = parseSeed(second()).terms;
    if (!terms) throw new Error('no terms');
    fc.assert(
      fc.property(fc.integer({ min: -3000, max: 3000 }), (offset) => {
        const date = addDays('2020-04-01', offset);
        expect(rateOn(terms, 'classroom', date)?.pencePerTrainerDay).toBe(offset < 0 ? 64_999 : 71_501);
      }),
    );
  });
});
