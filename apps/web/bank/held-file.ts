import type { Readable } from 'node:stream';
import type { FastifyRequest } from 'fastify';
import { malformed, notFound } from '#kernel';
import { type StoredFile } from '#platform/storage';
import { readUpload } from '../page/index.js';

/** A file of the bank that somebody looks at before it is loaded: stored, and nothing said of it anywhere but here. */
export interface HeldFile extends StoredFile {
  purpose: 'statement' | 'report';
  name: string;
  kind: string;
  mapping: string | null;
}

declare module 'fastify' {
  interface Session {
    /** The file somebody is looking at before it is loaded; one at a time. */
    bankFile?: HeldFile;
  }
}

const CHOOSE = { path: 'file', code: 'required', message: 'Choose the file the bank gave you.' };

/**
 * Reads the form with one file; `keep` stores it, `note` is told what was typed before it, also when there is none. Throws malformed
 * without a file, too_large, and what `keep` throws.
 */
export async function receiveFile(
  request: FastifyRequest,
  mostBytes: number,
  keep: (source: Readable) => Promise<StoredFile>,
  note: (before: Readonly<Record<string, string>>) => void = () => undefined,
): Promise<{ stored: StoredFile; name: string; fields: Readonly<Record<string, string>> }> {
  // One byte more than is taken, so that the storage sees the file is too large and refuses by its own code.
  const limits = { maxFiles: 1, maxBytesPerFile: mostBytes + 1 };
  let name = '';
  const { files, fields } = await readUpload(request, limits, (file, before) => {
    note(before);
    if (file.filename === '') throw malformed([CHOOSE]);
    name = file.filename.slice(0, 100);
    return keep(file.stream);
  });
  if (!files[0] || files[0].size === 0) throw malformed([CHOOSE]);
  return { stored: files[0], name, fields };
}

/** What is being looked at. Throws not_found when nothing is, or something else by now. */
export function heldFile(request: FastifyRequest, purpose: HeldFile['purpose'], sha256?: string): HeldFile {
  const held = request.session.bankFile;
  if (held?.purpose !== purpose || (sha256 !== undefined && held.sha256 !== sha256))
    throw notFound('file being looked at');
  return held;
}
