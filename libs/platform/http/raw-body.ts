import { createHash } from 'node:crypto';
import type { Readable } from 'node:stream';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { DomainError } from '#kernel';
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
 * The whole raw body of a request (see `@Consumes`), and its hash into the running command. Throws too_large beyond
 * `maxBytes`, malformed `body_missing` when there is none.
 */
export async function readRaw(request: FastifyRequest, maxBytes: number): Promise<Buffer> {
  const body = request.body as Readable | undefined;
  if (body === undefined || typeof body.pipe !== 'function') {
    throw new DomainError('malformed', 'body_missing', 'Send the file as the body of the request.');
  }
  if (Number(request.headers['content-length'] ?? 0) > maxBytes) throw tooLarge(maxBytes);
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
