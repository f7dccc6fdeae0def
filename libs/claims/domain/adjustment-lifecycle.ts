import { Lifecycle, type Pence } from '#kernel';

export const ADJUSTMENT_STATES = ['proposed', 'approved', 'cancelled', 'set_off', 'repaid'] as const;
export type AdjustmentState = (typeof ADJUSTMENT_STATES)[number];
export type AdjustmentEvent = 'approve' | 'cancel' | 'set_off' | 'repay' | 'reopen';

/** An adjustment's life (docs/domain.md, Adjustments). `system` follows from payments and from lines of bank statements. */
export const ADJUSTMENT_LIFECYCLE = new Lifecycle<
  AdjustmentState,
  AdjustmentEvent,
  'mtm_finance' | 'mtm_approver' | 'system'
>('proposed', [
  { from: ['proposed'], event: 'approve', to: 'approved', by: ['mtm_approver'] },
  { from: ['proposed'], event: 'cancel', to: 'cancelled', by: ['mtm_finance'] },
  { from: ['approved'], event: 'set_off', to: 'set_off', by: ['system'] },
  { from: ['approved'], event: 'repay', to: 'repaid', by: ['system'] },
  { from: ['set_off', 'repaid'], event: 'reopen', to: 'approved', by: ['system'] },
]);

/** States in which an adjustment takes back from its claim: the books, the days and the credit note say so. */
export const ADJUSTING_STATES = ['approved', 'set_off', 'repaid'] as const;

/** States in which an adjustment keeps its claim from being rejected: it may still take back. */
export const LIVE_ADJUSTMENT_STATES = ['proposed', ...ADJUSTING_STATES] as const;

/** Pence of an approved adjustment: all of it, and what of it is back, by settled set-offs and by repayments. */
export interface Recovered {
  amountPence: Pence;
  setOffPence: Pence;
  repaidPence: Pence;
}

/** Where an approved adjustment is by what is back: over once all of it is, and repaid where any of it came as money. */
export function stateByRecovery({ amountPence, setOffPence, repaidPence }: Recovered): AdjustmentState {
  if (setOffPence + repaidPence < amountPence) return 'approved';
  return repaidPence > 0 ? 'repaid' : 'set_off';
}

/** The event between two states of an approved adjustment, or null where there is none. */
export function eventBetween(from: AdjustmentState, to: AdjustmentState): AdjustmentEvent | null {
  if (from === to) return null;
  if (to === 'approved') return 'reopen';
  return to === 'repaid' ? 'repay' : 'set_off';
}
