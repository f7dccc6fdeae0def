import { Lifecycle } from '#kernel';

export const DOCUMENT_STATES = ['pending', 'stored', 'failed'] as const;
export type DocumentState = (typeof DOCUMENT_STATES)[number];
export type DocumentEvent = 'store' | 'give_up' | 'retry';

/** The files of an issued document. */
export const documentLifecycle = new Lifecycle<DocumentState, DocumentEvent, 'system' | 'administrator'>('pending', [
  { from: ['pending'], event: 'store', to: 'stored', by: ['system'] },
  { from: ['pending'], event: 'give_up', to: 'failed', by: ['system'] },
  { from: ['failed'], event: 'retry', to: 'pending', by: ['administrator'] },
]);

export const DELIVERY_STATES = ['queued', 'sending', 'sent', 'unconfirmed', 'failed'] as const;
export type DeliveryState = (typeof DELIVERY_STATES)[number];

/** What becomes of an attempt; only the attempt that is on record may say so. */
export type AttemptEvent = 'not_sent' | 'abandon' | 'refused' | 'no_answer';
export type DeliveryEvent = AttemptEvent | 'send' | 'repeat' | 'accepted' | 'give_up' | 'retry' | 'resend';

/**
 * One e-mail. SMTP cannot promise exactly once: after the data went out without an answer it is unconfirmed, and only an
 * administrator sends it again, under the same Message-ID (docs/domain.md, what always holds, 4). A mailbox that drops
 * repeated Message-IDs is the exception: there an interrupted sending is repeated (`repeat`). What a server has accepted
 * is sent, whatever was believed of it meanwhile: an answer that comes late must not end in a second sending.
 */
export const deliveryLifecycle = new Lifecycle<DeliveryState, DeliveryEvent, 'system' | 'administrator'>('queued', [
  { from: ['queued'], event: 'send', to: 'sending', by: ['system'] },
  { from: ['sending'], event: 'repeat', to: 'sending', by: ['system'] },
  { from: ['sending', 'unconfirmed', 'queued', 'failed'], event: 'accepted', to: 'sent', by: ['system'] },
  { from: ['sending'], event: 'not_sent', to: 'queued', by: ['system'] },
  { from: ['sending'], event: 'refused', to: 'failed', by: ['system'] },
  { from: ['sending'], event: 'no_answer', to: 'unconfirmed', by: ['system'] },
  { from: ['sending'], event: 'abandon', to: 'failed', by: ['system'] },
  { from: ['queued'], event: 'give_up', to: 'failed', by: ['system'] },
  { from: ['failed'], event: 'retry', to: 'queued', by: ['administrator'] },
  { from: ['unconfirmed'], event: 'resend', to: 'queued', by: ['administrator'] },
]);
