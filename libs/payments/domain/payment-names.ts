import { formatSerial, InvalidValue } from '#kernel';

/**
 * What the authority's statement and ours show of a payment, and what it is matched by: a serial number with two check
 * digits (ISO 7064, mod 97), so that a mistyped or cut one is no other payment's. At most 18 characters, letters and digits
 * only: that much survives a UK bank.
 */
export function paymentReference(serial: number): string {
  if (!Number.isSafeInteger(serial) || serial < 1) throw new InvalidValue('a payment has a serial number above 0');
  return `P${String(serial).padStart(8, '0')}${String(checkDigits(serial)).padStart(2, '0')}`;
}

/** The serial number of a reference, or null when it is none of ours. */
export function serialOfReference(reference: string): number | null {
  const [, digits, check] = /^P(\d{8,15})(\d{2})$/.exec(reference) ?? [];
  if (digits === undefined || paymentReference(Number(digits) || 1) !== reference) return null;
  return Number(check) === checkDigits(Number(digits)) && Number(digits) > 0 ? Number(digits) : null;
}

const checkDigits = (serial: number): number => 98 - Number((BigInt(serial) * 100n) % 97n);

/** `EIP2-PR-0001`. */
export const runNumber = (prefix: string, seq: number): string => `${prefix}-PR-${formatSerial(seq)}`;

/** What the bank sends back in statements and status reports: at most 35 characters, another when paid again. */
export const endToEndId = (number: string, authority: string): string => `${number}-${authority}`;
