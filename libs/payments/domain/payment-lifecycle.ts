import { Lifecycle } from '#kernel';

export const PAYMENT_STATES = ['scheduled', 'settled', 'refused', 'bounced', 'cancelled'] as const;
export type PaymentState = (typeof PAYMENT_STATES)[number];
export type PaymentEvent = 'settle' | 'unsettle' | 'refuse' | 'bounce' | 'undo_bounce' | 'cancel';

/**
 * The life of one payment of a run. What a statement shows of it settles it, bounces it and undoes both: those four steps
 * follow from its matches and nobody takes them by themselves (docs/adr/0034-reconciliation.md).
 */
export const PAYMENT_LIFECYCLE = new Lifecycle<PaymentState, PaymentEvent, 'mtm_finance' | 'system'>('scheduled', [
  { from: ['scheduled'], event: 'settle', to: 'settled', by: ['system'] },
  { from: ['settled'], event: 'unsettle', to: 'scheduled', by: ['system'] },
  { from: ['settled'], event: 'bounce', to: 'bounced', by: ['system'] },
  { from: ['bounced'], event: 'undo_bounce', to: 'settled', by: ['system'] },
  { from: ['scheduled'], event: 'refuse', to: 'refused', by: ['mtm_finance', 'system'] },
  { from: ['scheduled'], event: 'cancel', to: 'cancelled', by: ['system'] },
]);
