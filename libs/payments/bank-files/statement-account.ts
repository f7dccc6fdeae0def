import { electronicFormatIBAN, isValidIBAN } from 'ibantools';
import type { StatementAccount } from './statement.js';

const UK = /^(\d{6})(\d{8})$/;

/**
 * An account as a file writes it, in one piece: an IBAN (a currency behind it is let go), a sort code with an account
 * number (`20-00-00 55779911`, `200000/55779911`), or what the bank calls it.
 */
export function accountOf(text: string): StatementAccount {
  const id = text.trim();
  const compact = id.replace(/[\s/-]/g, '');
  const iban = ibanOf(compact) ?? ibanOf(compact.replace(/[A-Z]{3}$/, ''));
  if (iban !== null) return { kind: 'iban', iban };
  const uk = UK.exec(compact);
  return uk ? { kind: 'uk', sortCode: uk[1]!, accountNumber: uk[2]! } : { kind: 'other', id };
}

function ibanOf(text: string): string | null {
  const iban = electronicFormatIBAN(text);
  return iban !== null && isValidIBAN(iban) ? iban : null;
}

/** The same text for the same account: a GB IBAN holds the sort code and the number (`GB33BUKB20201555555555`). */
export function accountKey(account: StatementAccount): string {
  switch (account.kind) {
    case 'uk':
      return `GBDSC:${account.sortCode}:${account.accountNumber}`;
    case 'iban':
      return account.iban.startsWith('GB')
        ? `GBDSC:${account.iban.slice(8, 14)}:${account.iban.slice(14)}`
        : `IBAN:${account.iban}`;
    case 'other':
      return `OTHER:${account.id}`;
  }
}
