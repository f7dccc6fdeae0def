import rateLimit from '@fastify/rate-limit';
import { Logger } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { Redis } from 'ioredis';

type MakeCounter = FastifyInstance['createRateLimit'];
export type CountOptions = NonNullable<Parameters<MakeCounter>[0]>;
export type CountState = Awaited<ReturnType<ReturnType<MakeCounter>>>;

/** A request waits so long for a count; meanwhile it costs somebody their patience. */
const ANSWER_MS = 500;
const CONNECT_MS = 2_000;
/** A Redis that did not answer is left alone for so long, or every request would wait for it. */
const REST_MS = 5_000;
/** Apart from the queue's keys in the same Redis. */
const KEYS = 'claims:limit:';

const kept = new WeakMap<object, SharedCounts>();

/** Counts of requests that all processes with one Redis keep together. */
export class SharedCounts {
  private readonly logger = new Logger('limits');
  private away = false;
  private restUntil = 0;

  constructor(private readonly make: MakeCounter) {}

  /** Those of this application; undefined when each process counts for itself. */
  static of(instance: FastifyInstance): SharedCounts | undefined {
    return kept.get(instance);
  }

  /** A counter that answers null while Redis does not: limits must neither stop the service with it, nor be gone. */
  counter(options: CountOptions): (request: FastifyRequest) => Promise<CountState | null> {
    const count = this.make(options);
    return async (request) => {
      if (performance.now() < this.restUntil) return null;
      try {
        const state = await count(request);
        if (this.away) this.logger.log('Redis answers again: limits are counted by all processes together');
        this.away = false;
        return state;
      } catch (error) {
        this.rest(error);
        return null;
      }
    };
  }

  private rest(error: unknown): void {
    this.restUntil = performance.now() + REST_MS;
    if (this.away) return;
    this.away = true;
    const said = error instanceof Error ? error.message : 'no answer';
    this.logger.warn(`Redis does not count (${said}): meanwhile limits are counted by each process for itself`);
  }
}

/**
 * Has requests counted in Redis from now on. Call it before the plugin is registered for the application itself: this one lives in a
 * scope of its own, so that both kinds of counters can be made. A Redis that is away keeps nothing from starting.
 */
export async function shareCounts(
  app: NestFastifyApplication,
  instance: FastifyInstance,
  redisUrl: string,
): Promise<void> {
  const redis = new Redis(redisUrl, {
    lazyConnect: true,
    // What cannot be counted now is counted elsewhere, not later.
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    connectTimeout: CONNECT_MS,
    commandTimeout: ANSWER_MS,
  });
  // Told once by the first count that fails, not by each try to connect.
  redis.on('error', () => undefined);
  await redis.connect().catch(() => undefined);
  instance.addHook('onClose', (_, done) => {
    redis.disconnect();
    done();
  });
  const inScope = async (scope: FastifyInstance): Promise<void> => {
    await scope.register(rateLimit, { global: false, redis, nameSpace: KEYS });
    kept.set(instance, new SharedCounts((options) => scope.createRateLimit(options)));
  };
  await app.register(inScope as never);
}
