import { createHash } from 'node:crypto';
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
  return short(folded.replace(/[^\p{L}\p{M}\p{N}]/gu, '').normalize('NFKC') || folded.trim() || text.trim());
}

/** NFKC can make one letter eighteen; what is too long for a key of the database is compared by its hash. */
const short = (key: string): string =>
  key.length <= LONGEST_KEY ? key : `SHA256${createHash('sha256').update(key).digest('hex').toUpperCase()}`;
const LONGEST_KEY = 250;

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

/** What tells a trainer from another, normalised once: two trainers are the same one when either key is. */
export interface TrainerKeys {
  readonly name: string;
  readonly vat: string | null;
}

export const trainerKeys = (trainer: TrainerBody): TrainerKeys => ({
  name: trainerNameKey(trainer.name),
  vat: vatNumberKey(trainer),
});

/**
 * Some trainers, asked whether another is one of them: same VAT number or same normalised name (docs/domain.md,
 * Eligibility). Looked up by key, since a claim may have fifty invoices of two hundred lines.
 */
export class Trainers {
  private readonly names = new Set<string>();
  private readonly vats = new Set<string>();

  constructor(trainers: Iterable<TrainerKeys>) {
    for (const { name, vat } of trainers) {
      this.names.add(name);
      if (vat !== null) this.vats.add(vat);
    }
  }

  has({ name, vat }: TrainerKeys): boolean {
    return this.names.has(name) || (vat !== null && this.vats.has(vat));
  }
}

/** For each invoice the first one in the list that is the same: of the same trainer, with the same number. Itself, mostly. */
export function firstOfSame(invoices: readonly { trainer: TrainerBody; number: string }[]): number[] {
  const first = new Map<string, number>();
  return invoices.map(({ trainer, number }, at) => {
    const { name, vat } = trainerKeys(trainer);
    const numberKey = invoiceNumberKey(number);
    const keys = [`name ${numberKey}\n${name}`, ...(vat === null ? [] : [`vat ${numberKey}\n${vat}`])];
    const found = Math.min(at, ...keys.map((key) => first.get(key) ?? at));
    for (const key of keys) if (!first.has(key)) first.set(key, at);
    return found;
  });
}
