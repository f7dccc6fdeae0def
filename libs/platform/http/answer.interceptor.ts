import {
  Injectable,
  NotAcceptableException,
  StreamableFile,
  type CallHandler,
  type ExecutionContext,
  type NestInterceptor,
} from '@nestjs/common';
import { HTTP_CODE_METADATA } from '@nestjs/common/constants.js';
import { Reflector } from '@nestjs/core';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { map, type Observable } from 'rxjs';
import { alreadyHas, etagOf, versionLetterOf } from './conditional.js';
import { acceptQuality, prefersCsv, toCsv } from './csv.js';
import { CSV_COLUMNS, CSV_ROWS, LOCATION, type LocationOf } from './operations.js';

/** A page, or another object with rows in one of its fields. */
type Rows = { nextCursor?: string | null } & Record<string, unknown>;

const isPlain = (body: unknown): body is object =>
  typeof body === 'object' && body !== null && !(body instanceof StreamableFile) && !Buffer.isBuffer(body);

/** What every answer has in common: status, ETag, Location, 304, and lists as CSV for those who ask. */
@Injectable()
export class AnswerInterceptor implements NestInterceptor {
  constructor(private readonly reflector: Reflector) {}

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    const reply = context.switchToHttp().getResponse<FastifyReply>();
    const handler = context.getHandler();
    const columns = this.reflector.get<readonly string[] | undefined>(CSV_COLUMNS, handler);
    const rows = this.reflector.get<string | undefined>(CSV_ROWS, handler) ?? 'items';
    const csv = request.method === 'GET' && prefersCsv(request.headers.accept);
    if (csv && !columns && acceptQuality(request.headers.accept, 'application/json') === 0 && !this.streams(handler)) {
      throw new NotAcceptableException();
    }
    if (
      request.method === 'POST' &&
      this.reflector.get<number | undefined>(HTTP_CODE_METADATA, handler) === undefined
    ) {
      void reply.code(200);
    }
    const locationOf = this.reflector.get<LocationOf | undefined>(LOCATION, handler);
    const letter = versionLetterOf(context);
    return next.handle().pipe(
      map((body: unknown) => {
        if (!isPlain(body)) return body;
        if (locationOf) setLocation(locationOf, request, reply, body);
        if (csv && columns) return this.csv(request, reply, body as Rows, { columns, rows });
        return withEtag(request, reply, body, letter);
      }),
    );
  }

  /** A route that declares what it produces answers Accept by itself. */
  private streams(handler: object): boolean {
    return this.reflector.get<unknown>('swagger/apiProduces', handler as never) !== undefined;
  }

  private csv(
    request: FastifyRequest,
    reply: FastifyReply,
    page: Rows,
    { columns, rows }: { columns: readonly string[]; rows: string },
  ): unknown {
    void reply.header('content-type', 'text/csv; charset=utf-8; header=present');
    if (page.nextCursor) {
      const next = new URL(request.url, 'http://localhost');
      next.searchParams.set('cursor', page.nextCursor);
      void reply.header('link', `<${next.pathname}${next.search}>; rel="next"`);
    }
    return withEtag(request, reply, toCsv(page[rows] as unknown[], columns), '');
  }
}

function setLocation(locationOf: LocationOf, request: FastifyRequest, reply: FastifyReply, body: object): void {
  const path = request.url.split('?', 1)[0] ?? '';
  const location = locationOf(body as Record<string, unknown>, path);
  if (location) void reply.header('location', location);
}

/**
 * The ETag of what is read, and of what has a version; 304 with no body for who has it already. Not for a version: it says
 * what a change was based on, not every byte (a claim's flags and a draft's figures change without it).
 */
function withEtag(request: FastifyRequest, reply: FastifyReply, body: object | string, letter: string): unknown {
  const read = request.method === 'GET' || request.method === 'HEAD';
  const versioned = typeof (body as { version?: unknown }).version === 'number';
  if (!read && !versioned) return body;
  const etag = etagOf(body, letter);
  void reply.header('etag', etag).header('vary', 'Accept, Authorization');
  if (!read || versioned || !alreadyHas(request, etag)) return body;
  void reply.code(304);
  return undefined;
}
