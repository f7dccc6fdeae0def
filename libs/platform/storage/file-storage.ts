import { createHash, randomUUID } from 'node:crypto';
import { mkdir, open, readFile, readdir, rename, rm, stat, type FileHandle } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Readable } from 'node:stream';
import { notFound } from '#kernel';
import { DirectorySync } from './directory-sync.js';
import {
  DocumentStorage,
  checkKey,
  contentKey,
  fileTooLarge,
  type PutOptions,
  type StoredFile,
} from './document-storage.js';

/** Nobody but the service's own user: these are invoices and people's addresses. */
const PRIVATE = 0o700;

/** A leftover this old belongs to no running upload, in this process or in another one sharing the folder. */
const LEFTOVER_AGE_MS = 60 * 60 * 1000;
const TEMPORARY = '.tmp';

/** Files in a folder: written to a temporary file, flushed, renamed into place, and the folder flushed. */
export class FileStorage extends DocumentStorage {
  private readonly directories = new Map<string, Promise<void>>();
  private readonly sync = new DirectorySync();
  private readonly temporary: string;

  constructor(private readonly root: string) {
    super();
    this.temporary = join(root, TEMPORARY);
  }

  /** Makes the folder and clears what uploads cut off by a crash have left. Call once before use. */
  async prepare(): Promise<void> {
    await mkdir(this.temporary, { recursive: true, mode: PRIVATE });
    const oldest = Date.now() - LEFTOVER_AGE_MS;
    for (const name of await readdir(this.temporary)) {
      const path = join(this.temporary, name);
      const found = await stat(path).catch(whenMissing(null));
      if (found && found.mtimeMs < oldest) await rm(path, { force: true });
    }
  }

  async put(source: Readable | Uint8Array, options: PutOptions): Promise<StoredFile> {
    if (options.key !== undefined) checkKey(options.key);
    await this.ensure(this.temporary);
    const path = join(this.temporary, randomUUID());
    const handle = await open(path, 'wx');
    try {
      const { sha256, size } = await written(handle, source, options.maxBytes);
      const key = options.key ?? contentKey(sha256);
      await this.place(path, this.path(key));
      return { key, sha256, size };
    } catch (error) {
      await rm(path, { force: true });
      throw error;
    }
  }

  async open(key: string): Promise<Readable> {
    const handle = await open(this.path(key), 'r').catch(whenMissing(null));
    if (!handle) throw notFound('stored file');
    return handle.createReadStream();
  }

  async read(key: string): Promise<Buffer> {
    const bytes = await readFile(this.path(key)).catch(whenMissing(null));
    if (!bytes) throw notFound('stored file');
    return bytes;
  }

  async stat(key: string): Promise<{ size: number } | null> {
    const found = await stat(this.path(key)).catch(whenMissing(null));
    return found?.isFile() ? { size: found.size } : null;
  }

  async remove(key: string): Promise<void> {
    const path = this.path(key);
    await rm(path, { force: true });
    await this.sync.flush(dirname(path)).catch(whenMissing(undefined));
  }

  private path(key: string): string {
    return join(this.root, checkKey(key));
  }

  private async place(temporary: string, path: string): Promise<void> {
    const directory = dirname(path);
    await this.ensure(directory);
    await rename(temporary, path);
    await this.sync.flush(directory);
  }

  /** Makes a folder once; its name is flushed in every folder above it, up to the root. */
  private ensure(directory: string): Promise<void> {
    const known = this.directories.get(directory);
    if (known) return known;
    const made = this.make(directory).catch((error: unknown) => {
      this.directories.delete(directory);
      throw error;
    });
    this.directories.set(directory, made);
    return made;
  }

  private async make(directory: string): Promise<void> {
    const above = dirname(directory);
    if (directory !== this.root) await this.ensure(above);
    await mkdir(directory, { recursive: true, mode: PRIVATE });
    await this.sync.flush(above);
  }
}

/** Writes all of a source and closes the file, flushed. A buffer is written in one call. */
async function written(
  handle: FileHandle,
  source: Readable | Uint8Array,
  maxBytes: number,
): Promise<{ sha256: string; size: number }> {
  const hash = createHash('sha256');
  let size = 0;
  try {
    for await (const chunk of source instanceof Uint8Array ? [source] : (source as AsyncIterable<Uint8Array>)) {
      size += chunk.byteLength;
      if (size > maxBytes) throw fileTooLarge(maxBytes);
      hash.update(chunk);
      await handle.writeFile(chunk); // continues where the last one ended
    }
    await handle.sync();
  } finally {
    await handle.close();
  }
  return { sha256: hash.digest('hex'), size };
}

const whenMissing =
  <T>(instead: T) =>
  (error: NodeJS.ErrnoException): T => {
    if (error.code === 'ENOENT') return instead;
    throw error;
  };
