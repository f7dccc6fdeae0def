import { createHash } from 'node:crypto';
import type { Readable } from 'node:stream';
import { DomainError, InvalidValue } from '#kernel';

/** A stored file: where it is, its SHA-256 in lower-case hex, its size in bytes. */
export interface StoredFile {
  key: string;
  sha256: string;
  size: number;
}

export interface PutOptions {
  /** Refused beyond this many bytes with DomainError too_large, code `file_too_large`. */
  maxBytes: number;
  /** Where to keep it. Without one the key comes from the content: `sha256/ab/cdef…`. */
  key?: string;
}

/**
 * Where documents live: a class so that it can be the injection token. What `put` has returned survives a crash;
 * what it has not returned is not there. The same content twice has the same key, so a repeat is harmless.
 */
export abstract class DocumentStorage {
  /** Stores a stream or bytes. Throws DomainError too_large `file_too_large`, or whatever the source fails with. */
  abstract put(source: Readable | Uint8Array, options: PutOptions): Promise<StoredFile>;

  /** Streams a stored file. Throws DomainError not_found before the first byte when there is none. */
  abstract open(key: string): Promise<Readable>;

  /** A stored file as bytes. Throws DomainError not_found. */
  abstract read(key: string): Promise<Buffer>;

  /** Size in bytes, or null when there is no such file. */
  abstract stat(key: string): Promise<{ size: number } | null>;

  /** Removes a file; removing one that is not there is no error. */
  abstract remove(key: string): Promise<void>;

  /** As `read`, but only if the bytes are those recorded. Throws DomainError unavailable `stored_file_damaged`. */
  async readVerified(key: string, sha256: string): Promise<Buffer> {
    const bytes = await this.read(key);
    if (createHash('sha256').update(bytes).digest('hex') !== sha256) throw damaged(key);
    return bytes;
  }

  /**
   * As `open`, but the whole file is hashed first, so that a damaged file gives an error and not half a download.
   * Throws DomainError unavailable `stored_file_damaged`.
   */
  async openVerified(key: string, sha256: string): Promise<Readable> {
    const hash = createHash('sha256');
    for await (const chunk of await this.open(key)) hash.update(chunk as Buffer);
    if (hash.digest('hex') !== sha256) throw damaged(key);
    return this.open(key);
  }
}

/** The key of content with this hash: 256 folders, so that none grows too large to list. */
export const contentKey = (sha256: string): string => `sha256/${sha256.slice(0, 2)}/${sha256.slice(2)}`;

const SEGMENT = /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/;

/** A key is one to eight plain names joined by `/`: no `..`, nothing hidden, nothing absolute. Throws InvalidValue. */
export function checkKey(key: string): string {
  const segments = key.split('/');
  if (segments.length > 8 || !segments.every((segment) => SEGMENT.test(segment))) {
    throw new InvalidValue(`"${key}" is not a storage key`);
  }
  return key;
}

export const fileTooLarge = (maxBytes: number): DomainError =>
  new DomainError('too_large', 'file_too_large', `The file is larger than ${inWords(maxBytes)}. Send a smaller one.`);

function inWords(bytes: number): string {
  return bytes >= 1024 * 1024 ? `${Math.floor(bytes / 1024 / 1024)} MB` : `${bytes} bytes`;
}

const damaged = (key: string): DomainError =>
  new DomainError(
    'unavailable',
    'stored_file_damaged',
    `The stored file ${key} is not the one that was recorded, so it is not shown. Ask an administrator to restore it.`,
  );
