import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { paymentReference } from './payment-names.js';
import { scoreOf, suggest, SUGGESTION_KINDS, type Candidate, type LineFacts } from './suggest.js';

const line = (known: Partial<LineFacts> = {}): LineFacts => ({
  leftPence: -107820,
  currency: 'GBP',
  bookedOn: '2018-05-04',
  texts: [],
  counterparty: null,
  transactionCode: null,
  returnReason: null,
  ...known,
});
const payment = (known: Partial<Candidate> = {}): Candidate => ({
  kind: 'payment',
  id: 'a',
  openPence: 107820,
  on: '2018-05-03',
  references: ['P0000000195', 'EIP2-PR-0001-BRENT'],
  names: ['London Borough of Brent'],
  ...known,
});

describe('a suggestion', () => {
  it('says why, the weightiest reason first', () => {
    const all = line({ texts: ['BACS P0000000195'], counterparty: 'LB BRENT' });
    expect(suggest(all, [payment()])).toEqual([
      {
        kind: 'payment',
        id: 'a',
        score: 100,
        reasons: [
          'The line has the reference P0000000195.',
          'The amount agrees: £1,078.20.',
          'It is 1 day away.',
          'The name is London Borough of Brent.',
        ],
      },
    ]);
  });

  it('tells a reference with a slip by its check digits', () => {
    const [found] = suggest(line({ texts: ['P0000000915'] }), [payment()]);
    expect(found).toMatchObject({ score: 75 });
    expect(found!.reasons[1]).toBe(
      'The line has P0000000915, whose check digits are wrong: it is P0000000195 with one slip.',
    );
  });

  it('is worth showing for an amount alone, not for a part of it or a name', () => {
    const old = { on: '2017-12-01' };
    expect(suggest(line(), [payment(old)])).toMatchObject([{ score: 40, reasons: ['The amount agrees: £1,078.20.'] }]);
    expect(suggest(line({ leftPence: -100, counterparty: 'Brent' }), [payment()])).toEqual([]);
    expect(suggest(line({ leftPence: -100, texts: ['EIP2-PR-0001-BRENT'] }), [payment()])).toMatchObject([
      { reasons: expect.arrayContaining(['£1.00 would be a part of £1,078.20.']) },
    ]);
    expect(suggest(line({ leftPence: -107821 }), [payment()])).toEqual([]);
  });

  it('takes no credit for a return by its amount alone', () => {
    const back = line({ leftPence: 107820 });
    const settled = payment({ kind: 'payment_return' });
    expect(suggest(back, [settled])).toEqual([]);
    expect(suggest({ ...back, returnReason: 'AC04' }, [settled])[0]!.reasons).toContain(
      'The bank says why it came back: AC04.',
    );
    expect(suggest({ ...back, texts: ['RTN P0000000195'] }, [settled])).toHaveLength(1);
  });

  it.each([
    ['PMNT/CHRG/OTHR', [], 80],
    ['NCHG', [], 80],
    ['NTRF', ['Monthly charges'], 50],
  ])('knows a charge by %s %j', (transactionCode, texts, score) => {
    const found = suggest(line({ leftPence: -650, transactionCode, texts }), []);
    expect(found).toMatchObject([{ kind: 'account', id: 'expenses:bank charges', score }]);
    expect(suggest(line({ leftPence: 650, transactionCode, texts }), [])).toEqual([]);
  });

  it('takes a year for no reference, but a number in it', () => {
    const receipt = payment({ kind: 'receipt', references: ['DFE 2018 EIP2'], names: [] });
    expect(suggest(line({ leftPence: 107820, texts: ['2018'] }), [receipt])[0]!.score).toBe(50);
    expect(suggest(line({ leftPence: 107820, texts: ['grant EIP2'] }), [receipt])[0]!.score).toBe(65);
  });

  it('shows five at most', () => {
    const many = Array.from({ length: 9 }, (_, at) => payment({ id: String(at) }));
    expect(suggest(line(), many).map(({ id }) => id)).toEqual(['0', '1', '2', '3', '4']);
  });
});

const texts = fc.array(fc.oneof(fc.string(), fc.constant('P0000000195'), fc.constant('LB Brent P0000000915')), {
  maxLength: 4,
});
const dates = fc.integer({ min: 1, max: 28 }).map((day) => `2018-05-${String(day).padStart(2, '0')}`);
const lines = fc.record<LineFacts>({
  leftPence: fc.integer({ min: -500, max: 500 }).filter((pence) => pence !== 0),
  currency: fc.constant('GBP'),
  bookedOn: dates,
  texts,
  counterparty: fc.option(fc.constantFrom('LB BRENT', 'Norfolk County Council', 'The Council of Nowhere')),
  transactionCode: fc.option(fc.constantFrom('NCHG', 'NTRF', 'PMNT/ICDT/ESCT')),
  returnReason: fc.option(fc.constant('AC04')),
});
const candidates = fc.record<Candidate>({
  kind: fc.constantFrom(...SUGGESTION_KINDS),
  id: fc.uuid(),
  openPence: fc.integer({ min: 1, max: 500 }),
  on: dates,
  references: fc.array(fc.integer({ min: 1, max: 99 }).map(paymentReference), { maxLength: 2 }),
  names: fc.array(fc.constantFrom('London Borough of Brent', 'Norfolk County Council'), { maxLength: 2 }),
});

describe('every score', () => {
  it('is a whole number from 0 to 100, with a reason for it', () => {
    fc.assert(
      fc.property(lines, candidates, (one, candidate) => {
        const { score, reasons } = scoreOf(one, candidate);
        expect(Number.isInteger(score) && score >= 0 && score <= 100).toBe(true);
        if (score > 0) expect(reasons.length).toBeGreaterThan(0);
      }),
    );
  });

  it('does not fall when more agrees', () => {
    fc.assert(
      fc.property(lines, candidates, (one, candidate) => {
        const { score } = scoreOf(one, candidate);
        const amount = { ...candidate, openPence: Math.abs(one.leftPence) };
        const reference = candidate.references[0];
        const told = reference === undefined ? one : { ...one, texts: [...one.texts, reference] };
        expect(scoreOf(one, amount).score).toBeGreaterThanOrEqual(score);
        expect(scoreOf(one, { ...candidate, on: one.bookedOn }).score).toBeGreaterThanOrEqual(score);
        expect(scoreOf(told, candidate).score).toBeGreaterThanOrEqual(score);
      }),
    );
  });

  it('does not care for case, nor for the order of texts and candidates', () => {
    fc.assert(
      fc.property(lines, fc.array(candidates, { maxLength: 6 }), (one, all) => {
        const plain = suggest(one, all);
        const other = {
          ...one,
          texts: [...one.texts].reverse(),
          counterparty: one.counterparty?.toLowerCase() ?? null,
        };
        const scores = (found: typeof plain) => found.map(({ kind, id, score }) => ({ kind, id, score }));
        expect(scores(suggest(other, [...all].reverse()))).toEqual(scores(plain));
        expect([...plain].sort((a, b) => b.score - a.score)).toEqual(plain);
      }),
    );
  });
});
