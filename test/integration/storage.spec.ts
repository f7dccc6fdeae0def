import { createHash } from 'node:crypto';
import { mkdtemp, readFile, readdir, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { spawn } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { FileStorage } from '#platform/storage';

const LOADER = new URL('../support/source-loader.mjs', import.meta.url).href;
const ROOT = new URL('../../', import.meta.url);

/** Stores files of 3 MB, slowly enough to be caught in the middle, four at a time, and prints each key once it is kept. */
const WRITER = `
  import { randomBytes } from 'node:crypto';
  import { Readable } from 'node:stream';
  import { FileStorage } from '#platform/storage';
  const storage = new FileStorage(process.argv[1]);
  await storage.prepare();
  async function* slow() {
    for (let i = 0; i < 30; i++) { yield randomBytes(100_000); await new Promise((next) => setImmediate(next)); }
  }
  await Promise.all(Array.from({ length: 4 }, async () => {
    for (;;) console.log((await storage.put(Readable.from(slow()), { maxBytes: 1e8 })).key);
  }));`;

describe('storage and a process that is killed', () => {
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'storage-kill-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  /** Runs the writer until it has kept `kept` files, then kills it at once; gives the keys it told. */
  async function killAfter(kept: number): Promise<string[]> {
    const child = spawn(
      process.execPath,
      ['--no-warnings', '--import', LOADER, '--input-type=module', '--eval', WRITER, folder],
      { cwd: ROOT, env: { PATH: process.env['PATH'] }, stdio: ['ignore', 'pipe', 'pipe'] },
    );
    let told = '';
    let failed = '';
    child.stderr.on('data', (chunk) => (failed += String(chunk)));
    child.stdout.on('data', (chunk) => {
      told += String(chunk);
      if (told.split('\n').length > kept) child.kill('SIGKILL');
    });
    const signal = await new Promise((done) => child.once('close', (_code, name) => done(name)));
    if (signal !== 'SIGKILL') throw new Error(`the writer ended by itself: ${failed}`);
    return told.split('\n').slice(0, -1);
  }

  it.each([1, 3, 6])('keeps every file it told of and no half one (killed after %i)', async (kept) => {
    const keys = await killAfter(kept);
    const storage = new FileStorage(folder);
    for (const key of keys) expect((await storage.stat(key))?.size).toBe(3_000_000);

    const names = await readdir(join(folder, 'sha256'), { recursive: true, withFileTypes: true });
    const files = names.filter((name) => name.isFile()).map((name) => join(name.parentPath, name.name));
    expect(files.length).toBeGreaterThanOrEqual(keys.length);
    for (const file of files) {
      const named = relative(join(folder, 'sha256'), file).replace(/[\\/]/g, '');
      expect(
        createHash('sha256')
          .update(await readFile(file))
          .digest('hex'),
      ).toBe(named);
    }

    // What was in the middle is only in the temporary folder, and is cleared once nobody can be writing it.
    const temporary = join(folder, '.tmp');
    await writeFile(join(temporary, 'cut-off'), 'half'); // a kill between two files leaves none
    const leftovers = await readdir(temporary);
    const longAgo = new Date(Date.now() - 2 * 3600_000);
    for (const name of leftovers) await utimes(join(temporary, name), longAgo, longAgo);
    await storage.prepare();
    expect(await readdir(temporary)).toEqual([]);
    expect((await stat(temporary)).isDirectory()).toBe(true);
  });
});
