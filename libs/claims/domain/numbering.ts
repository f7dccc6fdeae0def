import { InvalidValue, addDays, londonDate } from '#kernel';
import type { ProgrammeTerms } from '#programme/domain';

/** `EIP2-BRENT-0001`: the authority's n-th claim invoice in the programme. At least four digits, more when needed. */
export const claimInvoiceNumber = (terms: ProgrammeTerms, authority: string, n: number): string =>
  `${terms.numberPrefix}-${authority}-${digits(n)}`;

/** `EIP2-BRENT-CN-0001`: the authority's n-th credit note, a series of its own. */
export const creditNoteNumber = (terms: ProgrammeTerms, authority: string, n: number): string =>
  `${terms.numberPrefix}-${authority}-CN-${digits(n)}`;

/** When a claim is due: calendar days from the London date of its submission (docs/domain.md, Getting paid). */
export const dueOn = (terms: ProgrammeTerms, submittedAt: Date): string =>
  addDays(londonDate(submittedAt), terms.payment.withinDays);

function digits(n: number): string {
  if (!Number.isSafeInteger(n) || n < 1) throw new InvalidValue(`${n} is not the number of a document`);
  return String(n).padStart(4, '0');
}
