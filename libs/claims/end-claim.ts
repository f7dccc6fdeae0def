import { Inject, Injectable } from '@nestjs/common';
import { appendAudit } from '#audit';
import { requireMay } from '#identity';
import { changeDays, lockAllocations, TermsStore } from '#programme';
import { requirePrintable } from '#platform/pdf';
import { UnitOfWork, type Actor, type Tx } from '#platform/database';
import { TextField, validateInput, honourVersion, type ExpectedVersion } from '#platform/validation';
import { changeState, requirePossible, type StepColumns } from './change-state.js';
import { ClaimReader } from './claim-reader.js';
import { loadClaim, type ClaimRecord } from './claim-record.js';
import { type ClaimView } from './claim.view.js';
import { Credit } from './credit.js';
import { changesOf, daysOfClaim } from './days-of-claim.js';
import { isLive, type ClaimState } from './domain/index.js';
import { approvedDays } from './approved-days.js';

/** Why: shown to the authority, printed on the credit note, kept in the trail. */
export class ReasonInput {
  @TextField({ max: 500, example: 'The invoice of 14 March is not legible. Attach it again.' })
  reason: string;
}

export class OptionalReasonInput {
  @TextField({ max: 500, optional: true, nullable: true })
  reason?: string | null;
}

type Ending = 'withdraw' | 'return' | 'reject';
const PAST = { withdraw: 'claim.withdrawn', return: 'claim.returned', reject: 'claim.rejected' } as const;
const STATE: Readonly<Record<Ending, ClaimState>> = { withdraw: 'withdrawn', return: 'returned', reject: 'rejected' };

/** The mark of a hold goes when the claim leaves the states that can be held. */
const NO_HOLD: StepColumns = { held_at: null, held_by: null, hold_reason: null };

/**
 * The three ways a claim stops counting: the authority withdraws it, MTM returns or rejects it. What was invoiced and not
 * yet credited gets a credit note, the days it drew are given back, its trainer invoices are free again.
 */
@Injectable()
export class EndClaim {
  private readonly credit: Credit;
  constructor(
    @Inject(UnitOfWork) private readonly uow: UnitOfWork,
    @Inject(ClaimReader) private readonly reader: ClaimReader,
    @Inject(TermsStore) private readonly terms: TermsStore,
  ) {
    this.credit = new Credit(terms);
  }

  /** Throws malformed, not_found, forbidden, stale, conflict `state_conflict`. */
  async withdraw(actor: Actor, id: string, body: unknown, version?: ExpectedVersion): Promise<ClaimView> {
    const { reason } = validateInput(OptionalReasonInput, body ?? {});
    return this.run(actor, id, { event: 'withdraw', reason: reason ?? 'Withdrawn by the authority', version });
  }

  /** Back to the authority, which can correct it and submit it again. */
  async returnToAuthority(actor: Actor, id: string, body: unknown, version?: ExpectedVersion): Promise<ClaimView> {
    const { reason } = validateInput(ReasonInput, body ?? {});
    return this.run(actor, id, { event: 'return', reason, version });
  }

  async reject(actor: Actor, id: string, body: unknown, version?: ExpectedVersion): Promise<ClaimView> {
    const { reason } = validateInput(ReasonInput, body ?? {});
    return this.run(actor, id, { event: 'reject', reason, version });
  }

  private run(
    actor: Actor,
    id: string,
    step: { event: Ending; reason: string; version: ExpectedVersion },
  ): Promise<ClaimView> {
    return this.uow.run(actor, async (tx) => {
      const claim = await loadClaim(tx, id, 'lock');
      requireMay(actor, `claim.${step.event}`, {
        authority: claim.authority_code,
        makers: claim.makers,
        approvers: [claim.approved_by],
      });
      honourVersion(step.version, claim.version);
      requirePossible(claim, step.event);
      requirePrintable({ reason: step.reason });
      await this.end(tx, claim, step.event, step.reason);
      return this.reader.viewAfter(tx, id);
    });
  }

  /** The step itself; approving a claim of which nothing is allowed ends here too. */
  async end(tx: Tx, claim: ClaimRecord, event: Ending, reason: string): Promise<void> {
    const counted = isLive(claim.state);
    if (counted) await this.giveDaysBack(tx, claim);
    const credit = counted ? await this.credit.rest(tx, claim, reason) : null;
    await changeState(tx, [claim.id], event, {
      ...NO_HOLD,
      reviewed_by: event === 'return' ? null : undefined,
      reviewed_at: event === 'return' ? null : undefined,
      approved_pence: null,
      approved: null,
    });
    await appendAudit(tx, {
      chain: claim.authority_code,
      action: PAST[event],
      subjectType: 'claim',
      subjectId: claim.id,
      claimId: claim.id,
      before: { state: claim.state, version: claim.version },
      after: {
        state: STATE[event],
        version: claim.version + 1,
        ...(credit && { creditNoteNumber: credit.number, creditedPence: credit.totalPence, documentId: credit.id }),
      },
      reason,
    });
  }

  private async giveDaysBack(tx: Tx, claim: ClaimRecord): Promise<void> {
    const { terms } = await this.terms.byId(tx, claim.terms_id!);
    const changes =
      claim.approved === null
        ? daysOfClaim(claim, terms, 'released')
        : changesOf(approvedDays(claim.approved, terms), 'unused');
    await lockAllocations(tx, claim.programme_code, claim.authority_code);
    await changeDays(
      tx,
      { programme: claim.programme_code, authority: claim.authority_code, claimId: claim.id },
      changes,
    );
  }
}
