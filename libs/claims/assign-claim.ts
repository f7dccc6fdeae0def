import { Inject, Injectable } from '@nestjs/common';
import { conflict, refused } from '#kernel';
import { appendAudit } from '#audit';
import { PAYER_ORGANISATION, peopleWithRole, requireMay, type Role } from '#identity';
import { UnitOfWork, type Actor, type Tx } from '#platform/database';
import { honourVersion, UuidField, validateInput, type ExpectedVersion } from '#platform/validation';
import { ClaimReader } from './claim-reader.js';
import { loadClaim } from './claim-record.js';
import { type ClaimView } from './claim.view.js';
import { ASSIGNABLE_STATES, canAssign } from './domain/index.js';

/** Who deals with claims at the payer. */
export const ASSIGNEE_ROLES: readonly Role[] = ['mtm_finance', 'mtm_approver'];

export class AssignInput {
  @UuidField({
    nullable: true,
    description: 'A user of MTM finance or an approver; null takes the claim off every desk.',
  })
  userId: string | null;
}

/** Lays a claim on somebody's desk, one's own or a colleague's. It decides nothing, and makes nobody a maker. */
@Injectable()
export class AssignClaim {
  constructor(
    @Inject(UnitOfWork) private readonly uow: UnitOfWork,
    @Inject(ClaimReader) private readonly reader: ClaimReader,
  ) {}

  /**
   * Throws malformed, not_found, forbidden, stale, conflict `state_conflict`, refused `not_assignable` for a user who does not
   * deal with claims. Assigned again to the same user, the claim stays as it is.
   */
  async run(actor: Actor, id: string, body: unknown, version?: ExpectedVersion): Promise<ClaimView> {
    const { userId } = validateInput(AssignInput, body ?? {});
    return this.uow.run(actor, async (tx) => {
      const claim = await loadClaim(tx, id, 'lock');
      requireMay(actor, 'claim.assign', { authority: claim.authority_code });
      honourVersion(version, claim.version);
      if (!canAssign(claim.state)) {
        throw conflict('state_conflict', `Only a claim that is ${ASSIGNABLE_STATES.join(', ')} can be assigned.`);
      }
      if (userId !== null) await requireAssignable(tx, userId);
      if (userId === claim.assigned_to) return this.reader.view(tx, claim);
      await tx.execute('UPDATE claim SET assigned_to = $2, version = version + 1, updated_at = $3 WHERE id = $1', [
        ...[id, userId, tx.now],
      ]);
      await appendAudit(tx, {
        chain: claim.authority_code,
        action: 'claim.assigned',
        subjectType: 'claim',
        subjectId: id,
        claimId: id,
        before: { assignedTo: claim.assigned_to, version: claim.version },
        after: { assignedTo: userId, version: claim.version + 1 },
      });
      return this.reader.viewAfter(tx, id);
    });
  }
}

async function requireAssignable(tx: Tx, userId: string): Promise<void> {
  const people = await peopleWithRole(tx, PAYER_ORGANISATION, ASSIGNEE_ROLES);
  if (people.some(({ id }) => id === userId)) return;
  const message = 'A claim is assigned to an active user of MTM finance or an approver. Choose one of them.';
  throw refused('not_assignable', message, [{ path: 'userId', code: 'not_assignable', message }]);
}
