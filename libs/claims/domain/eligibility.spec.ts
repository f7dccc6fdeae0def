import { describe, expect, it } from '@jest/globals';
import { DomainError, type Problem } from '#kernel';
import type { ProgrammeTerms } from '#programme/domain';
import {
  PROBLEM_CODES,
  assess,
  calculateClaim,
  isGbVatNumber,
  type CalculationFacts,
  type ClaimBody,
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

const terms = eip2Terms();
const problems = (body: ClaimBody, over: Partial<CalculationFacts> = {}, under: ProgrammeTerms = terms): Problem[] =>
  calculateClaim(body, under, facts(over)).problems;
const told = (found: readonly Problem[]) => found.map(({ path, code }) => `${path} ${code}`);
const LINE = 'trainerInvoices[0].lines[0]';

const abroad = { name: 'C Trainer', country: 'AU' };
const noNumber = { name: 'B Trainer' };
const closing: ProgrammeTerms = {
  ...terms,
  eligibility: { ...terms.eligibility, deliveredBy: '2018-02-28', claimBy: '2018-03-31' },
};

describe('each rule', () => {
  const cases: [string, ClaimBody, string[], Partial<CalculationFacts>?, ProgrammeTerms?][] = [
    ['booked too early', claimOf(training({ bookedOn: '2017-09-01' })), [`${LINE}.bookedOn booked_too_early`]],
    [
      'each delivery day too early',
      claimOf(training({ deliveredOn: ['2017-09-28', '2017-09-30', '2017-09-29'] })),
      [`${LINE}.deliveredOn[0] delivered_too_early`, `${LINE}.deliveredOn[2] delivered_too_early`],
    ],
    [
      'delivered tomorrow; today is fine',
      claimOf(training({ deliveredOn: ['2018-04-03', '2018-04-04'] })),
      [`${LINE}.deliveredOn[1] delivered_in_future`],
    ],
    [
      'delivered and claimed after the window',
      claimOf(training({ deliveredOn: ['2018-02-28', '2018-03-01'] })),
      ['programme claim_window_closed', `${LINE}.deliveredOn[1] claim_window_closed`],
      {},
      closing,
    ],
    [
      'claimed on the last day of the window',
      claimOf(training({ deliveredOn: ['2018-02-28'] })),
      [],
      { today: '2018-03-31' },
      closing,
    ],
    ['VAT two pence out', claimOf(training({ vatPence: 20_002 })), [`${LINE}.vatPence vat_mismatch`]],
    ['VAT one penny out', claimOf(training({ vatPence: 19_999 })), []],
    ['a rate that is none', claimOf(training({ vatRate: '17.5', vatPence: 17_500 })), [`${LINE}.vatRate vat_mismatch`]],
    [
      'a rate before its day',
      claimBody([trainerInvoice([training()], { issuedOn: '2011-01-03' })]),
      [`${LINE}.vatRate vat_mismatch`],
    ],
    [
      'VAT without a number',
      claimBody([trainerInvoice([training()], { trainer: noNumber })]),
      [`${LINE}.vatPence vat_without_number`],
    ],
    [
      'a number with a wrong check digit',
      claimBody([trainerInvoice([training()], { trainer: { name: 'A', vatNumber: 'GB999999974' } })]),
      ['trainerInvoices[0].trainer.vatNumber vat_number_invalid'],
    ],
    [
      'VAT from abroad',
      claimBody([trainerInvoice([training()], { trainer: { ...abroad, vatNumber: '51824753556' } })]),
      [`${LINE}.vatPence foreign_vat`],
    ],
    [
      'no VAT from abroad',
      claimBody([trainerInvoice([training({ vatRate: '0', vatPence: 0 })], { trainer: abroad })]),
      [],
    ],
    ['travel alone', claimOf(travel(1000)), [`${LINE} travel_without_training`]],
    [
      'travel on another invoice of the same trainer',
      claimBody([
        trainerInvoice([training()]),
        trainerInvoice([travel(1000)], { number: '43', trainer: { name: 'A. TRAINER LTD.' } }),
      ]),
      [],
    ],
    [
      "travel with another trainer's training",
      claimBody([trainerInvoice([training()]), trainerInvoice([travel(1000)], { trainer: noNumber })]),
      ['trainerInvoices[1].lines[0] travel_without_training'],
    ],
    [
      'the allocation passed with the second line',
      claimOf(training(), training({ trainerDays: '0.501' })),
      ['trainerInvoices[0].lines[1].trainerDays allocation_exceeded'],
      { daysLeft: { targeted: 1500 } },
    ],
    [
      'an advanced day drawing 1.2',
      claimOf(training({ rate: 'advanced' })),
      [`${LINE}.trainerDays allocation_exceeded`],
      { daysLeft: { targeted: 1199 } },
    ],
    [
      'an invoice twice in the claim, spelt otherwise',
      claimBody([trainerInvoice([training()]), trainerInvoice([training()], { number: 'inv 0042' })]),
      ['trainerInvoices[1].number duplicate_trainer_invoice'],
    ],
    [
      'an invoice in another claim',
      claimOf(training()),
      ['trainerInvoices[0].number duplicate_trainer_invoice'],
      { duplicateInvoices: [{ index: 0, detail: 'claim EIP2-BRENT-0003' }] },
    ],
    [
      'an advanced rate outside targeted training',
      claimOf(training({ category: 'coaching_qa', rate: 'advanced' })),
      [`${LINE}.rate rate_not_allowed`],
    ],
    ['a rate nobody knows', claimOf(training({ rate: 'gold' })), [`${LINE}.rate rate_not_allowed`]],
    [
      'letters that no font has',
      claimBody([trainerInvoice([training({ description: 'x☃' })], { number: '☃1' })], { purchaseOrder: '☃' }),
      [
        'purchaseOrder unsupported_character',
        'trainerInvoices[0].number unsupported_character',
        `${LINE}.description unsupported_character`,
      ],
      { unsupportedCharacter: (text) => (text.includes('☃') ? '☃' : null) },
    ],
  ];

  // Not it.each: given a row shorter than the parameters, Jest passes a callback in the place of the next.
  for (const [what, body, expected, over, under] of cases) {
    it(what, () => expect(told(problems(body, over, under))).toEqual(expected));
  }

  it('is seen at work above, every one of them', () => {
    const seen = new Set(cases.flatMap(([, , expected]) => expected.map((text) => text.split(' ')[1])));
    expect([...seen].sort()).toEqual([...PROBLEM_CODES].sort());
  });

  it('tells what to do, in a sentence', () => {
    for (const [, body, , over, under] of cases) {
      for (const { message } of problems(body, over, under)) {
        expect(message).toMatch(/^["A-Z0-9].*(Take|Enter|Choose|Check|Claim|Add|Ask|Copy|Write|correct|Correct).*\.$/);
      }
    }
  });

  it('says so when a rate of VAT was not in force', () => {
    const [problem] = problems(claimBody([trainerInvoice([training()], { issuedOn: '2011-01-03' })]));
    expect(problem?.message).toMatch(/20% was not a rate of VAT in force on 3 January 2011.*Choose 0%, 5%/);
  });
});

describe('all rules at once', () => {
  const body = claimBody([
    trainerInvoice(
      [
        training({
          bookedOn: '2017-08-01',
          deliveredOn: ['2017-09-01', '2018-12-01'],
          category: 'coaching_qa',
          rate: 'advanced',
          vatPence: 5,
          description: '☃',
        }),
      ],
      { trainer: { name: 'X', country: 'FR' } },
    ),
    trainerInvoice([training()], { trainer: { name: 'X', vatNumber: 'GB1' } }),
    trainerInvoice([travel(500)], { trainer: { name: 'Y' } }),
  ]);
  const all: Partial<CalculationFacts> = {
    daysLeft: {},
    duplicateInvoices: [{ index: 2, detail: 'claim EIP2-BRENT-0003' }],
    unsupportedCharacter: (text) => (text.includes('☃') ? '☃' : null),
  };

  it('are found together: none hides another', () => {
    expect(new Set(problems(body, all, closing).map((problem) => problem.code))).toEqual(new Set(PROBLEM_CODES));
  });

  it('change no figure', () => {
    const { problems: _found, ...figures } = calculateClaim(body, closing, facts({ ...all, today: '2030-01-01' }));
    const { problems: _none, ...same } = calculateClaim(body, terms, facts());
    expect(figures).toEqual(same);
    expect(figures.categories.coaching_qa).toMatchObject({ eligiblePence: 100_000, fundedDays: '1.2' });
  });

  it('count an unknown rate as nothing funded', () => {
    const { lines } = assess(claimOf(training({ rate: 'gold' })), terms, facts());
    expect(lines[0]).toMatchObject({ ratePence: 0, eligiblePence: 0, aboveRatePence: 100_000, fundedDays: 0 });
  });

  it('calculate with the nearest rate when none is in force', () => {
    const second = secondTerms();
    const line = training({
      category: 'retrofit',
      rate: 'on_site',
      bookedOn: '2019-04-01',
      deliveredOn: ['2019-04-30'],
    });
    const { lines, calculation } = assess(claimOf(line), second, facts({ today: '2019-06-01' }));
    expect(lines[0]?.ratePence).toBe(90_001);
    expect(told(calculation.problems)).toEqual([
      `${LINE}.deliveredOn[0] delivered_too_early`,
      `${LINE}.rate rate_not_allowed`,
    ]);
  });

  it('refuse as malformed a category that is not there, since its figures have nowhere to go', () => {
    for (const category of ['travel', 'gold', 'constructor']) {
      expect(() => problems(claimOf(training({ category })))).toThrow(DomainError);
    }
    const { categories, ...rest } = secondTerms();
    const trainingOnly = { ...rest, categories: categories.filter((category) => category.kind === 'training') };
    expect(() => problems(claimOf(travel(1)), {}, trainingOnly)).toThrow(DomainError);
  });
});

describe('GB VAT numbers', () => {
  /** Nine digits whose weighted sum leaves a given remainder by 97: 0 is mod 97, 42 is 9755 (HMRC). */
  const numberWith = (seven: string, remainder: number): string => {
    const sum = [...seven].reduce((total, digit, at) => total + Number(digit) * (8 - at), 0);
    return `${seven}${String((((remainder - sum) % 97) + 97) % 97).padStart(2, '0')}`;
  };

  it('pass by mod 97 and by 9755, with or without GB and spaces', () => {
    for (const seven of ['9999999', '4350221', '1234567']) {
      const [old, recent] = [numberWith(seven, 0), numberWith(seven, 42)];
      expect(isGbVatNumber(old)).toBe(true);
      expect(isGbVatNumber(recent)).toBe(true);
      expect(isGbVatNumber(`gb ${recent.slice(0, 3)} ${recent.slice(3, 7)} ${recent.slice(7)}`)).toBe(true);
      expect(isGbVatNumber(numberWith(seven, 1))).toBe(false);
    }
  });

  it('are not zeros, letters, too short or too long', () => {
    for (const wrong of ['000000000', 'GB', 'GB12345678', 'GB9999999731', 'ABCDEFGHI', 'GB99999997З']) {
      expect(isGbVatNumber(wrong)).toBe(false);
    }
  });
});
