import { type ClaimOnDesk, type EvidenceView } from '#claims';
import { type Actor } from '#platform/database';
import { addressWith, linesIn, partIn, partOf, partsOf, placedLines } from '../page/index.js';
import { claimAddress, deskPage, evidenceOf, invoicesOf } from './desk.presenter.js';
import { noticesOf } from './notices.js';
import { categoriesTable, totalsOf } from './review.presenter.js';
import { whyNot } from './verdict.js';

/** What an approver reads before they decide. */
export function approvePage(actor: Actor, desk: ClaimOnDesk, files: readonly EvidenceView[], asked: unknown) {
  const { claim } = desk;
  const part = partOf(asked, linesIn(claim.trainerInvoices));
  const addressOf = (other: number) => addressWith(claimAddress(claim.id, 'approve'), { part: String(other) });
  const reason = whyNot(actor, desk, 'approve');
  const lacking = noticesOf(claim, desk.lacking, { part, addressOf });
  const rejects = desk.wouldBe?.allDisallowed ?? false;
  return {
    ...deskPage(desk),
    flags: noticesOf(claim, claim.flags, { part, addressOf }),
    lacking,
    totals: totalsOf(desk.wouldBe),
    categories: categoriesTable(desk.wouldBe, 'Approved'),
    evidence: evidenceOf(claim, files, null, 'Evidence of the whole claim'),
    invoices: invoicesOf(desk, files, partIn(placedLines(claim.trainerInvoices), part)),
    parts: partsOf(claim.trainerInvoices, part),
    people: whoDidWhat(desk),
    reason,
    separation: separationText(desk),
    mayConfirm: reason === null && (desk.lacking.length === 0 || rejects),
    rejects,
    // Only where it leads somewhere.
    rejectHref: whyNot(actor, desk, 'reject') === null ? claimAddress(claim.id, 'reject') : null,
    returnHref: whyNot(actor, desk, 'return') === null ? claimAddress(claim.id, 'return') : null,
    findingsHref: whyNot(actor, desk, 'findings') === null ? claimAddress(claim.id, 'findings') : null,
    reviewHref: whyNot(actor, desk, 'review') === null ? claimAddress(claim.id, 'review') : null,
    holdHref: whyNot(actor, desk, 'hold') === null ? claimAddress(claim.id, 'hold') : null,
    releaseHref: whyNot(actor, desk, 'release') === null ? claimAddress(claim.id, 'release') : null,
  };
}

/** Everybody who had a hand in the claim, and how. */
function whoDidWhat(desk: ClaimOnDesk): { name: string; did: string }[] {
  return desk.makers.map(({ id, person }) => {
    const did = [desk.submittedBy?.id === id ? 'submitted' : '', desk.reviewedBy?.id === id ? 'reviewed' : ''].filter(
      (text) => text !== '',
    );
    const other =
      person?.organisation === desk.claim.authority ? 'prepared or edited' : 'recorded findings or reviewed before';
    return {
      name: person ? `${person.name} (${person.organisation})` : 'Somebody whose account is gone',
      did: did.length > 0 ? did.join(' and ') : other,
    };
  });
}

/** The rule in words, and who is left by it. */
function separationText({ mayApprove, claim }: ClaimOnDesk): string {
  const rule = 'Who edited, submitted or reviewed a claim, or recorded something about it, does not approve it.';
  if (claim.state !== 'reviewed') return rule;
  const names = mayApprove.map(({ name }) => name);
  if (names.length === 0) return `${rule} Nobody is left who may: ask an administrator for another approver.`;
  return `${rule} Who may approve this one: ${names.join(', ')}.`;
}
