import { freeSetOffs, restoreSetOffs, settleSetOffs, unsettleSetOffs } from '#claims';
import { type Tx } from '#platform/database';

/** What ends a payment without its money staying where it went. */
export type PaymentEnd = 'cancelled' | 'refused' | 'bounced';

/**
 * What follows for adjustments when payments move, in the transaction that moves them and before the trail's heads are
 * locked by anything else. Payments without set-offs are passed over. Settled: what they set off is back.
 */
export const onPaymentsSettled = (tx: Tx, paymentIds: readonly string[]): Promise<void> =>
  settleSetOffs(tx, paymentIds);

/** The match that settled them was undone: nothing is back yet. */
export const onPaymentsUnsettled = (tx: Tx, paymentIds: readonly string[]): Promise<void> =>
  unsettleSetOffs(tx, paymentIds);

/** Their claims are funded again: what they had set off is owed again. */
export const onPaymentsUndone = (tx: Tx, paymentIds: readonly string[], why: PaymentEnd): Promise<void> =>
  freeSetOffs(tx, paymentIds, why);

/** The bounce was undone: they are settled as before. Throws conflict `adjustment_taken` when what they set off is elsewhere now. */
export const onPaymentsRestored = (tx: Tx, paymentIds: readonly string[]): Promise<void> =>
  restoreSetOffs(tx, paymentIds);
