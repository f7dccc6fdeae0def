import { STATUS_CODES } from 'node:http';
import { HttpException } from '@nestjs/common';
import { DomainError, type ErrorKind, type Problem } from '#kernel';
import { sqlState } from '#platform/database';

/** The one place where kinds of refusal become HTTP statuses. */
const STATUS_OF_KIND: Readonly<Record<ErrorKind, number>> = {
  malformed: 400,
  unauthenticated: 401,
  forbidden: 403,
  not_found: 404,
  conflict: 409,
  stale: 412,
  too_large: 413,
  unsupported_type: 415,
  refused: 422,
  precondition_required: 428,
  too_many: 429,
  unavailable: 503,
};

/** RFC 9457, with the members of our own: a stable code, the fields that are wrong, and the request's id. */
interface ProblemBody {
  type: string;
  title: string;
  status: number;
  detail: string;
  code: string;
  errors: readonly Problem[];
  requestId: string;
}

export interface ProblemAnswer {
  body: ProblemBody;
  headers: Record<string, string>;
  /** A defect or an outage on our side, to be logged with its cause. */
  unexpected: boolean;
}

/** A 429 that knows how long to wait. */
export class TooManyRequests extends DomainError {
  constructor(readonly retryAfterSeconds: number) {
    super('too_many', 'too_many_requests', `Too many requests. Try again in ${retryAfterSeconds} seconds.`);
  }
}

/** What the framework itself refuses, by status: its own sentences may repeat the input, so these are used instead. */
const FRAMEWORK: Readonly<Record<number, readonly [code: string, detail: string]>> = {
  400: ['malformed', 'The request could not be read. Check that its body and address are well formed.'],
  401: ['unauthenticated', 'Send a bearer token.'],
  403: ['forbidden', 'You may not do this.'],
  404: ['not_found', 'There is nothing at this address.'],
  405: ['method_not_allowed', 'This address does not take this method.'],
  406: ['not_acceptable', 'This call cannot answer in the form the Accept header asks for.'],
  408: ['request_timeout', 'The request took too long to arrive.'],
  413: ['too_large', 'The request is larger than this call takes.'],
  414: ['address_too_long', 'The address is too long.'],
  415: ['unsupported_media_type', 'This call does not take this Content-Type.'],
  431: ['headers_too_large', 'The headers are too large.'],
};

/**
 * SQLSTATEs of connections and resources (08, 53), of a server that shuts down (57P0x), and of what gave up waiting: for a
 * lock (55P03), a statement (57014), an idle transaction (25P03), another transaction (40001, 40P01).
 */
const UNAVAILABLE_STATES = /^(08|53|57P0|55P03|57014|25P03|40001|40P01)/;
const UNREACHABLE = new Set(['ECONNREFUSED', 'ECONNRESET', 'ETIMEDOUT', 'EPIPE', 'ENOTFOUND']);

/** The database is away, full or too busy: worth trying again, unlike a defect. */
function isOutage(error: unknown): boolean {
  const state = sqlState(error);
  return UNAVAILABLE_STATES.test(state) || UNREACHABLE.has(state);
}

interface Outcome {
  status: number;
  code: string;
  detail: string;
  errors?: readonly Problem[];
  unexpected?: boolean;
}

function outcomeOf(error: unknown): Outcome {
  if (error instanceof DomainError) {
    return { status: STATUS_OF_KIND[error.kind], code: error.code, detail: error.message, errors: error.problems };
  }
  const status = clientErrorStatus(error);
  if (status !== null) {
    const [code, detail] = FRAMEWORK[status] ?? ['malformed', 'The request was refused.'];
    return { status, code, detail };
  }
  if (isOutage(error)) {
    const detail = 'The service is busy or a part of it is away. Try again in a few seconds.';
    return { status: 503, code: 'unavailable', detail, unexpected: true };
  }
  const detail = 'Something went wrong on our side. Quote the request id if you report it.';
  return { status: 500, code: 'internal_error', detail, unexpected: true };
}

/** 4xx of Nest, Fastify and its plugins; null for anything else. */
function clientErrorStatus(error: unknown): number | null {
  const status =
    error instanceof HttpException ? error.getStatus() : (error as { statusCode?: unknown } | null)?.statusCode;
  if (typeof status !== 'number' || status < 400 || status > 499) return null;
  // @fastify/multipart answers 406 for a body that is not multipart; that is what 415 is for.
  const code = (error as { code?: unknown }).code;
  return status === 406 && typeof code === 'string' && code.startsWith('FST_') ? 415 : status;
}

function headersFor(error: unknown, outcome: Outcome, authorizationGiven: boolean): Record<string, string> {
  if (outcome.status === 401) {
    return { 'www-authenticate': `Bearer realm="api"${authorizationGiven ? ', error="invalid_token"' : ''}` };
  }
  if (error instanceof TooManyRequests) return { 'retry-after': String(error.retryAfterSeconds) };
  if (outcome.status === 503) return { 'retry-after': '5' };
  return {};
}

/** Where the meaning of a code can be read. */
export const problemType = (code: string): string => `/api/errors/${code}`;

/** Any error as the answer a caller gets. Nothing of an unexpected error is told but the request's id. */
export function toProblem(error: unknown, requestId: string, authorizationGiven = false): ProblemAnswer {
  const outcome = outcomeOf(error);
  return {
    body: {
      type: problemType(outcome.code),
      title: STATUS_CODES[outcome.status] ?? 'Error',
      status: outcome.status,
      detail: outcome.detail,
      code: outcome.code,
      errors: outcome.errors ?? [],
      requestId,
    },
    headers: headersFor(error, outcome, authorizationGiven),
    unexpected: outcome.unexpected ?? false,
  };
}
