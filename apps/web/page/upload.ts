import type { FastifyRequest } from 'fastify';
import { commandContext } from '#platform/database';
import { actorOf, hashInput, letGo, readMultipart, type FormHead } from '#platform/http';
import { requireCsrf } from './csrf.js';
import { forgetForm } from './kept-form.js';

declare module 'fastify' {
  interface FastifyRequest {
    /** What was read of a form with files whose token was not one of this session's. */
    expiredForm?: FormHead;
  }
}

type Limits = Parameters<typeof readMultipart>[1];
type SentFile = Parameters<Parameters<typeof readMultipart>[2]>[0];

/** A form with files, read: what `take` made of each file, its other fields, and its command, done once however often it is sent. */
export interface Upload<T> {
  files: T[];
  fields: Readonly<Record<string, string>>;
  once<R>(work: () => Promise<R>): Promise<R>;
}

/**
 * Reads a form with files, part by part. Its token is the first field and is checked before the first byte of a file is taken:
 * a form of another site costs nothing. Throws forbidden `form_expired`, and what reading a multipart form throws.
 */
export async function readUpload<T extends { sha256: string }>(
  request: FastifyRequest,
  limits: Limits,
  take: (file: SentFile, before: FormHead['fields']) => Promise<T>,
): Promise<Upload<T>> {
  const read = await readMultipart(request, limits, (file, before) => {
    requireOwnForm(request, { fields: before, file });
    return take(file, before);
  });
  requireOwnForm(request, { fields: read.fields, file: null });
  const { _csrf: _, _key: key, ...fields } = read.fields;
  const callerId = actorOf(request)?.userId;
  if (callerId === undefined || key === undefined || !/^[0-9a-f-]{36}$/.test(key)) {
    return { files: read.files, fields, once: (work) => work() };
  }
  const asked = { fields, files: read.files.map(({ sha256 }) => sha256) };
  const route = `${request.method} ${request.routeOptions.url ?? ''}`;
  const command = { callerId, key, inputHash: hashInput(request.method, request.url, asked), route };
  return { files: read.files, fields, once: (work) => commandContext.run(command, work) };
}

/**
 * Throws forbidden `form_expired`; whose form it was, and what of it can be kept, is found out where that is answered. What was kept is
 * sent again by now.
 */
function requireOwnForm(request: FastifyRequest, { fields, file }: FormHead): void {
  try {
    requireCsrf(request, fields['_csrf']);
    forgetForm(request);
  } catch (error) {
    request.expiredForm = { fields, file: file && { field: file.field, filename: file.filename } };
    letGo(request);
    throw error;
  }
}
