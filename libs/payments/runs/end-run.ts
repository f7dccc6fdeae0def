import { Inject, Injectable } from '@nestjs/common';
import { appendAudit } from '#audit';
import { changeState, ReasonInput } from '#claims';
import { requireMay } from '#identity';
import { UnitOfWork, type Actor, type Tx } from '#platform/database';
import { DocumentStorage, type StoredFile } from '#platform/storage';
import { EmptyInput, honourVersion, validateInput, type ExpectedVersion } from '#platform/validation';
import { RUN_LIFECYCLE } from '../domain/index.js';
import { requireNotPaidAfterAll } from '../reconciliation/refused-yet-shown.js';
import { bankFile } from './bank-file.js';
import { lockSetOffs, onPaymentsUndone } from '../set-offs/payment-outcomes.js';
import { settleUnasked } from '../set-offs/settle-unasked.js';
import { approversOf, claimsOfRun, loadRun, paymentIdsOf, runView, type RunRow } from './run-record.js';
import { type RunView } from './run.view.js';

/** More than any run comes to: a payment is about a kilobyte. */
const MAX_BYTES = 50 * 1024 * 1024;

/** A prepared run is approved by another person, who gets the bank file, or cancelled. */
@Injectable()
export class EndRun {
  constructor(
    @Inject(UnitOfWork) private readonly uow: UnitOfWork,
    @Inject(DocumentStorage) private readonly storage: DocumentStorage,
  ) {}

  /**
   * Makes and keeps the bank file, where the bank is asked for anything; what is wholly set off is paid with that. Not by
   * who prepared the run or approved a claim in it. Throws malformed, not_found, forbidden `maker_cannot_approve`,
   * `approver_cannot_approve`, stale, conflict `state_conflict`, `refused_payment_shown`.
   */
  approve(actor: Actor, id: string, body: unknown, version?: ExpectedVersion): Promise<RunView> {
    validateInput(EmptyInput, body ?? {});
    return this.uow.run(actor, async (tx) => {
      const run = await loadRun(tx, id, 'lock');
      requireMay(actor, 'payment_run.approve', { makers: [run.prepared_by], approvers: await approversOf(tx, id) });
      honourVersion(version, run.version);
      RUN_LIFECYCLE.require('A run', run.state, 'approve');
      await requireNotPaidAfterAll(tx, id);
      const stored = await this.bankFile(tx, run);
      await tx.execute(
        `UPDATE payment_run SET state = 'approved', approved_by = $2, approved_at = $3, file_key = $4, file_sha256 = $5, file_size = $6,
                version = version + 1, updated_at = $3 WHERE id = $1`,
        [id, actor.userId, tx.now, stored?.key ?? null, stored?.sha256 ?? null, stored?.size ?? null],
      );
      await settleUnasked(tx, run.number, await paymentIdsOf(tx, id, 'unasked'));
      await this.told(tx, run, 'payment_run.approved', { state: 'approved', fileSha256: stored?.sha256 ?? null });
      return runView(tx, id);
    });
  }

  /** Its claims are funded again. Throws malformed, not_found, forbidden, stale, conflict `state_conflict`. */
  cancel(actor: Actor, id: string, body: unknown, version?: ExpectedVersion): Promise<RunView> {
    const { reason } = validateInput(ReasonInput, body ?? {});
    return this.uow.run(actor, async (tx) => {
      const run = await loadRun(tx, id, 'lock');
      requireMay(actor, 'payment_run.cancel');
      honourVersion(version, run.version);
      RUN_LIFECYCLE.require('A run', run.state, 'cancel');
      await tx.execute(
        `UPDATE payment_run SET state = 'cancelled', cancelled_by = $2, cancelled_at = $3, cancel_reason = $4, version = version + 1,
                updated_at = $3 WHERE id = $1`,
        [id, actor.userId, tx.now, reason],
      );
      const details = { paymentRunId: id, paymentRunNumber: run.number };
      const payments = await paymentIdsOf(tx, id, 'all');
      await lockSetOffs(tx, payments);
      await tx.execute(
        `UPDATE payment SET state = 'cancelled', ended_at = $2, ended_by = $3, end_reason = $4, version = version + 1 WHERE run_id = $1`,
        [id, tx.now, actor.userId, reason],
      );
      await changeState(tx, claimsOfRun(id), 'unschedule', { details, reason });
      await onPaymentsUndone(tx, payments, 'cancelled');
      await this.told(tx, run, 'payment_run.cancelled', { state: 'cancelled' }, reason);
      // Last, since until here these are the claims of the run.
      await tx.execute(
        'UPDATE payment_claim SET live = false WHERE payment_id IN (SELECT id FROM payment WHERE run_id = $1)',
        [id],
      );
      return runView(tx, id);
    });
  }

  /** Null for a run in which everything is set off: there is nothing to ask the bank for. */
  private async bankFile(tx: Tx, run: RunRow): Promise<StoredFile | null> {
    if (run.total_pence === 0) return null;
    return this.storage.put(await bankFile(tx, run, tx.now), { maxBytes: MAX_BYTES });
  }

  private async told(tx: Tx, run: RunRow, action: string, after: object, reason: string | null = null): Promise<void> {
    await appendAudit(tx, {
      chain: run.programme_code,
      action,
      subjectType: 'payment_run',
      subjectId: run.id,
      before: { state: run.state },
      after,
      reason,
    });
  }
}
