import { RenderDocument, renderDocumentJob, SendDelivery, sendDeliveryJob } from '#documents';
import { SendLink, sendLinkJob } from '#identity';
import { JobHandlers, type JobHandler } from '#platform/queue';

/** Every job and the use case it calls. A feature with a new job adds its handler here; starting fails until it does. */
export function jobHandlers(render: RenderDocument, send: SendDelivery, links: SendLink): JobHandlers {
  const renderDocument: JobHandler<{ documentId: string }> = {
    job: renderDocumentJob,
    // One job goes all the way: it takes up, too, what a worker that died has left in the middle.
    run: async ({ documentId }, attempt) => {
      await send.runFirst(documentId, await render.run(documentId, attempt));
    },
    gaveUp: ({ documentId }, reason) => render.gaveUp(documentId, reason),
  };
  const sendDelivery: JobHandler<{ deliveryIds: string[] }> = {
    job: sendDeliveryJob,
    run: ({ deliveryIds }, attempt) => send.run(deliveryIds, attempt),
    gaveUp: ({ deliveryIds }, reason) => send.gaveUp(deliveryIds, reason),
  };
  const sendLink: JobHandler<{ linkId: string }> = {
    job: sendLinkJob,
    run: ({ linkId }, attempt) => links.run(linkId, attempt),
    gaveUp: ({ linkId }, reason) => links.gaveUp(linkId, reason),
  };
  return new JobHandlers([renderDocument, sendDelivery, sendLink]);
}
