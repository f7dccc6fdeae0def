import { defineJob, idPayload, idsPayload } from '#platform/outbox';

/** Renders an issued document, stores its files and asks for its e-mails. Eight tries within about two minutes. */
export const renderDocumentJob = defineJob<{ documentId: string }>({
  name: 'render-document',
  attempts: 8,
  backoffMs: 1_000,
  parse: idPayload('documentId'),
});

/** Sends e-mails of a stored document. Ten tries within about 45 minutes: long enough for greylisting. */
export const sendDeliveryJob = defineJob<{ deliveryIds: string[] }>({
  name: 'send-delivery',
  attempts: 10,
  backoffMs: 5_000,
  parse: idsPayload('deliveryIds'),
});
