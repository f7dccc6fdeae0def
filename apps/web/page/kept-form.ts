import type { FastifyRequest } from 'fastify';
import { type FormHead } from '#platform/http';
import { type PageConfig } from './page-config.js';

/** What somebody sent after their session was over: kept in the session of the same browser until they are back. */
export interface KeptForm {
  userId: string;
  /** Where it was sent to. */
  path: string;
  fields: [name: string, value: string][];
  /** Of a form with files, which are not kept: the field they were chosen in, how the first was called, whether there may be more. */
  files?: { field: string; name: string; several: boolean };
}

/** A session holds 64 KB, and something else besides. What is longer stays in the browser, a page back. */
const MOST_BYTES = 56_000;
const LONGEST_PATH = 1_000;
const LONGEST_NAME = 100;

/** The fields of a form as its browser sent them, without what only the old session could check; null for what cannot be kept. */
function fieldsOf(body: unknown): KeptForm['fields'] | null {
  if (typeof body !== 'object' || body === null) return null;
  const fields: KeptForm['fields'] = [];
  for (const [name, given] of Object.entries(body as Record<string, unknown>)) {
    if (name === '_csrf') continue;
    for (const value of Array.isArray(given) ? given : [given]) {
      // A text with this character is no text to the database.
      if (typeof value !== 'string' || value.includes('\0') || name.includes('\0')) return null;
      fields.push([name, value]);
    }
  }
  return fields;
}

/**
 * Keeps a form for its owner; of one with files what came before the first of them. False when it holds a password or more than is kept.
 */
export function keepForm(request: FastifyRequest, userId: string, head: FormHead | null = null): boolean {
  const { keepsNothing = false, takesFiles = false, severalFiles = false } = request.routeOptions.config as PageConfig;
  const type = request.headers['content-type'] ?? '';
  if (keepsNothing || !(head ? takesFiles : type.startsWith('application/x-www-form-urlencoded'))) return false;
  const fields = fieldsOf(head ? head.fields : request.body);
  if (fields === null || request.url.length > LONGEST_PATH) return false;
  const kept: KeptForm = { userId, path: request.url, fields };
  if (head?.file) kept.files = { ...nameOf(head.file), several: severalFiles };
  // The database writes a space after each colon and comma.
  if (Buffer.byteLength(JSON.stringify(kept)) + 4 * fields.length > MOST_BYTES) return false;
  request.session.kept = kept;
  return true;
}

/** The name people know the file by, without what no text may have. */
const nameOf = ({ field, filename }: NonNullable<FormHead['file']>) => ({
  field: field.replaceAll('\0', ''),
  name: filename.replaceAll('\0', '').slice(0, LONGEST_NAME),
});

/** Once it was sent again it is not kept any more. */
export function forgetForm(request: FastifyRequest): void {
  if (request.session.kept?.path === request.url) delete request.session.kept;
}
