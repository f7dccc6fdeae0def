export { armFaultPoint, faultPoint, type FaultPoint } from './fault-point.js';
export { JobHandlers, PermanentFailure, type JobAttempt, type JobHandler } from './job-handlers.js';
export { JobQueue, type FailedJob } from './job-queue.js';
export { JobWorker, type JobLog, type JobWorkerOptions } from './job-worker.js';
export { migrateQueue } from './migrate-queue.js';
export { OutboxRelay, type OutboxRelayOptions } from './outbox-relay.js';
export { POSTGRES_CONNECTIONS, QUEUE_NAME, queueConnection, type QueueConnection } from './queue-connection.js';
