import { type ClaimOnDesk, type EvidenceView, type WouldBeApproved } from '#claims';
import { money, plural } from '../page/index.js';
import { claimAddress, deskPage, evidenceOf, invoicesOf, noticesOf, type InvoiceShown } from './desk.presenter.js';
import { hiddenFields, LINES_AT_ONCE, type TypedReview } from './review-form.js';

/** What the decisions come to: sentence, figures, what follows from them. */
export function totalsOf(wouldBe: WouldBeApproved | null) {
  if (wouldBe === null) return null;
  const { claimedPence, approvedPence, creditPence, consequential } = wouldBe;
  return {
    claimed: money(claimedPence),
    approved: money(approvedPence),
    credit: money(creditPence),
    sentence: wouldBe.allDisallowed
      ? 'Every line is disallowed: approving this review rejects the claim.'
      : creditPence === 0
        ? `All of ${money(claimedPence)} would be approved.`
        : `${money(approvedPence)} of ${money(claimedPence)} would be approved; a credit note of ${money(creditPence)} covers the rest.`,
    consequence:
      consequential.length > 0
        ? `${plural(consequential.length, 'travel line')} would go too, because nothing is left of that trainer’s training.`
        : null,
    categories: wouldBe.categories.map(({ label, claimedPence: claimed, approvedPence: approved }) => ({
      label,
      claimed: money(claimed),
      approved: money(approved),
    })),
    days: wouldBe.releasedDays.map(({ label, days }) => `${days} ${days === '1' ? 'day' : 'days'} of ${label}`),
    allDisallowed: wouldBe.allDisallowed,
  };
}

/** Which part of a claim's lines is shown, from 1; claims are rarely longer than one. */
export function partOf(asked: unknown, lines: number): number {
  const last = Math.max(1, Math.ceil(lines / LINES_AT_ONCE));
  return typeof asked === 'string' && /^\d{1,4}$/.test(asked) ? Math.min(Math.max(Number(asked), 1), last) : 1;
}

interface Typed {
  readonly typed: TypedReview;
  readonly part: number;
  readonly wouldBe: WouldBeApproved | null;
}

/** The form of a review, as it was typed so far. */
export function reviewPage(desk: ClaimOnDesk, files: readonly EvidenceView[], { typed, part, wouldBe }: Typed) {
  const { claim } = desk;
  const all = invoicesOf(desk, files);
  const shown = withTyped(partIn(all, part), typed);
  const visible = new Set(shown.flatMap(({ id, lines }) => [id, ...lines.map((line) => line.id)]));
  return {
    ...deskPage(desk),
    part,
    parts: partsOf(all, part),
    flags: noticesOf(claim, claim.flags),
    evidence: evidenceOf(claim, files, null, 'Evidence of the whole claim'),
    invoices: shown,
    carried: hiddenFields(typed, visible),
    totals: totalsOf(wouldBe),
    totalsAction: claimAddress(claim.id, 'review', 'totals'),
  };
}

interface WithLines<Line = unknown> {
  readonly lines: readonly Line[];
}

export const linesIn = (invoices: readonly WithLines[]): number =>
  invoices.reduce((sum, { lines }) => sum + lines.length, 0);

/** The parts of a long claim; none while there is one. */
export function partsOf(invoices: readonly WithLines[], part: number): { number: number; current: boolean }[] {
  const count = Math.ceil(linesIn(invoices) / LINES_AT_ONCE);
  return count < 2 ? [] : Array.from({ length: count }, (_, at) => ({ number: at + 1, current: at + 1 === part }));
}

/** Invoices with those of their lines that are in a part; without those that have none in it. */
export function partIn<Invoice extends WithLines>(invoices: readonly Invoice[], part: number): Invoice[] {
  const from = (part - 1) * LINES_AT_ONCE;
  let at = 0;
  return invoices.flatMap((invoice) => {
    const lines = invoice.lines.filter((_, index) => at + index >= from && at + index < from + LINES_AT_ONCE);
    at += invoice.lines.length;
    return lines.length > 0 ? [{ ...invoice, lines }] : [];
  });
}

/** A finding is asked for where a flag asks for it, and where something was typed. */
export function withTyped(invoices: readonly InvoiceShown[], typed: TypedReview) {
  return invoices.map((invoice) => ({
    ...invoice,
    asksProof: invoice.asksProof || typed.proofs.has(invoice.id),
    asksDistinct: invoice.asksDistinct || typed.distinct.has(invoice.id),
    proof: typed.proofs.get(invoice.id) ?? { day: '', month: '', year: '', note: '' },
    distinct: typed.distinct.get(invoice.id) ?? '',
    lines: invoice.lines.map((line) => ({
      ...line,
      disallowed: typed.disallowed.has(line.id),
      reason: typed.disallowed.get(line.id) ?? '',
    })),
  }));
}

/** What is about to be recorded, before it is. */
export function checkPage(desk: ClaimOnDesk, files: readonly EvidenceView[], { typed, part, wouldBe }: Typed) {
  const lines = invoicesOf(desk, files).flatMap(({ title, lines: own }) => own.map((line) => ({ ...line, title })));
  const consequential = new Set(wouldBe?.consequential);
  return {
    ...deskPage(desk),
    part,
    totals: totalsOf(wouldBe),
    allowed: lines.filter(({ id }) => !typed.disallowed.has(id) && !consequential.has(id)).length,
    disallowed: lines
      .filter(({ id }) => typed.disallowed.has(id) || consequential.has(id))
      .map(({ id, title, number, description, net }) => ({
        where: `${title}, line ${number}: ${description}`,
        net,
        reason: typed.disallowed.get(id) ?? 'Goes with the trainer’s training, of which nothing is allowed.',
      })),
    proofs: typed.proofs.size,
    distinct: typed.distinct.size,
    fields: hiddenFields(typed),
  };
}
