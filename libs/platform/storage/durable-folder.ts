import { randomUUID } from 'node:crypto';
import { link, mkdir, open, readdir, rename, rm, stat, type FileHandle } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { DirectorySync } from './directory-sync.js';

/** The service's own user alone: nobody else reads what is kept, and nobody else puts anything beside it. */
const PRIVATE_FOLDER = 0o700;
const PRIVATE_FILE = 0o600;

/** Where files are written before they get their name. */
const TEMPORARY = '.tmp';
/** A leftover this old belongs to nothing that runs, in this process or in another one sharing the folder. */
const LEFTOVER_MS = 60 * 60 * 1000;
/** What `link` says on file systems that have no hard links. */
const WITHOUT_LINKS = new Set(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS']);

/**
 * A folder whose files are complete or not there at all, and survive a power cut once the call that made them has
 * returned: written aside, flushed, given their name, and the folder flushed. Names may lead into folders below; whether
 * a name is a good one is for the caller to check.
 */
export class DurableFolder {
  private readonly made = new Map<string, Promise<void>>();
  private readonly sync = new DirectorySync();
  private readonly temporary: string;

  constructor(private readonly root: string) {
    this.temporary = join(root, TEMPORARY);
  }

  /** Makes the folder and clears what a crash has left in it. */
  async prepare(): Promise<void> {
    this.made.clear();
    await this.ensure(this.temporary);
    const oldest = Date.now() - LEFTOVER_MS;
    for (const name of await readdir(this.temporary)) {
      const path = join(this.temporary, name);
      const found = await stat(path).catch(whenMissing(null));
      if (found && found.mtimeMs < oldest) await rm(path, { force: true });
    }
  }

  /** Makes a file that `fill` writes, under the name it comes to; replaces what has that name. Returns what `fill` does. */
  async put<T>(fill: (file: FileHandle) => Promise<T>, nameOf: (filled: T) => string): Promise<T> {
    return this.aside(fill, async (temporary, filled) => {
      const path = join(this.root, nameOf(filled));
      await this.ensure(dirname(path));
      await rename(temporary, path);
      await this.sync.flush(dirname(path));
      return filled;
    });
  }

  /**
   * Makes a file unless there is one of that name, which stays as it is. Returns whether it was made; either way it is
   * there to stay. Without hard links, of two processes that add one name in the same moment the second wins.
   */
  async add(name: string, content: string | Uint8Array): Promise<boolean> {
    return this.aside(
      (file) => file.writeFile(content),
      async (temporary) => {
        const path = join(this.root, name);
        await this.ensure(dirname(path));
        const made = await givenName(temporary, path);
        await rm(temporary, { force: true });
        await this.sync.flush(dirname(path));
        return made;
      },
    );
  }

  /** Removes a file; removing one that is not there is no error. */
  async remove(name: string): Promise<void> {
    const path = join(this.root, name);
    await rm(path, { force: true });
    await this.sync.flush(dirname(path)).catch(whenMissing(undefined));
  }

  /** Writes a file aside. `name` moves it to where it belongs; when either fails nothing is left behind. */
  private async aside<T, R>(
    fill: (file: FileHandle) => Promise<T>,
    name: (temporary: string, filled: T) => Promise<R>,
  ): Promise<R> {
    await this.ensure(this.temporary);
    const path = join(this.temporary, randomUUID());
    const file = await open(path, 'wx', PRIVATE_FILE);
    try {
      return await name(path, await flushed(file, fill));
    } catch (error) {
      await rm(path, { force: true });
      throw error;
    }
  }

  /** Makes a folder once; its name is flushed in every folder above it, up to the root. */
  private ensure(directory: string): Promise<void> {
    const known = this.made.get(directory);
    if (known) return known;
    const making = this.make(directory).catch((error: unknown) => {
      this.made.delete(directory);
      throw error;
    });
    this.made.set(directory, making);
    return making;
  }

  private async make(directory: string): Promise<void> {
    const above = dirname(directory);
    if (directory !== this.root) await this.ensure(above);
    await mkdir(directory, { recursive: true, mode: PRIVATE_FOLDER });
    await this.sync.flush(above);
  }
}

async function flushed<T>(file: FileHandle, fill: (file: FileHandle) => Promise<T>): Promise<T> {
  try {
    const filled = await fill(file);
    await file.sync();
    return filled;
  } finally {
    await file.close();
  }
}

/** A link fails where a rename would silently replace. */
async function givenName(temporary: string, path: string): Promise<boolean> {
  try {
    await link(temporary, path);
    return true;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') return false;
    if (!WITHOUT_LINKS.has(code ?? '')) throw error;
    if (await stat(path).catch(whenMissing(null))) return false;
    await rename(temporary, path);
    return true;
  }
}

/** For `catch`: another value instead of a file that is not there; every other error goes on. */
export const whenMissing =
  <T>(instead: T) =>
  (error: NodeJS.ErrnoException): T => {
    if (error.code === 'ENOENT') return instead;
    throw error;
  };
