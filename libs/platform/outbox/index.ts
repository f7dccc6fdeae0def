export { defineJob, definedJobs, idPayload, idsPayload, type JobDefinition } from './job-definition.js';
export { enqueue, enqueueAll, OUTBOX_CHANNEL } from './enqueue.js';
export { markDispatched, outboxStats, pruneDispatched, takeWaiting, type OutboxRow } from './outbox.queries.js';
