import { Inject, Injectable } from '@nestjs/common';
import { conflict } from '#kernel';
import { appendAudit, appendAudits } from '#audit';
import { requireMay } from '#identity';
import { UnitOfWork, type Actor, type Tx } from '#platform/database';
import { validateInput, honourVersion, type ExpectedVersion } from '#platform/validation';
import { ClaimReader } from './claim-reader.js';
import { loadClaim, type ClaimRecord } from './claim-record.js';
import { type ClaimView } from './claim.view.js';
import { canHold, HOLDABLE_STATES } from './domain/index.js';
import { OptionalReasonInput, ReasonInput } from './end-claim.js';

/** A hold is a mark with a reason, not a state: the claim stays where it is and leaves the queue; the 60 days go on. */
@Injectable()
export class HoldClaim {
  constructor(
    @Inject(UnitOfWork) private readonly uow: UnitOfWork,
    @Inject(ClaimReader) private readonly reader: ClaimReader,
  ) {}

  /** Throws malformed, not_found, forbidden, stale, conflict `state_conflict` or `claim_held`. */
  async hold(actor: Actor, id: string, body: unknown, version?: ExpectedVersion): Promise<ClaimView> {
    const { reason } = validateInput(ReasonInput, body ?? {});
    return this.uow.run(actor, async (tx) => {
      const claim = await this.load(tx, id, 'claim.hold', version);
      if (!canHold(claim.state)) {
        throw conflict('state_conflict', `Only a claim that is ${HOLDABLE_STATES.join(', ')} can be held.`);
      }
      if (claim.held_at) throw conflict('claim_held', 'The claim is already on hold.');
      return this.mark(tx, claim, { at: tx.now, by: actor.userId, reason });
    });
  }

  /** Throws malformed, not_found, forbidden, stale, conflict `claim_not_held`. */
  async release(actor: Actor, id: string, body: unknown, version?: ExpectedVersion): Promise<ClaimView> {
    const { reason } = validateInput(OptionalReasonInput, body ?? {});
    return this.uow.run(actor, async (tx) => {
      const claim = await this.load(tx, id, 'claim.release', version);
      if (!claim.held_at) throw conflict('claim_not_held', 'The claim is not on hold.');
      return this.mark(tx, claim, null, reason ?? null);
    });
  }

  private async load(tx: Tx, id: string, action: 'claim.hold' | 'claim.release', version?: ExpectedVersion) {
    const claim = await loadClaim(tx, id, 'lock');
    requireMay(tx.actor, action, { authority: claim.authority_code });
    honourVersion(version, claim.version);
    return claim;
  }

  private async mark(
    tx: Tx,
    claim: ClaimRecord,
    hold: { at: Date; by: string; reason: string } | null,
    reason: string | null = hold?.reason ?? null,
  ): Promise<ClaimView> {
    await tx.execute(
      `UPDATE claim SET held_at = $2, held_by = $3, hold_reason = $4, version = version + 1, updated_at = $5 WHERE id = $1`,
      [claim.id, hold?.at ?? null, hold?.by ?? null, hold?.reason ?? null, tx.now],
    );
    await appendAudit(tx, {
      chain: claim.authority_code,
      action: hold ? 'claim.held' : 'claim.released',
      subjectType: 'claim',
      subjectId: claim.id,
      claimId: claim.id,
      before: { held: claim.held_at !== null, version: claim.version },
      after: { held: hold !== null, version: claim.version + 1 },
      reason,
    });
    return this.reader.viewAfter(tx, claim.id);
  }
}

/**
 * Puts those of the claims on hold that may be and are not, as a part of another use case, which has asked who may and locked the
 * claims. Answers how many.
 */
export async function holdClaims(tx: Tx, ids: readonly string[], reason: string): Promise<number> {
  const held = await tx.query<{ id: string; authority: string; version: number }>(
    `WITH held AS (
       UPDATE claim SET held_at = $2, held_by = $3, hold_reason = $4, version = version + 1, updated_at = $2
        WHERE id = ANY ($1::uuid[]) AND state = ANY ($5::text[]) AND held_at IS NULL
        RETURNING id, authority_code AS authority, version
     ) SELECT * FROM held ORDER BY authority COLLATE "C", id`,
    [ids, tx.now, tx.actor.userId, reason, HOLDABLE_STATES],
  );
  await appendAudits(
    tx,
    held.map(({ id, authority, version }) => ({
      ...{ chain: authority, action: 'claim.held', subjectType: 'claim', subjectId: id, claimId: id, reason },
      before: { held: false, version: version - 1 },
      after: { held: true, version },
    })),
  );
  return held.length;
}
