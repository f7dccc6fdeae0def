import { createHash } from 'node:crypto';
import { buffer } from 'node:stream/consumers';
import type { FastifyRequest } from 'fastify';
import { safeFileName } from '#claims';
import { DomainError, malformed } from '#kernel';
import { readMultipart, readRaw } from '#platform/http';

/** A file sent as the whole body, or as the one file of a form. */
export interface UploadedFile {
  bytes: Buffer;
  /** As it was sent, made safe; null when it had none. */
  fileName: string | null;
}

/** The one file of a request, in memory. Throws malformed for none or an empty one, too_large beyond `maxBytes`. */
export async function readUploadedFile(request: FastifyRequest, maxBytes: number): Promise<UploadedFile> {
  if (request.isMultipart()) return oneFile(request, maxBytes);
  const bytes = await readRaw(request, maxBytes);
  requireContent(bytes);
  return { bytes, fileName: null };
}

/** A form with one file and nothing else. */
async function oneFile(request: FastifyRequest, maxBytesPerFile: number): Promise<UploadedFile> {
  const limits = { maxFiles: 1, maxBytesPerFile, maxFields: 1 };
  const { files } = await readMultipart(request, limits, async ({ stream, filename }) => {
    const bytes = await buffer(stream).catch(brokenOff);
    return { bytes, fileName: safeFileName(filename), sha256: createHash('sha256').update(bytes).digest('hex') };
  });
  const [file] = files;
  if (!file) throw malformed([{ path: 'file', code: 'required', message: 'Choose the file to import.' }]);
  requireContent(file.bytes);
  return file;
}

function requireContent(bytes: Buffer): void {
  if (bytes.length > 0) return;
  throw new DomainError('malformed', 'file_empty', 'The file is empty. Choose another one.');
}

function brokenOff(): never {
  throw malformed([{ path: 'file', code: 'broken_form', message: 'The file did not arrive whole. Send it again.' }]);
}
