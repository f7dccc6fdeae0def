import { isCalendarDate } from '#kernel';
import { BankFileError, type Place } from './bank-file-error.js';

/** ISO 4217, active codes by their number of decimals. Fund codes and those without money of their own are left out. */
const TWO_DECIMALS =
  'AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CNY COP CRC CUP CVE CZK ' +
  'DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT ' +
  'LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN ' +
  'QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD UYU UZS ' +
  'VED VES WST XCD XCG YER ZAR ZMW ZWG';
const NO_DECIMALS = 'BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF';
const THREE_DECIMALS = 'BHD IQD JOD KWD LYD OMR TND';

const DECIMALS: ReadonlyMap<string, number> = new Map(
  [NO_DECIMALS, '', TWO_DECIMALS, THREE_DECIMALS].flatMap((codes, decimals) =>
    codes
      .split(' ')
      .filter((code) => code !== '')
      .map((code) => [code, decimals] as const),
  ),
);

/** How many decimals a currency has. Throws unknown_currency for what ISO 4217 does not list. */
export function decimalsOf(currency: string, where: Place): number {
  const decimals = DECIMALS.get(currency);
  if (decimals === undefined) {
    throw new BankFileError(
      'unknown_currency',
      where,
      'This is not a currency of ISO 4217. Ask the bank for the file again.',
    );
  }
  return decimals;
}

/**
 * `8.85` EUR → 885: whole minor units, taken from the digits and never by way of a fraction. Unsigned. Zeros beyond the
 * currency's decimals say nothing and are let go; other digits there are refused.
 */
export function parseAmount(text: string, currency: string, where: Place, point: '.' | ',' = '.'): number {
  const decimals = decimalsOf(currency, where);
  const found = (point === '.' ? WITH_POINT : WITH_COMMA).exec(text);
  const whole = found?.[1] ?? '';
  const fraction = (found?.[2] ?? '').replace(/0+$/, '');
  if (!found || (whole === '' && !found[2])) {
    throw new BankFileError('not_an_amount', where, `An amount is digits with "${point}" before the decimals.`);
  }
  if (fraction.length > decimals) {
    throw new BankFileError('too_many_decimals', where, `An amount in ${currency} has at most ${decimals} decimals.`);
  }
  const amount = Number(whole + fraction.padEnd(decimals, '0'));
  if (!Number.isSafeInteger(amount)) {
    throw new BankFileError('amount_too_large', where, 'This amount is larger than any this system can hold exactly.');
  }
  return amount;
}

const WITH_POINT = /^\+?(\d{0,18})(?:\.(\d{0,18}))?$/;
const WITH_COMMA = /^\+?(\d{0,18})(?:,(\d{0,18}))?$/;

/** The amount with a sign; nothing is no negative nothing. */
export const signed = (sign: 1 | -1, amount: number): number => (sign < 0 && amount !== 0 ? -amount : amount);

/** 885 EUR → `8.85`. */
export function formatAmount(amount: number, currency: string, point: '.' | ',' = '.'): string {
  const decimals = decimalsOf(currency, 'amount');
  const digits = String(Math.abs(amount)).padStart(decimals + 1, '0');
  const sign = amount < 0 ? '-' : '';
  return decimals === 0 ? sign + digits : `${sign}${digits.slice(0, -decimals)}${point}${digits.slice(-decimals)}`;
}

/** The sum, refused rather than inexact. */
export function addExactly(sum: number, amount: number, where: Place): number {
  const total = sum + amount;
  if (!Number.isSafeInteger(total)) {
    throw new BankFileError('amount_too_large', where, 'The entries add up to more than this system can hold exactly.');
  }
  return total;
}

/** A date that exists, as `YYYY-MM-DD`. */
export function requireDate(text: string, where: Place): string {
  if (!isCalendarDate(text)) throw new BankFileError('not_a_date', where, 'This is not a date that exists.');
  return text;
}
