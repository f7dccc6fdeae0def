import { countryOf, type TrainerBody } from './claim-body.js';

/**
 * What is left of a text without case, spaces and punctuation, so that two spellings of one name or number meet: NFKC, so
 * full-width and composed letters are the same; invisible characters do not count. Never empty: a text of nothing but
 * punctuation stands for itself.
 */
function bare(text: string): string {
  const plain = text.normalize('NFKC').replace(/\p{Default_Ignorable_Code_Point}/gu, '');
  // Small letters first, so that "ß", "ẞ" and "SS" are one spelling; capitals last, since a Greek sigma has two small
  // forms. Changing the case and taking letters out can both leave parts that belong together: the normal form again.
  const folded = plain.toLowerCase().toUpperCase().normalize('NFKC');
  return folded.replace(/[^\p{L}\p{M}\p{N}]/gu, '').normalize('NFKC') || folded.trim() || text.trim();
}

/** The key that equal trainers' names share. */
export const trainerNameKey = (name: string): string => bare(name);

/** The key that equal invoice numbers share: `INV-0042`, `inv 0042` and `INV/0042` are one. Leading zeros count. */
export const invoiceNumberKey = (number: string): string => bare(number);

/**
 * The key that equal VAT registrations share, or null without a number: country and number. A GB number with a branch's
 * three further digits is the same registration.
 */
export function vatNumberKey(trainer: TrainerBody): string | null {
  if (!trainer.vatNumber?.trim()) return null;
  const number = bare(trainer.vatNumber);
  const full = /^[A-Z]{2}/.test(number) ? number : `${countryOf(trainer)}${number}`;
  return /^GB\d{12}$/.test(full) ? full.slice(0, -3) : full;
}

/** Same VAT number or same normalised name (docs/domain.md, Eligibility). */
export function sameTrainer(a: TrainerBody, b: TrainerBody): boolean {
  const vat = vatNumberKey(a);
  return (vat !== null && vat === vatNumberKey(b)) || trainerNameKey(a.name) === trainerNameKey(b.name);
}

/** A trainer's invoice is the same one when trainer and number are. */
export const sameInvoice = (
  a: { trainer: TrainerBody; number: string },
  b: { trainer: TrainerBody; number: string },
): boolean => invoiceNumberKey(a.number) === invoiceNumberKey(b.number) && sameTrainer(a.trainer, b.trainer);
