import { defineJob, idPayload } from '#platform/outbox';

/** Sends the e-mail with a link. It holds the link's id; the token is sealed in the database until then. Eight tries in 20 minutes. */
export const sendLinkJob = defineJob<{ linkId: string }>({
  name: 'send-link',
  attempts: 8,
  backoffMs: 5_000,
  parse: idPayload('linkId'),
});
