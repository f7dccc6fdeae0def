import { addDays, formatSerial, londonDate } from '#kernel';
import type { ProgrammeTerms } from '#programme/domain';

/** `EIP2-BRENT-0001`: the authority's n-th claim invoice in the programme. At least four digits, more when needed. */
export const claimInvoiceNumber = (terms: ProgrammeTerms, authority: string, n: number): string =>
  `${terms.numberPrefix}-${authority}-${formatSerial(n)}`;

/** `EIP2-BRENT-CN-0001`: the authority's n-th credit note, a series of its own. */
export const creditNoteNumber = (terms: ProgrammeTerms, authority: string, n: number): string =>
  `${terms.numberPrefix}-${authority}-CN-${formatSerial(n)}`;

/** When a claim is due: calendar days from the London date of its submission (docs/domain.md, Getting paid). */
export const dueOn = (terms: ProgrammeTerms, submittedAt: Date): string =>
  addDays(londonDate(submittedAt), terms.payment.withinDays);
