import { freeSetOffs, lockSetOffsOf, restoreSetOffs, settleSetOffs, unsettleSetOffs } from '#claims';
import { type Tx } from '#platform/database';
import { issueRemittances, tellRemittances } from '../remittance/issue-remittances.js';

/** What ends a payment without its money staying where it went. */
export type PaymentEnd = 'cancelled' | 'refused' | 'bounced';

/**
 * What follows for adjustments, and for what authorities are told, when payments move: called in the transaction that moves
 * them. Payments without set-offs are passed over.
 *
 * Lock order: `lockSetOffs` before the trail's heads are, so before `changeState`; what tells the trail after it, since
 * their claims' authorities are the same.
 */
export const lockSetOffs = (tx: Tx, paymentIds: readonly string[]): Promise<void> => lockSetOffsOf(tx, paymentIds);

/** The bank's debit is there, or the bank was not asked: what they set off is back, and the authority gets its remittance advice. */
export async function onPaymentsSettled(tx: Tx, paymentIds: readonly string[]): Promise<void> {
  await lockSetOffs(tx, paymentIds);
  const issued = await issueRemittances(tx, paymentIds);
  await settleSetOffs(tx, paymentIds);
  await tellRemittances(tx, issued);
}

/** The match that settled them was undone: nothing is back yet. */
export const onPaymentsUnsettled = (tx: Tx, paymentIds: readonly string[]): Promise<void> =>
  unsettleSetOffs(tx, paymentIds);

/** Their claims are funded again: what they had set off is owed again. */
export const onPaymentsUndone = (tx: Tx, paymentIds: readonly string[], why: PaymentEnd): Promise<void> =>
  freeSetOffs(tx, paymentIds, why);

/** The bounce was undone: they are settled as before. Throws conflict `adjustment_taken` when what they set off is elsewhere now. */
export const onPaymentsRestored = (tx: Tx, paymentIds: readonly string[]): Promise<void> =>
  restoreSetOffs(tx, paymentIds);
