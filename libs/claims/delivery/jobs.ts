import { defineJob, idPayload } from '#platform/outbox';

/** Renders an issued document, stores its files and asks for its e-mails. */
export const renderDocumentJob = defineJob<{ documentId: string }>({
  name: 'render-document',
  attempts: 8,
  backoffMs: 1_000,
  parse: idPayload('documentId'),
});
