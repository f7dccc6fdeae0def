import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { reconcile, type StatementFacts } from './bank-reconciliation.js';

const none = { count: 0, pence: 0 };
const facts = (given: Partial<StatementFacts> = {}): StatementFacts => ({
  currency: 'GBP',
  endsOn: '2018-05-31',
  closingPence: 0,
  openedPence: 0,
  linesPence: 0,
  matchedPence: 0,
  unmatched: none,
  earlierUnmatched: none,
  earlierOpen: 0,
  receiptsWithoutLine: none,
  otherPostingsPence: 0,
  ...given,
});

describe('books and a statement', () => {
  it('agree when every line is explained', () => {
    const agreed = facts({ openedPence: 50_000, linesPence: -20_000, matchedPence: -20_000, closingPence: 30_000 });
    expect(reconcile(agreed)).toEqual({ booksPence: 30_000, differencePence: 0, differences: [] });
  });

  it('differ by what is told, in words', () => {
    const { differencePence, differences } = reconcile(
      facts({
        ...{ openedPence: 100, linesPence: 50, matchedPence: 20, closingPence: 157 },
        ...{ unmatched: { count: 1, pence: 20 }, earlierUnmatched: { count: 2, pence: 10 } },
        ...{ receiptsWithoutLine: { count: 1, pence: 1000 }, otherPostingsPence: -3, earlierOpen: 1 },
      }),
    );
    expect(differencePence).toBe(157 - (100 + 20 + 1000 - 3));
    expect(differences.map(({ message }) => message)).toEqual([
      '1 line of this statement, £0.20 together, is not explained in full.',
      '2 lines of earlier statements, £0.10 together, are not explained in full.',
      'Statements of this account do not follow each other: £0.07 moved between them on none that was loaded.',
      '1 receipt up to 31 May 2018, £10.00 together, is confirmed, and no line shows the money.',
      'The books moved -£0.03 at the bank by postings that no line and no receipt stands for.',
      '1 earlier statement of this account is not closed.',
    ]);
  });

  it('are told of lines that cancel each other out', () => {
    const { differencePence, differences } = reconcile(facts({ unmatched: { count: 2, pence: 0 } }));
    expect([differencePence, differences.map(({ code }) => code)]).toEqual([0, ['lines_unmatched']]);
  });
});

describe('every difference', () => {
  it('is explained to the penny', () => {
    const pence = fc.integer({ min: -1_000_000, max: 1_000_000 });
    const counted = fc.record({ count: fc.integer({ min: 1, max: 9 }), pence });
    const given = fc.record({
      openedPence: pence,
      matchedPence: pence,
      unmatched: fc.option(counted, { nil: none }),
      earlierUnmatched: fc.option(counted, { nil: none }),
      receiptsWithoutLine: fc.option(counted, { nil: none }),
      otherPostingsPence: pence,
      missing: pence,
    });
    fc.assert(
      fc.property(given, ({ missing, ...known }) => {
        const linesPence = known.matchedPence + known.unmatched.pence + known.earlierUnmatched.pence;
        const closingPence = known.openedPence + linesPence + missing;
        const { booksPence, differencePence, differences } = reconcile(facts({ ...known, linesPence, closingPence }));
        expect(booksPence + differencePence).toBe(closingPence);
        expect(differences.reduce((sum, one) => sum + one.pence, 0)).toBe(differencePence);
      }),
    );
  });
});
