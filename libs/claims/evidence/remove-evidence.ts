import { Inject, Injectable } from '@nestjs/common';
import { appendAudit } from '#audit';
import { conflict } from '#kernel';
import { requireMay } from '#identity/domain';
import { UnitOfWork, type Actor } from '#platform/database';
import { validateInput } from '#platform/validation';
import { canRemoveEvidence } from '../domain/index.js';
import { RemoveEvidenceInput, type EvidenceView } from './evidence.input.js';
import { claimOfEvidence, findEvidence, toView } from './evidence-record.js';
import { EvidenceEntity } from './evidence.entity.js';

/** Takes a file off a claim that its authority is still working on. The record and the content stay. */
@Injectable()
export class RemoveEvidence {
  constructor(@Inject(UnitOfWork) private readonly uow: UnitOfWork) {}

  /** Throws not_found, forbidden, conflict `state_conflict` or `evidence_already_removed`, malformed without a reason. */
  async run(actor: Actor, claimId: string, id: string, body: unknown): Promise<EvidenceView> {
    const { reason } = validateInput(RemoveEvidenceInput, body);
    return this.uow.run(actor, async (tx) => {
      const claim = await claimOfEvidence(tx, claimId, 'lock');
      const before = await findEvidence(tx, claimId, id);
      requireMay(actor, 'evidence.remove', { authority: claim.authority_code });
      if (!canRemoveEvidence(claim.state)) {
        throw conflict(
          'state_conflict',
          `This claim is ${claim.state}: what it rests on stays with it. Files are removed from drafts and returned claims.`,
        );
      }
      if (before.removedAt) throw conflict('evidence_already_removed', 'This file has been removed already.');
      const removal = { removedBy: actor.userId, removedAt: tx.now, removedReason: reason };
      await tx.manager.update(EvidenceEntity, { id }, removal);
      await appendAudit(tx, {
        chain: claim.authority_code,
        action: 'evidence.removed',
        subjectType: 'evidence',
        subjectId: id,
        claimId,
        before: { sha256: before.sha256 },
        reason,
      });
      return toView({ ...before, ...removal });
    });
  }
}
