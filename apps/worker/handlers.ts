import { RenderDocument, renderDocumentJob, SendDelivery, sendDeliveryJob } from '#claims';
import { JobHandlers, type JobHandler } from '#platform/queue';

/** Every job and the use case it calls. A feature with a new job adds its handler here; starting fails until it does. */
export function jobHandlers(render: RenderDocument, send: SendDelivery): JobHandlers {
  const renderDocument: JobHandler<{ documentId: string }> = {
    job: renderDocumentJob,
    run: ({ documentId }, attempt) => render.run(documentId, attempt),
    gaveUp: ({ documentId }, reason) => render.gaveUp(documentId, reason),
  };
  const sendDelivery: JobHandler<{ deliveryIds: string[] }> = {
    job: sendDeliveryJob,
    run: ({ deliveryIds }, attempt) => send.runAll(deliveryIds, attempt),
    gaveUp: ({ deliveryIds }, reason) => send.gaveUp(deliveryIds, reason),
  };
  return new JobHandlers([renderDocument, sendDelivery]);
}
