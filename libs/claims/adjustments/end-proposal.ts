import { Inject, Injectable } from '@nestjs/common';
import { appendAudit } from '#audit';
import { requireMay } from '#identity';
import { adjustmentApproved, postJournals } from '#ledger';
import { changeDays, lockAllocations, TermsStore, type ProgrammeTerms } from '#programme';
import { UnitOfWork, type Actor, type Tx } from '#platform/database';
import { EmptyInput, honourVersion, validateInput, type ExpectedVersion } from '#platform/validation';
import { type IssuedDocument } from '../claim-document.js';
import { loadClaim, type ClaimRecord } from '../claim-record.js';
import { creditAdjusted, creditDetails } from '../credit.js';
import { ADJUSTMENT_LIFECYCLE, type AdjustmentEvent } from '../domain/index.js';
import { ReasonInput } from '../end-claim.js';
import { changesOf } from '../frozen-lines.js';
import { loadAdjustment, type AdjustmentRow } from './adjustment-record.js';
import { type AdjustmentView } from './adjustment.view.js';
import { adjustmentView } from './present-adjustment.js';

/** A proposed adjustment is approved by another person than who proposed it, or cancelled. */
@Injectable()
export class EndProposal {
  constructor(
    @Inject(UnitOfWork) private readonly uow: UnitOfWork,
    @Inject(TermsStore) private readonly terms: TermsStore,
  ) {}

  /**
   * Credits, gives the days back and books what was proposed; from now on it is set off against what is due to the
   * authority. Throws malformed, not_found, forbidden `maker_cannot_approve`, stale, conflict `state_conflict`.
   */
  approve(actor: Actor, id: string, body: unknown, version?: ExpectedVersion): Promise<AdjustmentView> {
    validateInput(EmptyInput, body ?? {});
    return this.uow.run(actor, async (tx) => {
      // The claim first, then the allocations, then the adjustment: the order every step of a claim keeps.
      const { claim_id: claimId } = await loadAdjustment(tx, id);
      const claim = await loadClaim(tx, claimId, 'lock');
      await lockAllocations(tx, claim.programme_code, claim.authority_code);
      const row = await loadAdjustment(tx, id, 'lock');
      requireMay(actor, 'adjustment.approve', { authority: row.authority_code, makers: [row.proposed_by] });
      honourVersion(version, row.version);
      ADJUSTMENT_LIFECYCLE.require('An adjustment', row.state, 'approve');
      const { terms } = await this.terms.byId(tx, claim.terms_id!);
      const credit = await this.takeBack(tx, row, claim, terms);
      await tx.execute(
        `UPDATE adjustment SET state = 'approved', approved_by = $2, approved_at = $3, credit_note_id = $4, credit_note_number = $5,
                version = version + 1, updated_at = $3 WHERE id = $1`,
        [id, actor.userId, tx.now, credit.id, credit.number],
      );
      await book(tx, row, credit, terms);
      await tell(tx, row, 'approve', { ...creditDetails(credit), amountPence: row.amount_pence });
      return adjustmentView(tx, await loadAdjustment(tx, id), terms);
    });
  }

  /** Throws malformed, not_found, forbidden, stale, conflict `state_conflict`. */
  cancel(actor: Actor, id: string, body: unknown, version?: ExpectedVersion): Promise<AdjustmentView> {
    const { reason } = validateInput(ReasonInput, body ?? {});
    return this.uow.run(actor, async (tx) => {
      const row = await loadAdjustment(tx, id, 'lock');
      requireMay(actor, 'adjustment.cancel', { authority: row.authority_code });
      honourVersion(version, row.version);
      ADJUSTMENT_LIFECYCLE.require('An adjustment', row.state, 'cancel');
      await tx.execute(
        `UPDATE adjustment SET state = 'cancelled', cancelled_by = $2, cancelled_at = $3, cancel_reason = $4, version = version + 1,
                updated_at = $3 WHERE id = $1`,
        [id, actor.userId, tx.now, reason],
      );
      await tell(tx, row, 'cancel', {}, reason);
      const { terms_id: termsId } = await loadClaim(tx, row.claim_id, 'look');
      const { terms } = await this.terms.byId(tx, termsId!);
      return adjustmentView(tx, await loadAdjustment(tx, id), terms);
    });
  }

  private async takeBack(
    tx: Tx,
    row: AdjustmentRow,
    claim: ClaimRecord,
    terms: ProgrammeTerms,
  ): Promise<IssuedDocument> {
    const days = new Map<string, number>();
    for (const category of terms.categories) {
      if (category.kind !== 'training') continue;
      const { fundedDays } = row.amounts[category.code]!;
      days.set(category.allocation, (days.get(category.allocation) ?? 0) + fundedDays);
    }
    const of = { programme: claim.programme_code, authority: claim.authority_code, claimId: claim.id };
    await changeDays(tx, of, changesOf(Object.fromEntries(days), 'unused'));
    return creditAdjusted(tx, { claim, terms, reason: row.reason }, row.amounts);
  }
}

/** Dr payable / Cr reimbursement, by category; Dr grant income / Cr owed to the funder. */
async function book(tx: Tx, row: AdjustmentRow, credit: IssuedDocument, terms: ProgrammeTerms): Promise<void> {
  const journal = adjustmentApproved({
    event: `adjustment.approved:${row.id}`,
    programme: row.programme_code,
    funder: terms.funder.shortName,
    authority: row.authority_code,
    creditNoteNumber: credit.number,
    claimId: row.claim_id,
    categories: Object.fromEntries(
      terms.categories.map(({ code }) => [code, row.amounts[code]!.reimbursementPence] as const),
    ),
  });
  await postJournals(tx, [journal]);
}

async function tell(
  tx: Tx,
  row: AdjustmentRow,
  event: AdjustmentEvent,
  details: object,
  reason: string | null = null,
): Promise<void> {
  const { to } = ADJUSTMENT_LIFECYCLE.find(row.state, event)!;
  await appendAudit(tx, {
    chain: row.authority_code,
    action: `adjustment.${to}`,
    subjectType: 'adjustment',
    subjectId: row.id,
    claimId: row.claim_id,
    before: { state: row.state },
    after: { state: to, ...details },
    reason,
  });
}
