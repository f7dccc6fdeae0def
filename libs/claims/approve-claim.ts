import { Inject, Injectable } from '@nestjs/common';
import { formatDays, londonDate, refused, type Problem } from '#kernel';
import { appendAudit } from '#audit';
import { requireMay } from '#identity';
import { changeDays, lockAllocations, TermsStore, type ProgrammeTerms } from '#programme';
import { UnitOfWork, type Actor, type Tx } from '#platform/database';
import { validateInput, honourVersion, type ExpectedVersion } from '#platform/validation';
import { changeState, requirePossible } from './change-state.js';
import { ClaimReader } from './claim-reader.js';
import { bodyOf, loadClaim, type ApprovedAmounts, type ClaimRecord } from './claim-record.js';
import { type ClaimView } from './claim.view.js';
import { Credit } from './credit.js';
import { changesOf } from './days-of-claim.js';
import { isPaid, linePath, recalculateAllowed, type AllowedAmounts, type LineDecision } from './domain/index.js';
import { EndClaim } from './end-claim.js';
import { undistinguishedInvoices } from './flags.queries.js';
import { EmptyInput } from './submit-claim.js';

/** MTM's approver, who made nothing of the claim, approves what the review allowed. */
@Injectable()
export class ApproveClaim {
  private readonly credit: Credit;
  constructor(
    @Inject(UnitOfWork) private readonly uow: UnitOfWork,
    @Inject(ClaimReader) private readonly reader: ClaimReader,
    @Inject(TermsStore) private readonly terms: TermsStore,
    @Inject(EndClaim) private readonly endClaim: EndClaim,
  ) {
    this.credit = new Credit(terms);
  }

  /**
   * Approved = the allowed lines recalculated under the frozen terms; a credit note covers the rest. A review that allowed
   * nothing makes the claim rejected. Throws not_found, forbidden (`maker_cannot_approve`), stale, conflict
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
      const allowed = recalculateAllowed(bodyOf(claim), terms, decisionsOf(claim));
      if (allowed.allDisallowed) {
        await this.endClaim.end(tx, claim, 'reject', `Every line was disallowed. ${reasonsOf(claim)}`);
      } else {
        requireProofOfPayment(claim, londonDate(tx.now));
        await requireDistinct(tx, claim);
        await this.approve(tx, claim, terms, allowed);
      }
      return this.reader.viewAfter(tx, id);
    });
  }

  private async approve(tx: Tx, claim: ClaimRecord, terms: ProgrammeTerms, allowed: AllowedAmounts): Promise<void> {
    await lockAllocations(tx, claim.programme_code, claim.authority_code);
    await changeDays(tx, { programme: claim.programme_code, authority: claim.authority_code, claimId: claim.id }, [
      ...changesOf(allowed.usedDays, 'used'),
      ...changesOf(allowed.releasedDays, 'released'),
    ]);
    const credit = await this.credit.difference(
      tx,
      claim,
      allowed,
      disallowedNet(claim, allowed, terms),
      reasonsOf(claim),
    );
    await markConsequential(tx, claim, allowed);
    await changeState(tx, [claim.id], 'approve', {
      approved_by: tx.actor.userId,
      approved_at: tx.now,
      approved_pence: allowed.approvedPence,
      approved: JSON.stringify(approvedAmounts(allowed, terms)),
    });
    await appendAudit(tx, {
      chain: claim.authority_code,
      action: 'claim.approved',
      subjectType: 'claim',
      subjectId: claim.id,
      claimId: claim.id,
      before: { state: claim.state, version: claim.version },
      after: {
        state: 'approved',
        version: claim.version + 1,
        claimedPence: allowed.claimedPence,
        approvedPence: allowed.approvedPence,
        ...(credit && { creditNoteNumber: credit.number, creditedPence: credit.totalPence, documentId: credit.id }),
      },
    });
  }
}

const placed = (claim: ClaimRecord) =>
  claim.invoices.flatMap((invoice, invoiceAt) =>
    invoice.lines.map((line, lineAt) => ({ line, path: linePath(invoiceAt, lineAt) })),
  );

const decisionsOf = (claim: ClaimRecord): LineDecision[] =>
  placed(claim).map(({ line, path }) => ({ path, decision: line.decision ?? 'allow' }));

/** What the credit note says: the reviewer's reasons, each once, within what a document's reason holds. */
function reasonsOf(claim: ClaimRecord): string {
  const reasons = placed(claim).flatMap(({ line }) =>
    line.decision === 'disallow' ? [line.decisionReason ?? ''] : [],
  );
  const text = [...new Set(reasons)].join(' ');
  return text.length > 450 ? `${text.slice(0, 449)}…` : text;
}

function disallowedNet(claim: ClaimRecord, allowed: AllowedAmounts, terms: ProgrammeTerms): Record<string, number> {
  const atCost = terms.categories.find((category) => category.kind === 'at_cost')?.code ?? '';
  const net: Record<string, number> = {};
  for (const { line, path } of placed(claim)) {
    if (!allowed.disallowed.includes(path)) continue;
    const category = line.category ?? atCost;
    net[category] = (net[category] ?? 0) + line.netPence;
  }
  return net;
}

const approvedAmounts = (allowed: AllowedAmounts, terms: ProgrammeTerms): ApprovedAmounts =>
  Object.fromEntries(
    terms.categories.map(({ code, kind }) => {
      const of = allowed.categories[code]!;
      const fundedDays = kind === 'training' ? formatDays(of.approvedFundedDays) : null;
      return [code, { eligiblePence: of.approvedEligiblePence, reimbursementPence: of.approvedPence, fundedDays }];
    }),
  );

/** Travel goes with its trainer's last training line; the line says so. */
async function markConsequential(tx: Tx, claim: ClaimRecord, allowed: AllowedAmounts): Promise<void> {
  const ids = placed(claim).flatMap(({ line, path }) => (allowed.consequential.includes(path) ? [line.id] : []));
  if (ids.length === 0) return;
  await tx.execute(
    `UPDATE trainer_invoice_line SET decision = 'disallow', decision_reason = $2, decided_at = $3 WHERE id = ANY ($1::uuid[])`,
    [ids, 'None of this trainer’s training was allowed, so the travel is not either.', tx.now],
  );
}

function requireProofOfPayment(claim: ClaimRecord, today: string): void {
  const problems = claim.invoices.flatMap((invoice, index): Problem[] =>
    isPaid(invoice.paidOn, today) || isPaid(invoice.proofPaidOn, today)
      ? []
      : [
          {
            path: `trainerInvoices[${index}].paidOn`,
            code: 'payment_proof_missing',
            message:
              'Nothing shows that the trainer was paid. Have the claim returned, so that the authority enters the date.',
          },
        ],
  );
  if (problems.length === 0) return;
  throw refused(
    'payment_proof_missing',
    'The claim cannot be approved before every trainer is known to be paid.',
    problems,
  );
}

/** The same trainer invoice is at another authority: somebody must have recorded that the two are distinct. */
async function requireDistinct(tx: Tx, claim: ClaimRecord): Promise<void> {
  const ids = new Set(await undistinguishedInvoices(tx, claim.id));
  const problems = claim.invoices.flatMap((invoice, index): Problem[] =>
    ids.has(invoice.id)
      ? [
          {
            path: `trainerInvoices[${index}]`,
            code: 'distinct_not_recorded',
            message:
              'Another authority claims an invoice of this trainer with this number, and the review did not find the two distinct. Have the claim returned and reviewed again.',
          },
        ]
      : [],
  );
  if (problems.length === 0) return;
  throw refused(
    'distinct_not_recorded',
    'The claim cannot be approved while one of its trainer invoices may be claimed twice.',
    problems,
  );
}
