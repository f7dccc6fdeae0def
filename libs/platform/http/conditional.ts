import { createHash } from 'node:crypto';
import { SetMetadata, createParamDecorator, type CustomDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { malformed } from '#kernel';
import type { ExpectedVersion } from '#platform/validation';

const VERSION_LETTER = 'http:version-letter';
const USUAL_LETTER = 'v';

/**
 * Versions in the ETags of this call, and in its If-Match, begin with another letter than `v`: for a part with versions
 * of its own below what has versions too, so that the ETag of the one never passes for the other's.
 */
export const VersionLetter = (letter: string): CustomDecorator<string> => SetMetadata(VERSION_LETTER, letter);

/** The letter of a call's versions. */
export const versionLetterOf = (context: ExecutionContext): string =>
  (Reflect.getMetadata(VERSION_LETTER, context.getHandler()) as string | undefined) ?? USUAL_LETTER;

/** `"v3"` for what has a version, otherwise a hash of the answer's text. Always strong. */
export function etagOf(body: unknown, letter: string): string {
  const version = (body as { version?: unknown } | null)?.version;
  if (typeof version === 'number') return `"${letter}${version}"`;
  const text = typeof body === 'string' ? body : (JSON.stringify(body) ?? '');
  return `"${createHash('sha256').update(text).digest('base64url')}"`;
}

const ONE_ETAG = /^(W\/)?"([\x21\x23-\x7e]*)"$/;

/** Never a version: what an ETag we did not give asks for. */
const NO_SUCH_VERSION = -1;

/**
 * The version a request's If-Match names; undefined without one, `any` for `*`, which is met by whatever is there (RFC
 * 9110, 13.1.1). Another ETag than ours names a version that does not exist, so the use case finds it stale. Throws
 * malformed for what is not one ETag.
 */
function expectedVersion(request: FastifyRequest, letter: string): ExpectedVersion {
  const header = request.headers['if-match']?.trim();
  if (header === undefined) return undefined;
  if (header === '*') return 'any';
  const etag = ONE_ETAG.exec(header);
  if (!etag) {
    throw malformed([
      { path: 'If-Match', code: 'wrong_form', message: `Send one ETag as it was given, such as "${letter}3".` },
    ]);
  }
  const [, weak, text = ''] = etag;
  const ours = weak === undefined && text.startsWith(letter) && /^\d{1,15}$/.test(text.slice(letter.length));
  return ours ? Number(text.slice(letter.length)) : NO_SUCH_VERSION;
}

/** `expectedVersion` as a parameter of a controller's method; the use case requires or honours it. */
export const IfMatch = createParamDecorator((_: unknown, context: ExecutionContext): ExpectedVersion =>
  expectedVersion(context.switchToHttp().getRequest<FastifyRequest>(), versionLetterOf(context)),
);

/** Whether If-None-Match holds this ETag: the caller has the answer already. */
export function alreadyHas(request: FastifyRequest, etag: string): boolean {
  const header = request.headers['if-none-match'];
  if (header === undefined) return false;
  return header.split(',').some((one) => one.trim() === '*' || one.trim().replace(/^W\//, '') === etag);
}
