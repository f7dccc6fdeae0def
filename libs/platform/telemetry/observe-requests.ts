import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import type { Metrics } from './metrics.js';

const UNMATCHED = 'unmatched';
/** Asked every few seconds by machines: counted, but not worth a line each. */
const QUIET = /^\/(health\/|metrics)/;

/**
 * One line and one measure for each answered request: its id, method, route pattern, status, time and user id. Never
 * the address itself (its query may name somebody), a header, a body, a name or an e-mail address.
 */
export function observeRequests(
  instance: FastifyInstance,
  options: { logger: Logger; metrics: Metrics; userIdOf: (request: FastifyRequest) => string | undefined },
): void {
  instance.addHook('onResponse', (request, reply, done) => {
    const route = request.is404 ? UNMATCHED : (request.routeOptions.url ?? UNMATCHED);
    const ms = Math.round(reply.elapsedTime * 10) / 10;
    options.metrics.observeRequest(request.method, route, reply.statusCode, reply.elapsedTime / 1000);
    const line = {
      requestId: request.id,
      method: request.method,
      route,
      status: reply.statusCode,
      ms,
      userId: options.userIdOf(request),
    };
    if (reply.statusCode >= 500) options.logger.error(line, 'request');
    else if (QUIET.test(route)) options.logger.debug(line, 'request');
    else options.logger.info(line, 'request');
    done();
  });
}
