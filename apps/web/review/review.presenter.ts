import { type ClaimOnDesk, type ClaimView, type EvidenceView, type WouldBeApproved } from '#claims';
import { type Problem } from '#kernel';
import {
  linesIn,
  money,
  partIn,
  partOfLines,
  partsOf,
  partsOfInvoices,
  placedLines,
  plural,
  TableFile,
} from '../page/index.js';
import { claimAddress, deskPage, evidenceOf, invoicesOf, invoiceTitle, type InvoiceShown } from './desk.presenter.js';
import { noticesOf } from './notices.js';
import { hiddenFields, type TypedReview } from './review-form.js';

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
    days: wouldBe.releasedDays.map(({ label, days }) => `${days} ${days === '1' ? 'day' : 'days'} of ${label}`),
    allDisallowed: wouldBe.allDisallowed,
  };
}

/** What of each category was claimed, and what of it is or would be approved. */
export const categoriesTable = (wouldBe: WouldBeApproved | null, head: 'Approved' | 'Would be approved') =>
  wouldBe && {
    caption: 'By category',
    head: [{ text: 'Category' }, { text: 'Claimed', numeric: true }, { text: head, numeric: true }],
    rows: wouldBe.categories.map(({ label, claimedPence, approvedPence }) => [
      { text: label },
      { text: money(claimedPence), numeric: true },
      { text: money(approvedPence), numeric: true },
    ]),
    foot: [
      { text: 'Total' },
      { text: money(wouldBe.claimedPence), numeric: true },
      { text: money(wouldBe.approvedPence), numeric: true },
    ],
    file: new TableFile('categories', ['label', 'claimedPence', 'approvedPence'], wouldBe.categories),
  };

interface Typed {
  readonly typed: TypedReview;
  readonly part: number;
  readonly wouldBe: WouldBeApproved | null;
}

/** The form of a review, as it was typed so far. */
export function reviewPage(desk: ClaimOnDesk, files: readonly EvidenceView[], { typed, part, wouldBe }: Typed) {
  const { claim } = desk;
  const shown = withTyped(invoicesOf(desk, files, partIn(placedLines(claim.trainerInvoices), part)), typed);
  const visible = new Set(shown.flatMap(({ id, lines }) => [id, ...lines.map((line) => line.id)]));
  return {
    ...deskPage(desk),
    part,
    parts: partsOf(claim.trainerInvoices, part),
    flags: noticesOf(claim, claim.flags, { part }),
    evidence: evidenceOf(claim, files, null, 'Evidence of the whole claim'),
    invoices: shown,
    carried: hiddenFields(typed, visible),
    totals: totalsOf(wouldBe),
    totalsAction: claimAddress(claim.id, 'review', 'totals'),
  };
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
      reason: typed.disallowed.get(line.id) ?? typed.contradicted.get(line.id) ?? '',
    })),
  }));
}

/** What is about to be recorded, before it is. */
export function checkPage(desk: ClaimOnDesk, { typed, part, wouldBe }: Typed) {
  const { trainerInvoices } = desk.claim;
  const consequential = new Set(wouldBe?.consequential);
  const disallowed = trainerInvoices.flatMap((invoice) =>
    invoice.lines.flatMap(({ id, description, netPence }, at) =>
      typed.disallowed.has(id) || consequential.has(id)
        ? [
            {
              where: `${invoiceTitle(invoice)}, line ${at + 1}: ${description}`,
              net: money(netPence),
              reason: typed.disallowed.get(id) ?? 'Goes with the trainer’s training, of which nothing is allowed.',
            },
          ]
        : [],
    ),
  );
  return {
    ...deskPage(desk),
    part,
    totals: totalsOf(wouldBe),
    categories: categoriesTable(wouldBe, 'Would be approved'),
    allowed: linesIn(trainerInvoices) - disallowed.length,
    disallowed,
    proofs: typed.proofs.size,
    distinct: typed.distinct.size,
    fields: hiddenFields(typed),
  };
}

/** Where the lines and trainer invoices of a claim are, by id: the first and the last part that has something of them. */
function partsById(claim: ClaimView): Map<string, { first: number; last: number }> {
  const partOfLine = partOfLines(claim.trainerInvoices);
  const whole = partsOfInvoices(claim.trainerInvoices);
  const parts = new Map<string, { first: number; last: number }>();
  claim.trainerInvoices.forEach(({ id, lines }, at) => {
    parts.set(id, whole[at]!);
    lines.forEach((line, lineAt) => {
      const part = partOfLine(at, lineAt);
      parts.set(line.id, { first: part, last: part });
    });
  });
  return parts;
}

/**
 * The part that has something to mend, this one if it has, and the problems as it shows them: what is at a field of another part says
 * in which, since its field is not on the page.
 */
export function inPart(
  claim: ClaimView,
  errors: readonly Problem[],
  sent: number,
): { part: number; errors: readonly Problem[] } {
  const parts = partsById(claim);
  const placed = errors.map((error) => ({ error, at: parts.get(error.path.slice(error.path.indexOf('.') + 1)) }));
  const isIn = (part: number, at: { first: number; last: number }): boolean => at.first <= part && part <= at.last;
  const ats = placed.flatMap(({ at }) => (at ? [at] : []));
  const part = ats.some((at) => isIn(sent, at)) ? sent : (ats[0]?.first ?? sent);
  return {
    part,
    errors: placed.map(({ error, at }) =>
      !at || isIn(part, at) ? error : { path: '', code: error.code, message: `Part ${at.first}: ${error.message}` },
    ),
  };
}
