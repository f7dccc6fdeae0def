import { normalizeIP } from '@fastify/rate-limit';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { actorOf } from './authentication.js';
import { TooManyRequests } from './problem.js';
import { SharedCounts } from './shared-counts.js';

const WINDOW_MS = 60_000;
/** Refused tokens from one address a minute: far more than a person mistypes, far fewer than a guesser needs. */
const MAX_FAILURES = 100;

/** Where a request comes from, as it is counted: of IPv6 the network (/64), since who has one address has all of it. */
export const callerAddress = ({ ip }: Pick<FastifyRequest, 'ip'>): string => normalizeIP(ip);

/**
 * A limit of so many a minute for each key, kept by all processes together where they share a Redis that answers, otherwise by each
 * process for itself. Counts a request; throws TooManyRequests. Needs the plugin @fastify/rate-limit on the instance.
 */
export function limitPerMinute(
  instance: FastifyInstance,
  max: number,
  keyGenerator: (request: FastifyRequest) => string,
): (request: FastifyRequest) => Promise<void> {
  const options = { max, timeWindow: WINDOW_MS, keyGenerator };
  const shared = SharedCounts.of(instance)?.counter(options);
  const own = instance.createRateLimit(options);
  return async (request) => {
    const state = (await shared?.(request)) ?? (await own(request));
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
    this.count = limitPerMinute(instance, perMinute, (request) => actorOf(request)?.userId ?? callerAddress(request));
    this.countFailure = limitPerMinute(instance, MAX_FAILURES, (request) => `refused ${callerAddress(request)}`);
  }
}
