import type { IncomingMessage } from 'node:http';
import {
  Inject,
  Injectable,
  createParamDecorator,
  type CanActivate,
  type CustomDecorator,
  type ExecutionContext,
} from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import type { FastifyRequest } from 'fastify';
import { DomainError } from '#kernel';
import type { Actor } from '#platform/database';

/** Finds who a bearer token stands for. Identity provides it; HTTP only asks. */
export abstract class Authenticator {
  /** Null for a token nobody holds; throws DomainError `unauthenticated` for a better reason (`token_expired`). */
  abstract authenticate(token: string): Promise<Actor | null>;
}

const actors = new WeakMap<IncomingMessage, Actor>();

/** Who sent this request, once authenticated. */
export const actorOf = (request: FastifyRequest): Actor | undefined => actors.get(request.raw);

/** For whoever knows it by other means than a bearer token: a page's session. The request's id goes with the actor. */
export function actAs(request: FastifyRequest, actor: Actor): Actor {
  const identified = { ...actor, requestId: request.id };
  actors.set(request.raw, identified);
  return identified;
}

const BEARER = /^Bearer +([A-Za-z0-9._~+/-]{1,512}=*) *$/i;

const unauthenticated = (message: string) => new DomainError('unauthenticated', 'unauthenticated', message);

/**
 * The actor of a request, asked for once a request. Throws DomainError `unauthenticated`. The request's id goes with
 * the actor, so that the audit trail can name it.
 */
export async function authenticate(request: FastifyRequest, authenticator: Authenticator): Promise<Actor> {
  const known = actors.get(request.raw);
  if (known) return known;
  const header = request.headers.authorization;
  if (header === undefined) throw unauthenticated('Send a bearer token in the Authorization header.');
  const token = BEARER.exec(header)?.[1];
  const found = token === undefined ? null : await authenticator.authenticate(token);
  if (!found) throw unauthenticated('This token is not known. Ask for a new one.');
  return actAs(request, found);
}

/** Lets anybody call the route. */
export const Public = (): CustomDecorator<string> => RouteConfig({ public: true });

export const isPublic = (request: FastifyRequest): boolean =>
  (request.routeOptions.config as { public?: boolean } | undefined)?.public === true;

/** 401 unless the request carries a good token. The application asks the same before it reads the body. */
@Injectable()
export class BearerGuard implements CanActivate {
  constructor(@Inject(Authenticator) private readonly authenticator: Authenticator) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    if (!isPublic(request)) await authenticate(request, this.authenticator);
    return true;
  }
}

/** The actor as a parameter of a controller's method. */
export const CurrentActor = createParamDecorator((_: unknown, context: ExecutionContext): Actor => {
  const actor = actorOf(context.switchToHttp().getRequest<FastifyRequest>());
  if (!actor) throw unauthenticated('Send a bearer token in the Authorization header.');
  return actor;
});
