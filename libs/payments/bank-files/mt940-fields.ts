import { parseAmount, requireDate, signed } from './amounts.js';
import { BankFileError } from './bank-file-error.js';

/** SWIFT MT940, field 60a, 62a, 64: `C070903EUR766656,49`. */
export interface Mt940Balance {
  amountPence: number;
  currency: string;
  on: string;
}

const BALANCE = /^([CD])(\d{6})([A-Z]{3})(\d{1,15},\d{0,5})$/;

export function parseBalance(text: string, where: string): Mt940Balance {
  const [, mark, date, currency, amount] = BALANCE.exec(text.trim()) ?? [];
  if (!mark || !date || !currency || !amount) {
    throw new BankFileError(
      'invalid_value',
      where,
      'A balance is C or D, a date, a currency and an amount with a comma.',
    );
  }
  return {
    amountPence: signed(mark === 'C' ? 1 : -1, parseAmount(amount, currency, where, ',')),
    currency,
    on: fullDate(date, where),
  };
}

/** Field 28C: `00004/00001`, statement number and page; the page may be left out. */
export function parseSequence(text: string, where: string): { sequence: number; page: number | null } {
  const [, number, page] = /^(\d{1,5})(?:\/(\d{1,5}))?$/.exec(text.trim()) ?? [];
  if (!number) throw new BankFileError('invalid_value', where, 'A statement number and a page are expected here.');
  return { sequence: Number(number), page: page ? Number(page) : null };
}

/** Field 61, its first line. */
export interface Mt940Line {
  valueOn: string;
  bookedOn: string;
  /** Debits negative; a reversed credit (RC) is a debit, a reversed debit (RD) a credit. */
  amountPence: number;
  reversal: boolean;
  /** Third letter of the currency. */
  fundsCode: string | null;
  /** `NTRF`. */
  type: string;
  reference: string | null;
  bankReference: string | null;
}

const LINE = /^(\d{6})(\d{4})?(R?[CD])([A-Z])?(\d{1,15},\d{0,5})([A-Z][A-Z0-9]{3})(.*)$/;

export function parseLine(text: string, currency: string, where: string): Mt940Line {
  const [, value, entry, mark, funds, amount, type, references = ''] = LINE.exec(text) ?? [];
  if (!value || !mark || !amount || !type) {
    const message = 'A statement line is dates, C, D, RC or RD, an amount with a comma, a type and a reference.';
    throw new BankFileError('invalid_value', where, message);
  }
  const valueOn = fullDate(value, where);
  const [reference = '', bankReference = ''] = splitOnce(references, '//');
  return {
    valueOn,
    bookedOn: entry ? nearestDate(entry, valueOn, where) : valueOn,
    amountPence: signed(mark === 'C' || mark === 'RD' ? 1 : -1, parseAmount(amount, currency, where, ',')),
    reversal: mark.startsWith('R'),
    fundsCode: funds ?? null,
    type,
    reference: reference.trim() || null,
    bankReference: bankReference.trim() || null,
  };
}

function splitOnce(text: string, separator: string): [string, string] {
  const at = text.indexOf(separator);
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + separator.length)];
}

/** `090929` → `2009-09-29`. MT940 came into use in the eighties: 80 to 99 are of the last century. */
function fullDate(text: string, where: string): string {
  const year = Number(text.slice(0, 2));
  return requireDate(`${year < 80 ? 2000 + year : 1900 + year}-${text.slice(2, 4)}-${text.slice(4)}`, where);
}

/** The booking date has no year: of the three it could be in, the one nearest to the value date. */
function nearestDate(monthDay: string, valueOn: string, where: string): string {
  const year = Number(valueOn.slice(0, 4));
  const away = (date: string): number => Math.abs(Date.parse(date) - Date.parse(valueOn));
  const inYear = (one: number): string => `${one}-${monthDay.slice(0, 2)}-${monthDay.slice(2)}`;
  const [nearest] = [year, year - 1, year + 1]
    .map(inYear)
    .filter((date) => new Date(Date.parse(date) || 0).toISOString().startsWith(date))
    .sort((one, other) => away(one) - away(other));
  return requireDate(nearest ?? inYear(year), where);
}
