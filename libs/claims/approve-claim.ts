import { Inject, Injectable } from '@nestjs/common';
import { formatDays, InvalidValue, londonDate, refused, type Problem } from '#kernel';
import { requireMay } from '#identity';
import { claimApproved, postJournals, type Journal } from '#ledger';
import { changeDays, lockAllocations, TermsStore, type ProgrammeTerms } from '#programme';
import { UnitOfWork, type Actor, type Tx } from '#platform/database';
import { EmptyInput, honourVersion, validateInput, type ExpectedVersion } from '#platform/validation';
import { changeState, requirePossible } from './change-state.js';
import { ClaimReader } from './claim-reader.js';
import { bodyOf, loadClaim, type ApprovedAmounts, type ClaimRecord } from './claim-record.js';
import { type ClaimView } from './claim.view.js';
import { creditDetails, creditDifference } from './credit.js';
import { recalculateAllowed, unprovenPayments, type AllowedAmounts } from './domain/index.js';
import { EndClaim } from './end-claim.js';
import { undistinguishedInvoices } from './flags.queries.js';
import { changesOf, frozenLines, type FrozenLine } from './frozen-lines.js';

/** MTM's approver, who made nothing of the claim, approves what the review allowed. */
@Injectable()
export class ApproveClaim {
  constructor(
    @Inject(UnitOfWork) private readonly uow: UnitOfWork,
    @Inject(ClaimReader) private readonly reader: ClaimReader,
    @Inject(TermsStore) private readonly terms: TermsStore,
    @Inject(EndClaim) private readonly endClaim: EndClaim,
  ) {}

  /**
   * Approved = the allowed lines, as frozen, added up under the frozen terms; a credit note covers the rest. A review that
   * allowed nothing makes the claim rejected. Throws not_found, forbidden (`maker_cannot_approve`), stale, conflict
   * `state_conflict`, `claim_held`, refused `payment_proof_missing`, `distinct_not_recorded`.
   */
  async run(actor: Actor, id: string, body: unknown, version?: ExpectedVersion): Promise<ClaimView> {
    validateInput(EmptyInput, body ?? {});
    return this.uow.run(actor, async (tx) => {
      const claim = await loadClaim(tx, id, 'lock');
      requireMay(actor, 'claim.approve', { authority: claim.authority_code, makers: claim.makers });
      honourVersion(version, claim.version);
      requirePossible(claim, 'approve');
      const { terms } = await this.terms.byId(tx, claim.terms_id!);
      const lines = frozenLines(claim, terms);
      const allowed = allowedOf(claim, terms, lines);
      if (!allowed.allDisallowed) {
        requireProofOfPayment(claim, londonDate(tx.now));
        await requireDistinct(tx, claim);
      }
      const details = await markConsequential(tx, lines, allowed);
      if (allowed.allDisallowed) {
        await this.endClaim.end(tx, claim, 'reject', `Every line was disallowed. ${reasonsOf(lines)}`, { details });
      } else {
        await approve(tx, { claim, terms, lines, allowed, details });
      }
      return this.reader.viewAfter(tx, id);
    });
  }
}

interface Approval {
  claim: ClaimRecord;
  terms: ProgrammeTerms;
  lines: readonly FrozenLine[];
  allowed: AllowedAmounts;
  details: object;
}

async function approve(tx: Tx, { claim, terms, lines, allowed, details }: Approval): Promise<void> {
  await lockAllocations(tx, claim.programme_code, claim.authority_code);
  await changeDays(tx, { programme: claim.programme_code, authority: claim.authority_code, claimId: claim.id }, [
    ...changesOf(allowed.usedDays, 'used'),
    ...changesOf(allowed.releasedDays, 'released'),
  ]);
  const credit = await creditDifference(tx, { claim, terms, reason: reasonsOf(lines) }, allowed);
  const { claimedPence, approvedPence } = allowed;
  await postJournals(tx, [journalOf(claim, terms, allowed)]);
  await changeState(tx, [claim.id], 'approve', {
    columns: {
      approved_by: tx.actor.userId,
      approved_at: tx.now,
      approved_pence: approvedPence,
      approved: JSON.stringify(approvedAmounts(allowed, terms)),
    },
    details: { claimedPence, approvedPence, ...details, ...creditDetails(credit) },
  });
}

/** From its approval a claim is owed to the authority, and the funder owes it to the payer. */
const journalOf = (claim: ClaimRecord, terms: ProgrammeTerms, allowed: AllowedAmounts): Journal =>
  claimApproved({
    claimId: claim.id,
    authority: claim.authority_code,
    invoiceNumber: claim.invoice_number!,
    programme: claim.programme_code,
    funder: terms.funder.shortName,
    categories: Object.fromEntries(terms.categories.map(({ code }) => [code, allowed.categories[code]!.approvedPence])),
  });

/** Throws InvalidValue when the frozen lines do not come to what was invoiced: then something is wrong, and nobody is paid. */
export function allowedOf(claim: ClaimRecord, terms: ProgrammeTerms, lines: readonly FrozenLine[]): AllowedAmounts {
  const trainers = bodyOf(claim).trainerInvoices.map(({ trainer }) => trainer);
  const allowed = recalculateAllowed({ trainers, lines }, terms, lines);
  if (allowed.claimedPence !== claim.total_pence) {
    throw new InvalidValue(
      `the lines of claim ${claim.id} come to ${allowed.claimedPence} pence, not ${claim.total_pence}`,
    );
  }
  return allowed;
}

/** What the credit note says: the reviewer's reasons, each once, within what a document's reason holds. */
function reasonsOf(lines: readonly FrozenLine[]): string {
  const reasons = lines.flatMap((line) => (line.decision === 'disallow' ? [line.decisionReason ?? ''] : []));
  const text = [...new Set(reasons)].join(' ');
  return text.length > 450 ? `${text.slice(0, 449)}…` : text;
}

const approvedAmounts = (allowed: AllowedAmounts, terms: ProgrammeTerms): ApprovedAmounts =>
  Object.fromEntries(
    terms.categories.map(({ code, kind }) => {
      const of = allowed.categories[code]!;
      const fundedDays = kind === 'training' ? formatDays(of.approvedFundedDays) : null;
      return [code, { eligiblePence: of.approvedEligiblePence, reimbursementPence: of.approvedPence, fundedDays }];
    }),
  );

/** Travel goes with its trainer's last training line; the line says so, and so does the trail by what is returned. */
async function markConsequential(tx: Tx, lines: readonly FrozenLine[], allowed: AllowedAmounts): Promise<object> {
  const consequential = new Set(allowed.consequential);
  const ids = lines.filter(({ path }) => consequential.has(path)).map(({ id }) => id);
  if (ids.length === 0) return {};
  const reason = 'None of this trainer’s training was allowed, so the travel is not either.';
  await tx.execute(
    `UPDATE trainer_invoice_line SET decision = 'disallow', decision_reason = $2, decided_at = $3 WHERE id = ANY ($1::uuid[])`,
    [ids, reason, tx.now],
  );
  return { disallowed: ids.map((lineId) => ({ lineId, reason })) };
}

function requireProofOfPayment(claim: ClaimRecord, today: string): void {
  const problems = unprovenPayments(claim.invoices, today);
  if (problems.length === 0) return;
  throw refused(
    'payment_proof_missing',
    'The claim cannot be approved before every trainer is known to be paid.',
    problems,
  );
}

/** The same trainer invoice is at another authority: somebody must have recorded that the two are distinct. */
async function requireDistinct(tx: Tx, claim: ClaimRecord): Promise<void> {
  const problems = await undistinguishedProblems(tx, claim);
  if (problems.length === 0) return;
  throw refused(
    'distinct_not_recorded',
    'The claim cannot be approved while one of its trainer invoices may be claimed twice.',
    problems,
  );
}

/** A problem for each trainer invoice that another authority claims too and nobody has found distinct since. */
export async function undistinguishedProblems(tx: Tx, claim: ClaimRecord): Promise<Problem[]> {
  const ids = new Set(await undistinguishedInvoices(tx, claim.id));
  return claim.invoices.flatMap((invoice, index): Problem[] =>
    ids.has(invoice.id)
      ? [
          {
            path: `trainerInvoices[${index}]`,
            code: 'distinct_not_recorded',
            message:
              'Another authority claims an invoice of this trainer with this number, and nobody has recorded since then that the two are distinct. Have that recorded, or the claim returned.',
          },
        ]
      : [],
  );
}
