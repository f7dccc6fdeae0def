import { Inject, Injectable } from '@nestjs/common';
import { appendAudit } from '#audit';
import { requireMay } from '#identity';
import { conflict } from '#kernel';
import { UnitOfWork, violatedConstraint, type Actor, type Tx } from '#platform/database';
import { loadForm, requireOpen, type FormRecord } from './form-record.js';

export interface DiscardedForm {
  form: string;
  discarded: boolean;
}

/** Puts a form away, or takes it out again. The claim it was started from, or has become, stays what it is. */
@Injectable()
export class DiscardForm {
  constructor(@Inject(UnitOfWork) private readonly uow: UnitOfWork) {}

  /** Throws not_found, forbidden, conflict `form_discarded`, `state_conflict`. */
  async run(actor: Actor, id: string): Promise<DiscardedForm> {
    return this.uow.run(actor, async (tx) => {
      const form = await mine(tx, id);
      requireOpen(form);
      return set(tx, form, true);
    });
  }

  /** Throws not_found, forbidden, conflict `form_exists` when the claim has another form by now. */
  async undo(actor: Actor, id: string): Promise<DiscardedForm> {
    try {
      return await this.uow.run(actor, async (tx) => {
        const form = await mine(tx, id);
        if (form.discardedAt === null) return { form: id, discarded: false };
        requireOpen({ ...form, discardedAt: null });
        return set(tx, form, false);
      });
    } catch (error) {
      if (violatedConstraint(error) !== 'claim_form_of_claim') throw error;
      throw conflict('form_exists', 'Another form of this claim was started since. Go on with that one.');
    }
  }
}

async function mine(tx: Tx, id: string): Promise<FormRecord> {
  const form = await loadForm(tx, id, 'lock');
  requireMay(tx.actor, 'claim.draft', { authority: form.authority });
  return form;
}

async function set(tx: Tx, form: FormRecord, discarded: boolean): Promise<DiscardedForm> {
  await tx.execute(
    `UPDATE claim_form SET discarded_by = $2, discarded_at = $3, version = version + 1, updated_by = $4, updated_at = $5 WHERE id = $1`,
    [form.id, discarded ? tx.actor.userId : null, discarded ? tx.now : null, tx.actor.userId, tx.now],
  );
  await appendAudit(tx, {
    chain: form.authority,
    action: discarded ? 'claim_form.discarded' : 'claim_form.restored',
    subjectType: 'claim_form',
    subjectId: form.id,
    after: { claimId: form.claimId },
  });
  return { form: form.id, discarded };
}
