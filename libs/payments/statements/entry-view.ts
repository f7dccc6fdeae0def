import type { StatementAccount, StatementEntry } from '../bank-files/statement.js';
import type { EntryView } from './line.view.js';

/** The last four characters of an account, as everywhere the rest is kept back. */
export function lastFourOf(account: StatementAccount | null): string | null {
  if (account === null) return null;
  const id = account.kind === 'iban' ? account.iban : account.kind === 'uk' ? account.accountNumber : account.id;
  return id.slice(-4) || null;
}

/** An entry that was read and not kept. */
export const entryView = (entry: StatementEntry, seq: number): EntryView => ({
  seq,
  bookedOn: entry.bookedOn,
  valueOn: entry.valueOn,
  amountPence: entry.amountPence,
  currency: entry.currency,
  reference: entry.reference,
  bankReference: entry.bankReference,
  endToEndId: entry.endToEndId,
  counterparty: entry.counterparty,
  counterpartyLastFour: lastFourOf(entry.counterpartyAccount),
  remittance: entry.remittance,
  narrative: entry.narrative,
  transactionCode: entry.transactionCode,
  returnReason: entry.returnReason,
  state: entry.amountPence === 0 ? 'matched' : 'unmatched',
  suggestions: [],
});
