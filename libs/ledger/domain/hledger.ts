import { decimalPence, type Pence } from '#kernel';

/**
 * The books as plain text that hledger and ledger both read (https://hledger.org/hledger.html,
 * https://ledger-cli.org/doc/ledger3.html): accounts and the commodity are declared, so that either program's strict
 * check finds a misspelt one, and what each account should come to is asserted at the end.
 */
export interface BookedJournal {
  id: number;
  event: string;
  /** London's date. */
  bookedOn: string;
  description: string;
  postings: readonly { account: string; amountPence: Pence }[];
}

export interface Balance {
  account: string;
  balancePence: Pence;
}

const CURRENCY = 'GBP';
const amount = (value: Pence): string => `${decimalPence(value)} ${CURRENCY}`;
/** Two spaces end an account's name, which may have single ones in it. */
const line = (account: string, rest: string): string => `    ${account}  ${rest}\n`;
const entry = (on: string, title: string, lines: readonly string[]): string => `${on} * ${title}\n${lines.join('')}\n`;

/** The commodity and every account. Both programs know an account's type by how its name begins. */
export function directives(accounts: readonly string[]): string {
  const declared = accounts.map((name) => `account ${name}\n`).join('');
  return `commodity ${CURRENCY}\n  format 1000.00 ${CURRENCY}\n\n${declared}\n`;
}

/** One journal: its number in brackets, what happened, its event as a comment. */
export const journalText = ({ id, event, bookedOn, description, postings }: BookedJournal): string =>
  entry(bookedOn, `(${id}) ${description}`, [
    `    ; ${event}\n`,
    ...postings.map(({ account, amountPence }) => line(account, amount(amountPence))),
  ]);

/** What was there before the first day of an export. All accounts together come to nothing, so it balances by itself. */
export function openingText(on: string, balances: readonly Balance[]): string {
  const lines = balances
    .filter(({ balancePence }) => balancePence !== 0)
    .map(({ account, balancePence }) => line(account, amount(balancePence)));
  return lines.length === 0 ? '' : entry(on, 'Opening balances', lines);
}

/** What every account must have come to: found out from the snapshots and the tail, not by adding up the export. */
export function assertionsText(on: string, balances: readonly Balance[]): string {
  const lines = balances.map(({ account, balancePence }) => line(account, `${amount(0)} = ${amount(balancePence)}`));
  return lines.length === 0 ? '' : entry(on, 'Balances', lines);
}
