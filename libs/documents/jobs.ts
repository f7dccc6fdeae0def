import { defineJob, idPayload, idsPayload } from '#platform/outbox';

/** Renders an issued document, stores its files and sends its e-mails a first time. Eight tries within about two minutes. */
export const renderDocumentJob = defineJob<{ documentId: string }>({
  name: 'render-document',
  attempts: 8,
  backoffMs: 1_000,
  parse: idPayload('documentId'),
});

/** Sends what the first try has left queued. Ten tries within about 45 minutes: long enough for greylisting. */
export const sendDeliveryJob = defineJob<{ deliveryIds: string[] }>({
  name: 'send-delivery',
  attempts: 10,
  backoffMs: 5_000,
  parse: idsPayload('deliveryIds'),
});
