import { type BankStatementView, type EntryView } from '#payments';
import { money, type StatusTag } from '../page/index.js';

const STATEMENTS: Readonly<Record<BankStatementView['state'], StatusTag>> = {
  read: { text: 'To reconcile', tag: 'yellow' },
  closed: { text: 'Closed', tag: 'green' },
  quarantined: { text: 'In quarantine', tag: 'red' },
};

const LINES: Readonly<Record<EntryView['state'], StatusTag>> = {
  matched: { text: 'Explained', tag: 'green' },
  suggested: { text: 'To decide', tag: 'yellow' },
  unmatched: { text: 'Not explained', tag: 'orange' },
};

const KINDS: Readonly<Record<string, string>> = {
  payment: 'Payment',
  payment_run: 'All payments of run',
  payment_return: 'Return of payment',
  receipt: 'Receipt from the funder',
  repayment: 'Repayment of',
  bank_charge: 'Bank charges',
  account: 'Bank charges',
  suspense: 'Suspense: to be explained later',
};

const FORMATS: Readonly<Record<BankStatementView['format'], string>> = {
  camt053: 'XML (camt.053)',
  mt940: 'MT940',
  csv: 'CSV',
};

/** What a person can do about a file that is not read, by the code of the reason (docs/bank-files.md). */
const REMEDIES: readonly (readonly [codes: readonly string[], remedy: string])[] = [
  [
    ['unknown_account', 'other_currency'],
    'Check that it is a statement of the account the programme pays from. If it is, the programme’s terms must name that account first; then load the file again.',
  ],
  [
    ['balance_mismatch', 'count_mismatch', 'truncated', 'page_missing', 'no_balances'],
    'The file is not whole. Ask the bank for the statement again and load that.',
  ],
  [
    ['statement_overlaps'],
    'Ask the bank for only those days that were not read yet. Where a statement in between is missing, load that first, then this file again.',
  ],
  [['statement_contradicts'], 'Ask the bank which of the two files is right before anything else is done.'],
  [
    ['column_missing', 'not_a_date', 'not_an_amount', 'not_csv', 'too_many_decimals'],
    'If it is a CSV file, check its mapping against the headings of the file, then load it again. Otherwise ask the bank for it again.',
  ],
  [
    ['unknown_payment_run', 'unsupported_message'],
    'Check that it is the bank’s report about a file this service made and somebody approved.',
  ],
];

export const statementStatus = (state: BankStatementView['state']): StatusTag => STATEMENTS[state];
export const lineStatus = (state: EntryView['state']): StatusTag => LINES[state];
export const kindWords = (kind: string): string => KINDS[kind] ?? kind;
export const formatWords = (format: BankStatementView['format']): string => FORMATS[format];

export const remedyOf = (code: string | null): string =>
  REMEDIES.find(([codes]) => code !== null && codes.includes(code))?.[1] ??
  'Check that it is the file the bank sent, of the kind you chose. If it is, ask the bank for it again.';

/** An amount with what a minus would say: money that came in, or went out. */
export const inOrOut = (pence: number): string => `${money(Math.abs(pence))} ${pence < 0 ? 'out' : 'in'}`;

export const STATEMENT_CHOICES = (Object.entries(STATEMENTS) as [BankStatementView['state'], StatusTag][]).map(
  ([value, { text }]) => ({ value, text }),
);
export const LINE_CHOICES = (Object.entries(LINES) as [EntryView['state'], StatusTag][]).map(([value, { text }]) => ({
  value,
  text,
}));
