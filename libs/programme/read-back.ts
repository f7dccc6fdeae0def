import { createHash, timingSafeEqual } from 'node:crypto';
import { malformed } from '#kernel';
import { type Tx } from '#platform/database';
import { CodeField } from '#platform/validation';

// Whoever types along with a voice groups digits as they are read: spaces and dashes between them mean nothing.
const SORT_CODE = /^\d([ -]*\d){5}$/;
const ACCOUNT_NUMBER = /^\d([ -]*\d){7}$/;
// Check digits are not looked at: an IBAN that was misread, or is another, is one that differs.
const IBAN = /^[A-Za-z0-9]([ -]*[A-Za-z0-9]){14,33}$/;
const BIC = /^[A-Za-z0-9]([ -]*[A-Za-z0-9]){7,10}$/;

/** What the authority read out over the telephone. It is compared, and neither stored nor logged. */
export class ReadBackInput {
  @CodeField(SORT_CODE, { optional: true, example: '08-99-99', message: 'Give a sort code: six digits.' })
  sortCode?: string;

  @CodeField(ACCOUNT_NUMBER, { optional: true, example: '66374958', message: 'Give an account number: eight digits.' })
  accountNumber?: string;

  @CodeField(IBAN, {
    optional: true,
    example: 'DE89 3704 0044 0532 0130 00',
    message: 'Give an IBAN: 15 to 34 letters and digits.',
  })
  iban?: string;

  @CodeField(BIC, { optional: true, example: 'COBADEFF', message: 'Give a BIC: 8 or 11 characters.' })
  bic?: string;
}

type Numbers = { [K in keyof ReadBackInput]-?: string | null };

/** Throws malformed unless it is all of an account in the United Kingdom, or all of one abroad. */
export function requireWhole(readBack: ReadBackInput): void {
  const { sortCode, accountNumber, iban, bic } = readBack;
  const given = [sortCode, accountNumber, iban, bic].filter((part) => part !== undefined).length;
  const uk = sortCode !== undefined && accountNumber !== undefined;
  const abroad = iban !== undefined && bic !== undefined;
  if (given === 2 && uk !== abroad) return;
  const message = 'Give what was read out: either sortCode and accountNumber, or iban and bic.';
  throw malformed([{ path: 'readBack', code: 'one_of', message }]);
}

/** Whether what was read out is the account of this version. It says no more than that, and takes as long whichever character differs. */
export async function agreesWithStored(tx: Tx, code: string, version: number, readBack: ReadBackInput) {
  const [stored] = await tx.query<Numbers>(
    `SELECT sort_code AS "sortCode", account_number AS "accountNumber", iban, bic
       FROM bank_details WHERE authority_code = $1 AND version = $2`,
    [code, version],
  );
  return stored !== undefined && sameAccount(readBack, stored);
}

/** Spaces, dashes and small letters mean nothing, nor the XXX of a bank's head office (ISO 9362). */
export function sameAccount(readBack: ReadBackInput, stored: Numbers): boolean {
  return timingSafeEqual(digestOf(readBack), digestOf(stored));
}

/** Of one length, whatever was typed. */
const digestOf = ({ sortCode, accountNumber, iban, bic }: Partial<Numbers>): Buffer =>
  createHash('sha256')
    .update([sortCode, accountNumber, iban, office(compact(bic))].map(compact).join('|'))
    .digest();

const compact = (text: string | null | undefined): string => (text ?? '').replace(/[ -]/g, '').toUpperCase();
const office = (bic: string): string => (bic.length === 8 ? `${bic}XXX` : bic);
