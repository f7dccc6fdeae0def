import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { checkKey } from './document-storage.js';
import { FileStorage } from './file-storage.js';

const MAX = { maxBytes: 1_000_000 };
const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

describe('FileStorage', () => {
  let root: string;
  let storage: FileStorage;

  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'storage-'));
    storage = new FileStorage(join(root, 'storage'));
    await storage.prepare();
  });
  afterEach(() => rm(root, { recursive: true, force: true }));

  const leftovers = (): Promise<string[]> => readdir(join(root, 'storage', '.tmp'));

  it('keeps a stream under the hash of its content and gives the same bytes back', async () => {
    const bytes = randomBytes(300_001);
    const chunks = [bytes.subarray(0, 7), bytes.subarray(7, 200_000), bytes.subarray(200_000)];
    const stored = await storage.put(Readable.from(chunks), MAX);
    const hash = sha256(bytes);
    expect(stored).toEqual({ key: `sha256/${hash.slice(0, 2)}/${hash.slice(2)}`, sha256: hash, size: 300_001 });
    expect((await storage.read(stored.key)).equals(bytes)).toBe(true);
    expect((await buffer(await storage.open(stored.key))).equals(bytes)).toBe(true);
    expect(await storage.stat(stored.key)).toEqual({ size: 300_001 });
    expect(await leftovers()).toEqual([]);
  });

  it('gives the same content the same key, whether streamed or in one buffer, many at once', async () => {
    const bytes = Buffer.from('%PDF-1.7 …');
    const stored = await Promise.all([
      ...Array.from({ length: 20 }, () => storage.put(bytes, MAX)),
      storage.put(Readable.from([bytes]), MAX),
    ]);
    expect(new Set(stored.map((file) => file.key)).size).toBe(1);
    expect((await storage.read(stored[0]!.key)).equals(bytes)).toBe(true);
  });

  it('takes a key of the caller’s own and replaces what is there', async () => {
    await storage.put(Buffer.from('one'), { ...MAX, key: 'exports/2018/ledger.txt' });
    await storage.put(Buffer.from('two'), { ...MAX, key: 'exports/2018/ledger.txt' });
    expect((await storage.read('exports/2018/ledger.txt')).toString()).toBe('two');
  });

  it('refuses the byte over the limit and leaves nothing behind', async () => {
    expect((await storage.put(Buffer.alloc(10), { maxBytes: 10 })).size).toBe(10);
    const before = await readdir(join(root, 'storage'), { recursive: true });
    for (const source of [Buffer.alloc(11), Readable.from([Buffer.alloc(6), Buffer.alloc(5)])]) {
      await expect(storage.put(source, { maxBytes: 10 })).rejects.toMatchObject({
        kind: 'too_large',
        code: 'file_too_large',
      });
    }
    expect(await readdir(join(root, 'storage'), { recursive: true })).toEqual(before);
  });

  it('stores nothing of a stream that breaks', async () => {
    async function* broken(): AsyncGenerator<Buffer> {
      yield Buffer.from('half');
      throw new Error('connection lost');
    }
    await expect(storage.put(Readable.from(broken()), MAX)).rejects.toThrow('connection lost');
    expect(await readdir(join(root, 'storage'), { recursive: true })).toEqual(['.tmp']);
  });

  it('clears old leftovers at the start and spares an upload that is running', async () => {
    const temporary = join(root, 'storage', '.tmp');
    await writeFile(join(temporary, 'old'), 'half');
    await writeFile(join(temporary, 'running'), 'half');
    const yesterday = new Date(Date.now() - 24 * 3600_000);
    await utimes(join(temporary, 'old'), yesterday, yesterday);
    await new FileStorage(join(root, 'storage')).prepare();
    expect(await leftovers()).toEqual(['running']);
  });

  it('says so when there is no such file; removing it twice is no error', async () => {
    const { key } = await storage.put(Buffer.from('x'), MAX);
    await storage.remove(key);
    await storage.remove(key);
    expect(await storage.stat(key)).toBeNull();
    await expect(storage.read(key)).rejects.toMatchObject({ kind: 'not_found' });
    await expect(storage.open(key)).rejects.toMatchObject({ kind: 'not_found' });
  });

  it('serves verified bytes only while they are those recorded', async () => {
    const stored = await storage.put(Buffer.from('as recorded'), MAX);
    expect((await storage.readVerified(stored.key, stored.sha256)).toString()).toBe('as recorded');
    expect((await buffer(await storage.openVerified(stored.key, stored.sha256))).toString()).toBe('as recorded');
    await writeFile(join(root, 'storage', stored.key), 'as tampered');
    const refusal = { kind: 'unavailable', code: 'stored_file_damaged' };
    await expect(storage.readVerified(stored.key, stored.sha256)).rejects.toMatchObject(refusal);
    await expect(storage.openVerified(stored.key, stored.sha256)).rejects.toMatchObject(refusal);
  });

  it.each([
    '',
    '/etc/passwd',
    '../x',
    'a/../b',
    'a//b',
    'a/.tmp',
    '.tmp/x',
    'a\\..\\b',
    'a\0',
    'a/',
    'a/b/c/d/e/f/g/h/i',
  ])('refuses the key %j', async (key) => {
    expect(() => checkKey(key)).toThrow('is not a storage key');
    await expect(storage.read(key)).rejects.toThrow('is not a storage key');
    await expect(storage.put(Buffer.from('x'), { ...MAX, key })).rejects.toThrow('is not a storage key');
  });
});
