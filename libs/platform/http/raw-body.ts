import { createHash } from 'node:crypto';
import { PassThrough, type Readable } from 'node:stream';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { DomainError, malformed } from '#kernel';
import { addInputPart } from './input-hash.js';

/** Types whose bodies reach a controller as streams, so that each call sets its own limit. */
const RAW_TYPES = ['text/csv', 'text/plain', 'application/xml', 'text/xml'];

export function registerRawBodies(instance: FastifyInstance): void {
  instance.removeContentTypeParser('text/plain');
  for (const type of RAW_TYPES) {
    instance.addContentTypeParser(type, (_request, payload, done) => done(null, payload));
  }
}

export const tooLarge = (maxBytes: number): DomainError =>
  new DomainError('too_large', 'too_large', `Send at most ${Math.floor(maxBytes / 1024)} KiB.`);

/**
 * Hands a raw body on as it comes in, for files too large to hold. `take` must read it to its end and answer with its SHA-256,
 * which goes into the running command. Throws too_large beyond `maxBytes` where the request says its length, malformed
 * `body_missing`, or broken_form when it does not arrive whole.
 */
export async function streamRaw<T extends { sha256: string }>(
  request: FastifyRequest,
  maxBytes: number,
  take: (source: Readable) => Promise<T>,
): Promise<T> {
  const taken = await withRaw(request, maxBytes, take);
  addInputPart({ name: 'body', sha256: taken.sha256 });
  return taken;
}

/** The same for a call that stores nothing, and so may stop before the end. */
export async function withRaw<T>(
  request: FastifyRequest,
  maxBytes: number,
  take: (source: Readable) => Promise<T>,
): Promise<T> {
  if (request.headers['content-length'] === '0') throw missing();
  const body = rawOf(request, maxBytes);
  // A stream of its own: left before its end, the request's would close the connection, and the answer would never arrive.
  const source = new PassThrough({ highWaterMark: 256 * 1024 });
  body.on('error', (error) => source.destroy(error));
  body.pipe(source);
  try {
    return await take(source);
  } catch (error) {
    if (body.errored === null || error !== body.errored) throw error;
    throw malformed([{ path: '', code: 'broken_form', message: 'The file did not arrive whole. Send it again.' }]);
  } finally {
    body.unpipe(source);
    source.destroy();
    // What is left of it is let go, so that the client comes to read the answer.
    body.resume();
  }
}

const missing = (): DomainError =>
  new DomainError('malformed', 'body_missing', 'Send the file as the body of the request.');

function rawOf(request: FastifyRequest, maxBytes: number): Readable {
  const body = request.body as Readable | undefined;
  if (body === undefined || typeof body.pipe !== 'function') {
    throw missing();
  }
  if (Number(request.headers['content-length'] ?? 0) > maxBytes) throw tooLarge(maxBytes);
  return body;
}

/**
 * The whole raw body of a request (see `@Consumes`), and its hash into the running command. Throws too_large beyond
 * `maxBytes`, malformed `body_missing` when there is none.
 */
export async function readRaw(request: FastifyRequest, maxBytes: number): Promise<Buffer> {
  const body = rawOf(request, maxBytes);
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of body as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > maxBytes) throw tooLarge(maxBytes);
    chunks.push(chunk);
  }
  const whole = Buffer.concat(chunks);
  addInputPart({ name: 'body', sha256: createHash('sha256').update(whole).digest('hex') });
  return whole;
}
