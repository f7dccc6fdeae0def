import { type Problem } from '#kernel';
import { type AuthorityListItem, type HeldNumber, type PastAccount } from '#programme';
import { date, dateTime, errorsFor, Form, namingWhatIsMissing } from '../page/index.js';

/** Where an account lies, and so by what it is entered. */
export type AccountKind = 'uk' | 'abroad';
export const kindOf = (text: string | undefined): AccountKind => (text === 'abroad' ? 'abroad' : 'uk');

export const BANK_DETAILS_CSV = ['code', 'name', 'accountName', 'lastFour', 'state', 'confirmedAt'] as const;
export const HISTORY_CSV = ['version', 'accountName', 'lastFour', 'abroad', 'enteredAt', 'confirmedAt'] as const;

type Account = { lastFour: string | null; confirmedAt: string | null; version: number };

/** What an account's number is shown as, anywhere. */
export const endingIn = ({ lastFour }: Pick<Account, 'lastFour'>): string =>
  lastFour === null ? 'None' : `Ends in ${lastFour}`;

export type AccountState = 'missing' | 'to_confirm' | 'confirmed';
export const stateOf = ({ version, confirmedAt }: Account): AccountState =>
  version === 0 ? 'missing' : confirmedAt === null ? 'to_confirm' : 'confirmed';

const TAGS = {
  missing: { text: 'No account yet', tag: 'grey' },
  to_confirm: { text: 'To be confirmed', tag: 'yellow' },
  confirmed: { text: 'Confirmed', tag: 'green' },
} as const;
export const tagOf = (account: Account) => TAGS[stateOf(account)];

/** What happens next, for the authority's own people and for the payer's. */
export function nextStep(account: Account, own: boolean): string {
  const state = stateOf(account);
  if (state === 'missing') {
    return own
      ? 'Enter the account your claims are to be paid to. Claims can be made and approved before, but not paid.'
      : 'The authority has not entered an account. Nothing can be paid to it.';
  }
  if (state === 'confirmed')
    return `MTM confirmed it by telephone on ${date(account.confirmedAt)}. Claims are paid to it.`;
  return own
    ? 'MTM rings you back, on a telephone number you had given before, and asks you to confirm it. Nothing is paid to it until then.'
    : 'Ring the authority on a number it had given before it entered this account, have the account read out, and record the call. Nothing is paid to it until then.';
}

/** Only what is left of a number without spaces and dashes, as people copy them from a statement. */
const compact = (text: string): string => text.replace(/[\s\u2010-\u2015-]/g, '');

/** The numbers of an account out of what was typed. */
function numbersOf(form: Form, kind: AccountKind): Record<string, string> {
  const number = (name: string) => compact(form.typed(name));
  return kind === 'uk'
    ? { sortCode: number('sortCode'), accountNumber: number('accountNumber') }
    : { iban: number('iban').toUpperCase(), bic: number('bic').toUpperCase() };
}

/** The use case's input out of what was typed. What is empty is left out, so that it is told as missing. */
export function accountBody(form: Form, kind: AccountKind): Record<string, string> {
  const all = { accountName: form.typed('accountName').trim(), ...numbersOf(form, kind) };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== ''));
}

/** A call as it was typed, with the account as it was read out: the page asks for all of it. */
export const callBody = (form: Form, kind: AccountKind) => ({
  calledNumber: form.typed('calledNumber').trim(),
  spokeTo: form.typed('spokeTo').trim(),
  readBack: numbersOf(form, kind),
});

/** Of a call that was not recorded what goes back to the form: about the call, and nothing that was read out. */
export const callAgain = ({ calledNumber, spokeTo }: Form['values']) => ({ calledNumber, spokeTo });

const WORDS: Readonly<Record<string, string>> = {
  accountName: 'Enter the name of the account, as the bank has it.',
  sortCode: 'Enter the sort code: six digits.',
  accountNumber: 'Enter the account number: eight digits.',
  iban: 'Enter the IBAN.',
  bic: 'Enter the BIC of the bank.',
};

/** Fields left empty, each in its own words: the use case would say of all of them that one kind of account is needed. */
export function missingFields(body: Readonly<Record<string, string>>, kind: AccountKind) {
  return ['accountName', ...NUMBERS[kind]]
    .filter((field) => body[field] === undefined)
    .map((path) => ({ path, code: 'required', message: WORDS[path]! }));
}

const NUMBERS = { uk: ['sortCode', 'accountNumber'], abroad: ['iban', 'bic'] } as const;

const OF_CALL: Readonly<Record<string, string>> = {
  calledNumber: 'Enter the number you rang.',
  spokeTo: 'Say who you spoke to.',
  sortCode: 'Enter the sort code they read to you: six digits.',
  accountNumber: 'Enter the account number they read to you: eight digits.',
  iban: 'Enter the IBAN they read to you.',
  bic: 'Enter the BIC they read to you.',
};

/** What is wrong with a call, under the names of the page's fields. Of what was left out it says what to do. */
export function callErrors(errors: readonly Problem[]): Problem[] {
  const fields = Object.fromEntries(
    Object.values(NUMBERS).flatMap((all) => all.map((name) => [`readBack.${name}`, name])),
  );
  return namingWhatIsMissing(errorsFor(errors, fields), OF_CALL);
}

/** Accounts the authority has had, the newest first. */
export function historyTable(accounts: readonly PastAccount[]) {
  return {
    caption: 'Accounts so far',
    empty: 'No account was entered yet.',
    head: [
      { text: 'Entered' },
      { text: 'Name of the account' },
      { text: 'Number' },
      { text: 'Confirmed by telephone' },
    ],
    rows: accounts.map((account, at) => [
      { text: dateTime(account.enteredAt) },
      { text: account.accountName },
      { text: endingIn(account), ...(account.abroad ? { hint: 'Abroad, by IBAN' } : {}) },
      { text: dateTime(account.confirmedAt) || (at === 0 ? 'Not yet' : 'Never: another took its place') },
    ]),
  };
}

/** An authority with its account, as the payer's list and its file have it. */
export interface ListedAccount extends Account {
  code: string;
  name: string;
  accountName: string | null;
  state: AccountState;
}

export function listed({ code, name, bankDetails }: AuthorityListItem): ListedAccount {
  const { accountName = null, lastFour = null, confirmedAt = null, version = 0 } = bankDetails ?? {};
  return {
    code,
    name,
    accountName,
    lastFour,
    confirmedAt,
    version,
    state: stateOf({ lastFour, confirmedAt, version }),
  };
}

/** Accounts of all authorities; those to be confirmed are asked for with their state. */
export function accountsTable(accounts: readonly ListedAccount[], caption: string, empty: string) {
  return {
    caption,
    empty,
    head: [
      { text: 'Authority' },
      { text: 'Account' },
      { text: 'Number' },
      { text: 'Status' },
      { text: 'Confirmed on' },
    ],
    rows: accounts.map((account) => [
      { text: account.name, href: `/bank-details/${account.code}` },
      { text: account.accountName ?? '' },
      { text: endingIn(account) },
      tagOf(account),
      { text: date(account.confirmedAt) },
    ]),
  };
}

/** Numbers that may be rung, as digits in groups that can be read out. */
export const heldNumbers = (numbers: readonly HeldNumber[]): string[] =>
  numbers.map(({ digits, since }) => `${grouped(digits)}, held since ${date(since)}`);

const grouped = (digits: string): string => digits.replace(/^(\d{3,5}?)(\d{3,4})(\d{4})$/, '$1 $2 $3');
