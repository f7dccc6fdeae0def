import type { FastifyInstance, FastifyRequest } from 'fastify';
import '@fastify/rate-limit';
import { actorOf } from './authentication.js';
import { TooManyRequests } from './problem.js';

const WINDOW_MS = 60_000;
/** Refused tokens from one address a minute: far more than a person mistypes, far fewer than a guesser needs. */
const MAX_FAILURES = 100;

type Counter = ReturnType<FastifyInstance['createRateLimit']>;

/**
 * Two limits a minute, kept by each process for itself: requests of one user, and refused tokens from one address.
 * Needs the plugin @fastify/rate-limit on the instance. Throws TooManyRequests.
 */
export class RateLimits {
  private readonly requests: Counter;
  private readonly failures: Counter;

  constructor(instance: FastifyInstance, perMinute: number) {
    const keyGenerator = (request: FastifyRequest) => actorOf(request)?.userId ?? request.ip;
    this.requests = instance.createRateLimit({ max: perMinute, timeWindow: WINDOW_MS, keyGenerator });
    this.failures = instance.createRateLimit({
      max: MAX_FAILURES,
      timeWindow: WINDOW_MS,
      keyGenerator: (request) => `refused ${request.ip}`,
    });
  }

  /** Counts a request for its user, or its address when nobody is signed in. */
  count(request: FastifyRequest): Promise<void> {
    return this.refuseBeyond(this.requests, request);
  }

  /** Counts a refused token. */
  countFailure(request: FastifyRequest): Promise<void> {
    return this.refuseBeyond(this.failures, request);
  }

  private async refuseBeyond(counter: Counter, request: FastifyRequest): Promise<void> {
    const state = await counter(request);
    if (!state.isAllowed && state.isExceeded) throw new TooManyRequests(Math.max(1, state.ttlInSeconds));
  }
}
