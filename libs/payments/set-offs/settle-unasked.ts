import { changeState } from '#claims';
import { type Tx } from '#platform/database';
import { lockSetOffs, onPaymentsSettled } from './payment-outcomes.js';

/**
 * Payments of which nothing is left once adjustments are set off: no statement will ever show them, so the approval of their
 * run settles them, and their claims are paid and reconciled (docs/domain.md, Adjustments). They post nothing.
 */
export async function settleUnasked(tx: Tx, runNumber: string, paymentIds: readonly string[]): Promise<void> {
  if (paymentIds.length === 0) return;
  await lockSetOffs(tx, paymentIds);
  await tx.execute(
    `UPDATE payment SET state = 'settled', settled_at = $2, settled_count = settled_count + 1, version = version + 1
      WHERE id = ANY ($1::uuid[])`,
    [paymentIds, tx.now],
  );
  const claims = {
    sql: 'SELECT claim_id AS id FROM payment_claim WHERE payment_id = ANY ($1::uuid[]) AND live',
    values: [paymentIds],
  };
  const details = { paymentRunNumber: runNumber, whollySetOff: true };
  await changeState(tx, claims, 'settle', { details });
  await changeState(tx, claims, 'reconcile', { details });
  await onPaymentsSettled(tx, paymentIds);
}
