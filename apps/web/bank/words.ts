import { type BankStatementView, type EntryView, type QuarantineCode } from '#payments';
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

const ANOTHER_KIND =
  'Check that it is the file the bank sent, of the kind you chose. If it is, ask the bank for it in one of the forms that are read: XML (camt.053), MT940 or CSV.';
const NOT_WHOLE = 'The file is not whole. Ask the bank for the statement again and load that.';
const MAPPING =
  'If it is a CSV file, check its mapping against the headings of the file, then load it again. Otherwise ask the bank for it again.';
const ONE_CURRENCY =
  'Check that it is a statement of the account the programme pays from, in that account’s currency. If the bank mixed currencies in it, ask the bank for it again.';
const ACCOUNT =
  'Check that it is a statement of the account the programme pays from. If it is, the programme’s terms must name that account first; then load the file again.';
const IN_PARTS = 'Ask the bank for the same in several smaller files, and load one after the other.';
const OUR_FILE = 'Check that it is the bank’s report about a file this service made and somebody approved.';

/** What a person can do about a file that is not read, by the code of the reason (docs/bank-files.md). */
const REMEDIES: Readonly<Record<QuarantineCode, string>> = {
  empty_file: 'There is nothing in it. Save the file from the bank once more, and load that.',
  no_statements:
    'It tells of no day and no balance. Ask the bank for the statement of the days you need, and load that.',
  bad_encoding: ANOTHER_KIND,
  not_well_formed: ANOTHER_KIND,
  dtd_not_allowed: ANOTHER_KIND,
  wrong_namespace: ANOTHER_KIND,
  unsupported_version: ANOTHER_KIND,
  unexpected_tag: ANOTHER_KIND,
  element_missing: ANOTHER_KIND,
  element_too_large: ANOTHER_KIND,
  invalid_value: ANOTHER_KIND,
  unknown_currency: ANOTHER_KIND,
  amount_too_large: ANOTHER_KIND,
  truncated: NOT_WHOLE,
  page_missing: NOT_WHOLE,
  no_balances: NOT_WHOLE,
  balance_mismatch: NOT_WHOLE,
  count_mismatch: NOT_WHOLE,
  not_csv: MAPPING,
  column_missing: MAPPING,
  not_a_date: MAPPING,
  not_an_amount: MAPPING,
  too_many_decimals: MAPPING,
  mixed_currencies: ONE_CURRENCY,
  other_currency: ACCOUNT,
  unknown_account: ACCOUNT,
  statement_overlaps:
    'Ask the bank for only those days that were not read yet. Where a statement in between is missing, load that first, then this file again.',
  statement_contradicts: 'Ask the bank which of the two files is right before anything else is done.',
  before_closed:
    'Ask the bank whether it belongs before the closed statement at all. If another statement between the two is missing, load that first, then this file again. If it does come before, it cannot be loaded any more: leave it in quarantine, and tell whoever keeps the books what it shows. Load all statements of a day before you close one of them.',
  too_many_statements: IN_PARTS,
  too_many_statuses: IN_PARTS,
  unknown_payment_run: OUR_FILE,
  unsupported_message: OUR_FILE,
};

export const statementStatus = (state: BankStatementView['state']): StatusTag => STATEMENTS[state];
export const lineStatus = (state: EntryView['state']): StatusTag => LINES[state];
export const kindWords = (kind: string): string => KINDS[kind] ?? kind;
export const formatWords = (format: BankStatementView['format']): string => FORMATS[format];

/** A code that is stored outlives the list it was of; what is not in it any more has words for any file. */
export const remedyOf = (code: string | null): string =>
  code !== null && Object.hasOwn(REMEDIES, code) ? REMEDIES[code as QuarantineCode] : ANOTHER_KIND;

/** An amount with what a minus would say: money that came in, or went out. */
export const inOrOut = (pence: number): string => `${money(Math.abs(pence))} ${pence < 0 ? 'out' : 'in'}`;

export const STATEMENT_CHOICES = (Object.entries(STATEMENTS) as [BankStatementView['state'], StatusTag][]).map(
  ([value, { text }]) => ({ value, text }),
);
export const LINE_CHOICES = (Object.entries(LINES) as [EntryView['state'], StatusTag][]).map(([value, { text }]) => ({
  value,
  text,
}));
