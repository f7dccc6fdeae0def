import type { FastifyInstance, FastifyRequest } from 'fastify';
import '@fastify/rate-limit';
import { actorOf } from './authentication.js';
import { TooManyRequests } from './problem.js';

const WINDOW_MS = 60_000;
/** Refused tokens from one address a minute: far more than a person mistypes, far fewer than a guesser needs. */
const MAX_FAILURES = 100;

/**
 * A limit of so many a minute for each key, kept by each process for itself. Counts a request; throws TooManyRequests. Needs the
 * plugin @fastify/rate-limit on the instance.
 */
export function limitPerMinute(
  instance: FastifyInstance,
  max: number,
  keyGenerator: (request: FastifyRequest) => string,
): (request: FastifyRequest) => Promise<void> {
  const counter = instance.createRateLimit({ max, timeWindow: WINDOW_MS, keyGenerator });
  return async (request) => {
    const state = await counter(request);
    if (!state.isAllowed && state.isExceeded) throw new TooManyRequests(Math.max(1, state.ttlInSeconds));
  };
}

/** The API's two limits a minute: requests of one user, and refused tokens from one address. Throws TooManyRequests. */
export class RateLimits {
  /** Counts a request for its user, or its address when nobody is signed in. */
  readonly count: (request: FastifyRequest) => Promise<void>;
  /** Counts a refused token. */
  readonly countFailure: (request: FastifyRequest) => Promise<void>;

  constructor(instance: FastifyInstance, perMinute: number) {
    this.count = limitPerMinute(instance, perMinute, (request) => actorOf(request)?.userId ?? request.ip);
    this.countFailure = limitPerMinute(instance, MAX_FAILURES, (request) => `refused ${request.ip}`);
  }
}
