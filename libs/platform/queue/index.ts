export { armFaultPoint, faultPoint, type FaultPoint } from './fault-point.js';
export { JobHandlers, PermanentFailure, type JobAttempt, type JobHandler } from './job-handlers.js';
export { JobQueue } from './job-queue.js';
export { JobWorker } from './job-worker.js';
export { migrateQueue } from './migrate-queue.js';
export { OutboxRelay } from './outbox-relay.js';
export { queueConnection, type QueueConnection } from './queue-connection.js';
