import { Lifecycle } from '#kernel';

export const RECEIPT_STATES = ['recorded', 'confirmed', 'reversed'] as const;
export type ReceiptState = (typeof RECEIPT_STATES)[number];
export type ReceiptEvent = 'confirm' | 'reverse';

/** The funder's own money, or what authorities gave back and a request used. */
export const RECEIPT_SOURCES = ['funder', 'recovered'] as const;
export type ReceiptSource = (typeof RECEIPT_SOURCES)[number];

/** Money that came from the funder. Only confirmed money funds; who recorded it does not confirm it. */
export const RECEIPT_LIFECYCLE = new Lifecycle<ReceiptState, ReceiptEvent, 'mtm_finance'>('recorded', [
  { from: ['recorded'], event: 'confirm', to: 'confirmed', by: ['mtm_finance'] },
  { from: ['recorded', 'confirmed'], event: 'reverse', to: 'reversed', by: ['mtm_finance'] },
]);

export const REQUEST_STATES = ['draft', 'submitted', 'part_paid', 'paid', 'withdrawn', 'cancelled'] as const;
export type RequestState = (typeof REQUEST_STATES)[number];
export type RequestEvent = 'submit' | 'cancel' | 'fund_some' | 'fund_all' | 'unfund_some' | 'unfund_all' | 'reject_all';

/**
 * What the payer asks the funder for. Once submitted, its state follows its claims: those that were rejected since count no
 * more, and one without any other is withdrawn. A claim on hold is still without its money.
 */
export const REQUEST_LIFECYCLE = new Lifecycle<RequestState, RequestEvent, 'mtm_finance' | 'system'>('draft', [
  { from: ['draft'], event: 'submit', to: 'submitted', by: ['mtm_finance'] },
  { from: ['draft'], event: 'cancel', to: 'cancelled', by: ['mtm_finance'] },
  { from: ['submitted'], event: 'fund_some', to: 'part_paid', by: ['system'] },
  { from: ['submitted', 'part_paid'], event: 'fund_all', to: 'paid', by: ['system'] },
  { from: ['paid'], event: 'unfund_some', to: 'part_paid', by: ['system'] },
  { from: ['part_paid', 'paid'], event: 'unfund_all', to: 'submitted', by: ['system'] },
  { from: ['submitted'], event: 'reject_all', to: 'withdrawn', by: ['system'] },
]);
