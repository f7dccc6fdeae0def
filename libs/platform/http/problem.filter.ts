import { Catch, Logger, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import { BaseExceptionFilter, type AbstractHttpAdapter } from '@nestjs/core';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { describeError } from '#platform/telemetry';
import { toProblem } from './problem.js';

/** Every error of the API as problem+json. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  private readonly logger = new Logger('http');

  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    sendProblem(error, http.getRequest<FastifyRequest>(), http.getResponse<FastifyReply>(), this.logger);
  }
}

/** Answers a request with the problem an error is. An answer already on its way is cut off instead. */
export function sendProblem(error: unknown, request: FastifyRequest, reply: FastifyReply, logger: Logger): void {
  const answer = toProblem(error, request.id, request.headers.authorization !== undefined);
  if (answer.unexpected) {
    logger.error({ msg: answer.body.code, requestId: request.id, error: describeError(error) });
  }
  if (reply.sent || reply.raw.headersSent) {
    reply.raw.destroy();
    return;
  }
  for (const header of ['etag', 'location', 'content-disposition', 'content-length']) reply.removeHeader(header);
  void reply
    .code(answer.body.status)
    .headers({ ...answer.headers, 'x-request-id': request.id, 'cache-control': 'no-store' })
    .header('content-type', 'application/problem+json; charset=utf-8')
    .send(JSON.stringify(answer.body));
}

/** Which filter answers the errors of which part of the address space. */
export interface PrefixFilter {
  prefix: string;
  filter: ExceptionFilter;
}

/**
 * Errors outside any controller: an unmatched address, a body that cannot be parsed. One process may carry the API and
 * pages, so the answer is chosen by the address: the first prefix that matches.
 */
@Catch()
export class FilterByPrefix extends BaseExceptionFilter {
  constructor(
    adapter: AbstractHttpAdapter,
    private readonly filters: readonly PrefixFilter[],
  ) {
    super(adapter);
  }

  override catch(error: unknown, host: ArgumentsHost): void {
    const path = host.switchToHttp().getRequest<FastifyRequest>().url.split('?', 1)[0] ?? '/';
    const found = this.filters.find(({ prefix }) => path === prefix || path.startsWith(`${prefix}/`) || prefix === '/');
    if (found) found.filter.catch(error, host);
    else super.catch(error, host);
  }
}
