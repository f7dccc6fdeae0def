import { Lifecycle } from '#kernel';

export const RUN_STATES = ['prepared', 'approved', 'cancelled'] as const;
export type RunState = (typeof RUN_STATES)[number];
export type RunEvent = 'approve' | 'cancel';

/** A payment run's life. What becomes of each of its payments at the bank is the payment's own affair. */
export const RUN_LIFECYCLE = new Lifecycle<RunState, RunEvent, 'mtm_finance' | 'mtm_approver'>('prepared', [
  { from: ['prepared'], event: 'approve', to: 'approved', by: ['mtm_approver'] },
  { from: ['prepared'], event: 'cancel', to: 'cancelled', by: ['mtm_finance'] },
]);
