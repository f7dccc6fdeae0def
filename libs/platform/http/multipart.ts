import type { Readable } from 'node:stream';
import type { FastifyRequest } from 'fastify';
import '@fastify/multipart';
import { createHash } from 'node:crypto';
import { UnsupportedMediaTypeException } from '@nestjs/common';
import { DomainError, malformed } from '#kernel';
import { addInputPart } from './input-hash.js';
import { tooLarge } from './raw-body.js';

export interface UploadedFile {
  field: string;
  /** As the client sent it: neither safe nor checked. */
  filename: string;
  /** As the client claims it. */
  mimetype: string;
  stream: Readable;
}

export interface MultipartLimits {
  maxFiles: number;
  maxBytesPerFile: number;
  maxFields?: number;
}

const MAX_FIELD_BYTES = 4096;

const LIMIT_CODES: Readonly<Record<string, string>> = {
  FST_FILES_LIMIT: 'too_many_files',
  FST_PARTS_LIMIT: 'too_many_parts',
  FST_FIELDS_LIMIT: 'too_many_fields',
};

/**
 * Reads a multipart form part by part, nothing held in memory. `take` is told the fields that came before its file; it must
 * read the stream to the end and answer with at least its SHA-256, which goes into the running command. Throws too_large `too_large` or
 * `too_many_files`, malformed for a broken form, 415 for no form at all.
 */
export async function readMultipart<T extends { sha256: string }>(
  request: FastifyRequest,
  limits: MultipartLimits,
  take: (file: UploadedFile, before: Readonly<Record<string, string>>) => Promise<T>,
): Promise<{ files: T[]; fields: Record<string, string> }> {
  if (!request.isMultipart()) throw new UnsupportedMediaTypeException();
  const files: T[] = [];
  const fields: Record<string, string> = Object.create(null) as Record<string, string>;
  const parts = request.parts({
    limits: {
      files: limits.maxFiles,
      fileSize: limits.maxBytesPerFile,
      fields: limits.maxFields ?? 10,
      fieldSize: MAX_FIELD_BYTES,
      fieldNameSize: 100,
      headerPairs: 20,
    },
  });
  for await (const part of readable(parts)) {
    if (part.type === 'field') {
      const value = fieldText(part.fieldname, part.value, part.valueTruncated);
      fields[part.fieldname] = value;
      addInputPart({ name: part.fieldname, sha256: createHash('sha256').update(value).digest('hex') });
      continue;
    }
    const { fieldname: field, filename, mimetype, file: stream } = part;
    const taken = await take({ field, filename: filename ?? '', mimetype, stream }, fields);
    if (stream.truncated) throw tooLarge(limits.maxBytesPerFile);
    addInputPart({ name: field, filename, sha256: taken.sha256 });
    files.push(taken);
  }
  return { files, fields };
}

/** What a form with files says before its first file, and how that one is called: by its field, and by who sent it. */
export interface FormHead {
  fields: Readonly<Record<string, string>>;
  file: { field: string; filename: string } | null;
}

/**
 * Reads a multipart form up to its first file and lets the rest of it go: of a form that is not taken, as much as may be told or kept.
 * Throws as `readMultipart`.
 */
export async function readFormHead(request: FastifyRequest): Promise<FormHead> {
  let file: FormHead['file'] = null;
  try {
    const { fields } = await readMultipart(
      request,
      { maxFiles: 1, maxBytesPerFile: 1 },
      ({ field, filename }, before) => {
        file = { field, filename };
        throw new HeadRead(before);
      },
    );
    return { fields, file };
  } catch (error) {
    if (error instanceof HeadRead) return { fields: error.fields, file };
    throw error;
  } finally {
    letGo(request);
  }
}

/** Takes the rest of a form without looking at it: who is still sending would wait for ever. */
export function letGo({ raw }: FastifyRequest): void {
  raw.unpipe();
  raw.resume();
}

class HeadRead extends Error {
  constructor(readonly fields: FormHead['fields']) {
    super('read as far as its first file');
  }
}

/** What goes wrong while the form is taken apart, in the words of the API; what `take` throws is not touched. */
async function* readable<T>(parts: AsyncIterableIterator<T>): AsyncIterableIterator<T> {
  try {
    yield* parts;
  } catch (error) {
    if (error instanceof DomainError) throw error;
    const { code = '', statusCode } = error as { code?: string; statusCode?: number };
    const limit = LIMIT_CODES[code];
    if (limit) throw new DomainError('too_large', limit, 'The form has more parts than this call takes.');
    if (statusCode !== undefined) throw error;
    throw malformed([{ path: '', code: 'broken_form', message: 'The multipart form is cut off or broken.' }]);
  }
}

function fieldText(name: string, value: unknown, truncated: boolean): string {
  if (typeof value === 'string' && !truncated) return value;
  throw malformed([{ path: name.slice(0, 60), code: 'too_long', message: `Send at most ${MAX_FIELD_BYTES} bytes.` }]);
}
