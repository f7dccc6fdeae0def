import {
  Injectable,
  SetMetadata,
  applyDecorators,
  type CallHandler,
  type ExecutionContext,
  type NestInterceptor,
} from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { ApiExtension } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { catchError, of, throwError, type Observable } from 'rxjs';
import { DomainError, malformed } from '#kernel';
import { IdempotentReplay, commandContext } from '#platform/database';
import { actorOf } from './authentication.js';
import { hashInput } from './input-hash.js';

const IDEMPOTENCY = 'http:idempotency';
type IdempotencyRule = 'required' | 'ignored';

/** For the interceptor, and for the API's description. */
const rule = (value: IdempotencyRule): MethodDecorator =>
  applyDecorators(SetMetadata(IDEMPOTENCY, value), ApiExtension('x-idempotency', value));

/** The call moves a claim or money: 400 `idempotency_key_missing` without a key. */
export const RequiresIdempotencyKey = (): MethodDecorator => rule('required');

/** The call stores nothing: a key is neither needed nor looked at. */
export const IgnoresIdempotencyKey = (): MethodDecorator => rule('ignored');

const PRINTABLE = /^[\x21-\x7e]{1,200}$/;

function keyOf(request: FastifyRequest): string | null {
  const given = request.headers['idempotency-key'];
  if (given === undefined) return null;
  if (typeof given === 'string' && PRINTABLE.test(given)) return given;
  const message = 'Use 1 to 200 printable ASCII characters without spaces, such as a UUID.';
  throw malformed([{ path: 'Idempotency-Key', code: 'wrong_form', message }]);
}

/**
 * Makes a POST with an Idempotency-Key a command: what was asked goes into `commandContext`, the unit of work keeps the
 * answer in the command's own transaction, and a repetition gets that answer with `Idempotency-Hit: true`.
 */
@Injectable()
export class IdempotencyInterceptor implements NestInterceptor {
  constructor(private readonly reflector: Reflector) {}

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    const wanted = this.reflector.get<IdempotencyRule | undefined>(IDEMPOTENCY, context.getHandler());
    if (request.method !== 'POST' || wanted === 'ignored') return next.handle();
    const key = keyOf(request);
    if (key === null) {
      if (wanted !== 'required') return next.handle();
      const message = 'Send an Idempotency-Key header, a new one for each thing you mean to do.';
      throw new DomainError('malformed', 'idempotency_key_missing', message);
    }
    const command = {
      callerId: actorOf(request)?.userId ?? '',
      key,
      inputHash: hashInput(request.method, request.url, request.body),
      route: `${request.method} ${request.routeOptions.url ?? ''}`,
    };
    return commandContext
      .run(command, () => next.handle())
      .pipe(
        catchError((error: unknown) => {
          if (!(error instanceof IdempotentReplay)) return throwError(() => error);
          void context.switchToHttp().getResponse<FastifyReply>().header('idempotency-hit', 'true');
          return of(error.body);
        }),
      );
  }
}
