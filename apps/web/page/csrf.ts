import CSRF from '@fastify/csrf';
import type { FastifyRequest } from 'fastify';
import { forbidden } from '#kernel';
import { isLoopbackHost } from '#platform/http';

const tokens = CSRF();

/** The token that every form of this page carries, salted anew each time so that compression tells nothing about it. */
export function csrfToken(request: FastifyRequest): string {
  request.session.csrf ??= tokens.secretSync();
  return tokens.create(request.session.csrf);
}

/** Throws forbidden `form_expired` unless this is a token of the session's own forms. */
export function requireCsrf(request: FastifyRequest, token: unknown): void {
  const secret = request.session.csrf;
  if (secret && typeof token === 'string' && token.length < 200) {
    // Behind the dot stands for whom the form was made: form-owner.ts.
    const [own = ''] = token.split('.');
    if (tokens.verify(secret, own)) return;
  }
  throw forbidden(
    'form_expired',
    'This form was opened before you signed in, or too long ago. Go back, load the page again, and send it once more.',
  );
}

/**
 * Throws forbidden `wrong_origin` for a form that another site sent. Browsers say in `Origin` where a POST comes from; what
 * does not say so is no browser of this decade, and is refused as well. `trustLocal`: this machine under any of its own names.
 */
export function requireOwnOrigin(request: FastifyRequest, origins: ReadonlySet<string>, trustLocal: boolean): void {
  const { origin, host } = request.headers;
  if (origin !== undefined && origins.has(origin)) return;
  // Of no other name: that could be a page elsewhere that has given its name this machine's address.
  if (trustLocal && isLoopbackHost(host) && origin === `${request.protocol}://${host}`) return;
  throw forbidden('wrong_origin', 'This form was not sent from a page of this service.');
}
