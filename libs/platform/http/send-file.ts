import type { Readable } from 'node:stream';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { alreadyHas } from './conditional.js';

/** A file that never changes under its hash. */
export interface FileToSend {
  fileName: string;
  mediaType: 'application/pdf' | 'application/xml' | 'text/plain' | 'text/csv';
  sha256: string;
  /** A large file is opened when it is sent. */
  bytes: Buffer | (() => Promise<Readable>);
}

/** Its hash is its ETag. XML is never shown in place: a browser would run what it holds. */
export async function sendFile(request: FastifyRequest, reply: FastifyReply, file: FileToSend): Promise<void> {
  const etag = `"${file.sha256}"`;
  void reply.header('etag', etag).header('vary', 'Authorization');
  if (alreadyHas(request, etag)) {
    await reply.code(304).send();
    return;
  }
  const shown = file.mediaType === 'application/pdf' ? 'inline' : 'attachment';
  await reply
    .header('content-type', file.mediaType)
    .header('content-disposition', `${shown}; filename="${file.fileName}"`)
    .header('x-content-type-options', 'nosniff')
    .send(typeof file.bytes === 'function' ? await file.bytes() : file.bytes);
}
