import { createPostgresBackend, createRedisBackend, type BackendFactory } from 'bullmq';
import { RUNTIME_ROLE } from '#platform/database';
import type { AppConfig } from '#platform/config';

/** Where the queue lives: Redis, or the PostgreSQL database itself. `prefix` parts several installations of one Redis. */
export type QueueConnection =
  | { readonly kind: 'redis'; readonly url: string; readonly prefix?: string }
  | { readonly kind: 'postgres'; readonly url: string };

/** The one queue of all jobs. */
export const QUEUE_NAME = 'jobs';
/** Connections of one Queue or Worker on PostgreSQL; a worker has one more, which listens. See docs/adr. */
const POSTGRES_CONNECTIONS = 2;

/** Redis when REDIS_URL is set, PostgreSQL otherwise. Throws when the database's address is not known either. */
export function queueConnection(config: AppConfig): QueueConnection {
  if (config.redisUrl) return { kind: 'redis', url: config.redisUrl };
  if (!config.database.url) throw new Error('DATABASE_URL is not set and no embedded database was started.');
  return { kind: 'postgres', url: config.database.url };
}

interface BullOptions {
  connection: never;
  prefix?: string;
}

/** What BullMQ's classes take for this connection; `waits` is for a worker, which waits for Redis for as long as needed. */
export function bullOptions(at: QueueConnection, waits: boolean): [BullOptions, BackendFactory] {
  if (at.kind === 'postgres') {
    const connection = {
      connectionString: at.url,
      max: POSTGRES_CONNECTIONS,
      application_name: 'claims-queue',
      options: `-c timezone=UTC -c role=${RUNTIME_ROLE}`,
      connectionTimeoutMillis: 10_000,
    };
    return [{ connection: connection as never }, createPostgresBackend as unknown as BackendFactory];
  }
  const connection = waits
    ? { url: at.url, maxRetriesPerRequest: null }
    : // The relay holds rows locked while it adds jobs: a Redis that is away must be an error, not a wait.
      { url: at.url, maxRetriesPerRequest: 1, enableOfflineQueue: false, commandTimeout: 10_000 };
  return [{ connection: connection as never, prefix: at.prefix ?? 'claims' }, createRedisBackend];
}
