import { createHash } from 'node:crypto';
import { createReadStream, readdirSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { StartFailure } from '../embedded/failure.js';

export interface BackedUpFile {
  /** Relative to the data folder, with `/`. */
  path: string;
  bytes: number;
  /** SHA-256, hexadecimal. */
  sha256: string;
}

/** `manifest.json` of a backup: what it must hold, no more and no less. */
export interface Manifest {
  format: 1;
  madeAt: string;
  /** Major version of PostgreSQL whose files these are. */
  postgres: string;
  /** Folders that hold nothing count too: Postgres does not start without its empty ones. */
  folders: string[];
  files: BackedUpFile[];
}

/** What belongs to one run rather than to the data. */
const OF_THE_RUN = new Set([
  'run.json',
  'postgres.log',
  'postgres.new',
  'postgres.pw',
  'postgres/postmaster.pid',
  'postgres/postmaster.opts',
]);

export function listFolder(root: string): { folders: string[]; files: string[] } {
  const folders: string[] = [];
  const files: string[] = [];
  const walk = (folder: string): void => {
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      const path = join(folder, entry.name);
      const name = relative(root, path).split(sep).join('/');
      if (OF_THE_RUN.has(name)) continue;
      if (entry.isDirectory()) {
        folders.push(name);
        walk(path);
      } else if (entry.isFile()) files.push(name);
      else
        throw new StartFailure(
          `${path} is neither a file nor a folder: a backup of it could not be restored, move it away`,
        );
    }
  };
  walk(root);
  return { folders: folders.sort(), files: files.sort() };
}

/** Reads the file once, in pieces. */
export async function hashFile(path: string): Promise<{ bytes: number; sha256: string }> {
  const hash = createHash('sha256');
  let bytes = 0;
  for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) {
    hash.update(chunk);
    bytes += chunk.length;
  }
  return { bytes, sha256: hash.digest('hex') };
}

/** A manifest from outside is distrusted: no path may lead out of the folder. @throws StartFailure */
export function parseManifest(text: string): Manifest {
  let manifest: Manifest;
  try {
    manifest = JSON.parse(text) as Manifest;
  } catch {
    throw new StartFailure('manifest.json is not readable: this backup is damaged, use another one');
  }
  if (manifest?.format !== 1 || !Array.isArray(manifest.files) || !Array.isArray(manifest.folders)) {
    throw new StartFailure(
      'manifest.json is not one that this release can read: restore with the release that made it',
    );
  }
  for (const path of [...manifest.folders, ...manifest.files.map((file) => file.path)]) {
    if (typeof path !== 'string' || path === '' || path.startsWith('/') || /(^|[\\/])\.\.([\\/]|$)|\\/.test(path)) {
      throw new StartFailure(
        `manifest.json names a path outside the data folder (${String(path)}): this backup is not to be trusted`,
      );
    }
  }
  return manifest;
}
