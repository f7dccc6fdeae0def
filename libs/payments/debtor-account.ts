import { londonDate, refused } from '#kernel';
import { type DebtorAccount, type ProgrammeTerms, type TermsStore } from '#programme';
import { type Tx } from '#platform/database';
import { accountKey } from './bank-files/statement-account.js';
import type { StatementAccount } from './bank-files/statement.js';

/** The account that a programme pays from. Throws refused `debtor_account_missing`. */
export async function debtorOf(tx: Tx, { programme, payment }: ProgrammeTerms): Promise<DebtorAccount> {
  const debtor = payment.debtor ?? (await demoDebtor(tx, programme));
  if (debtor) return debtor;
  throw refused(
    'debtor_account_missing',
    `The terms of ${programme} name no account to pay from. Load a version of them that has payment.debtor.`,
  );
}

/** The accounts of a programme whose statements are taken, by their key, with their currency: those its terms name or have named. */
export async function ownAccounts(tx: Tx, terms: TermsStore, programme: string): Promise<ReadonlyMap<string, string>> {
  const versions = (await terms.upTo(tx, programme, londonDate(tx.now))).reverse();
  const demo = await demoDebtor(tx, programme);
  const all = versions.map(({ terms: { payment, currency } }) => ({ debtor: payment.debtor ?? demo, currency }));
  return new Map(
    all.flatMap(({ debtor, currency }) => (debtor ? [[accountKey(asInStatements(debtor)), currency] as const] : [])),
  );
}

const asInStatements = (debtor: DebtorAccount): StatementAccount =>
  'iban' in debtor
    ? { kind: 'iban', iban: debtor.iban }
    : { kind: 'uk', sortCode: debtor.sortCode, accountNumber: debtor.accountNumber };

/**
 * Which of our accounts a statement is of, by its key; null for none. Some banks write the number without the sort code:
 * it is ours when one of ours has it.
 */
export function whichOwnAccount(own: ReadonlyMap<string, string>, account: StatementAccount): string | null {
  const key = accountKey(account);
  if (own.has(key)) return key;
  if (account.kind !== 'other' || !/^\d{8}$/.test(account.id)) return null;
  const found = [...own.keys()].filter((one) => one.startsWith('GBDSC:') && one.endsWith(`:${account.id}`));
  return found.length === 1 ? found[0]! : null;
}

/** Only the demonstration has one (seeds/demo-debtors.ts). */
async function demoDebtor(tx: Tx, programme: string): Promise<DebtorAccount | null> {
  const [row] = await tx.query<{ account: DebtorAccount }>(
    'SELECT account FROM demo_debtor_account WHERE programme_code = $1',
    [programme],
  );
  return row?.account ?? null;
}
