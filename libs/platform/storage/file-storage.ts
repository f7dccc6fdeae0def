import { createHash } from 'node:crypto';
import { open, readFile, stat, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { notFound } from '#kernel';
import {
  DocumentStorage,
  checkKey,
  contentKey,
  fileTooLarge,
  type PutOptions,
  type StoredFile,
} from './document-storage.js';
import { DurableFolder, whenMissing } from './durable-folder.js';

/** Read at once: larger pieces are fewer turns of the event loop for a file of a hundred megabytes. */
const READ_BYTES = 256 * 1024;

/** Files in a folder, each under its key. */
export class FileStorage extends DocumentStorage {
  private readonly folder: DurableFolder;

  constructor(private readonly root: string) {
    super();
    this.folder = new DurableFolder(root);
  }

  /** Makes the folder and clears what uploads cut off by a crash have left. Call once before use. */
  prepare(): Promise<void> {
    return this.folder.prepare();
  }

  async put(source: Readable | Uint8Array, options: PutOptions): Promise<StoredFile> {
    if (options.key !== undefined) checkKey(options.key);
    const keyOf = ({ sha256 }: { sha256: string }): string => options.key ?? contentKey(sha256);
    const written = await this.folder.put((file) => write(file, source, options.maxBytes), keyOf);
    return { key: keyOf(written), ...written };
  }

  async open(key: string): Promise<Readable> {
    const handle = await open(this.path(key), 'r').catch(whenMissing(null));
    if (!handle) throw notFound('stored file');
    return handle.createReadStream({ highWaterMark: READ_BYTES });
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
    await this.folder.remove(checkKey(key));
  }

  private path(key: string): string {
    return join(this.root, checkKey(key));
  }
}

/** Writes all of a source. A buffer is written in one call. */
async function write(
  file: FileHandle,
  source: Readable | Uint8Array,
  maxBytes: number,
): Promise<{ sha256: string; size: number }> {
  const hash = createHash('sha256');
  let size = 0;
  for await (const chunk of source instanceof Uint8Array ? [source] : (source as AsyncIterable<Uint8Array>)) {
    size += chunk.byteLength;
    if (size > maxBytes) throw fileTooLarge(maxBytes);
    hash.update(chunk);
    await file.writeFile(chunk); // continues where the last one ended
  }
  return { sha256: hash.digest('hex'), size };
}
