import { formatPence, longDate } from '#kernel';

export const DIFFERENCES = [
  'lines_unmatched',
  'earlier_lines_unmatched',
  'statements_missing',
  'receipts_without_line',
  'postings_without_line',
  'earlier_statement_open',
] as const;
export type DifferenceCode = (typeof DIFFERENCES)[number];

/** What makes the books differ from a statement: `pence` is how much by, closing less books. */
export interface Difference {
  code: DifferenceCode;
  pence: number;
  count: number;
  message: string;
}

interface Counted {
  count: number;
  pence: number;
}

/** Figures of one statement of an account, and of all before it. */
export interface StatementFacts {
  currency: string;
  endsOn: string;
  closingPence: number;
  /** What the account held before its first statement, as the books have it. */
  openedPence: number;
  /** Of the statements up to this one: what their lines come to, and how much of that is matched. */
  linesPence: number;
  matchedPence: number;
  unmatched: Counted;
  earlierUnmatched: Counted;
  earlierOpen: number;
  /** Confirmed by then without a line, or with lines for a part only. */
  receiptsWithoutLine: Counted;
  /** Of the accounts at the bank, what neither lines nor receipts explain. */
  otherPostingsPence: number;
}

/** What the books have of an account at the end of a statement, and why that is not its closing balance. */
export interface Reconciled {
  booksPence: number;
  differencePence: number;
  differences: Difference[];
}

/**
 * Explains the whole difference between the closing balance and the books, in plain words. Invariant: the differences add up to
 * it; where there are none the two agree, and every line up to there is explained.
 */
export function reconcile(facts: StatementFacts): Reconciled {
  const { closingPence, openedPence, linesPence, matchedPence, receiptsWithoutLine, otherPostingsPence } = facts;
  const booksPence = openedPence + matchedPence + receiptsWithoutLine.pence + otherPostingsPence;
  const missing = closingPence - openedPence - linesPence;
  const money = (pence: number): string => formatPence(pence, facts.currency);
  const { unmatched, earlierUnmatched, earlierOpen } = facts;
  const receipts = receiptsWithoutLine;
  const told: (Difference | false)[] = [
    unmatched.count > 0 && {
      ...{ code: 'lines_unmatched', ...unmatched },
      message: `${things(unmatched.count, 'line')} of this statement, ${money(unmatched.pence)} together, ${are(unmatched.count)} not explained in full.`,
    },
    earlierUnmatched.count > 0 && {
      ...{ code: 'earlier_lines_unmatched', ...earlierUnmatched },
      message: `${things(earlierUnmatched.count, 'line')} of earlier statements, ${money(earlierUnmatched.pence)} together, ${are(earlierUnmatched.count)} not explained in full.`,
    },
    missing !== 0 && {
      ...{ code: 'statements_missing', pence: missing, count: 0 },
      message: `Statements of this account do not follow each other: ${money(missing)} moved between them on none that was loaded.`,
    },
    receipts.count > 0 && {
      ...{ code: 'receipts_without_line', pence: -receipts.pence, count: receipts.count },
      message: `${things(receipts.count, 'receipt')} up to ${longDate(facts.endsOn)}, ${money(receipts.pence)} together, ${are(receipts.count)} confirmed, and no line shows the money.`,
    },
    otherPostingsPence !== 0 && {
      ...{ code: 'postings_without_line', pence: -otherPostingsPence, count: 0 },
      message: `The books moved ${money(otherPostingsPence)} at the bank by postings that no line and no receipt stands for.`,
    },
    earlierOpen > 0 && {
      ...{ code: 'earlier_statement_open', pence: 0, count: earlierOpen },
      message: `${things(earlierOpen, 'earlier statement')} of this account ${are(earlierOpen)} not closed.`,
    },
  ];
  const differences = told.filter((one): one is Difference => one !== false);
  return { booksPence, differencePence: closingPence - booksPence, differences };
}

const things = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`;
const are = (count: number): string => (count === 1 ? 'is' : 'are');
