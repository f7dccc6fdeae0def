import { mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { DurableFolder } from './index.js';

describe('DurableFolder', () => {
  let parent: string;
  let root: string;
  let folder: DurableFolder;

  beforeEach(async () => {
    parent = await mkdtemp(join(tmpdir(), 'durable-'));
    root = join(parent, 'kept');
    folder = new DurableFolder(root);
  });
  afterEach(() => rm(parent, { recursive: true, force: true }));

  const text = (name: string) => readFile(join(root, name), 'utf8');
  const everything = async () => (await readdir(root, { recursive: true })).sort();

  it('keeps the first of what is added under one name, however many add it at once', async () => {
    const made = await Promise.all(Array.from({ length: 20 }, (_, at) => folder.add('one', `text ${at}`)));
    expect(made.filter(Boolean)).toHaveLength(1);
    expect(await text('one')).toBe(`text ${made.indexOf(true)}`);
    expect(await new DurableFolder(root).add('one', 'late')).toBe(false);
    expect(await text('one')).toBe(`text ${made.indexOf(true)}`);
    expect(await everything()).toEqual(['.tmp', 'one']);
  });

  it('puts a file at the name its content comes to, in place of what was there', async () => {
    const put = (content: string) =>
      folder.put(
        async (file) => {
          await file.writeFile(content);
          return content.length;
        },
        (length) => `by-length/${length}`,
      );
    expect(await put('old')).toBe(3);
    expect(await put('new')).toBe(3);
    expect(await text('by-length/3')).toBe('new');
    expect(await everything()).toEqual(['.tmp', 'by-length', 'by-length/3']);
  });

  it('leaves nothing of what could not be written', async () => {
    const broken = folder.put(
      async (file) => {
        await file.writeFile('half');
        throw new Error('the source broke');
      },
      () => 'one',
    );
    await expect(broken).rejects.toThrow('the source broke');
    expect(await everything()).toEqual(['.tmp']);
  });

  it('is the service’s own: no other user reads a file or lists a folder', async () => {
    await folder.add('below/one', 'text');
    const modes = await Promise.all(['.', '.tmp', 'below', 'below/one'].map((name) => stat(join(root, name))));
    expect(modes.map(({ mode }) => (mode & 0o777).toString(8))).toEqual(['700', '700', '700', '600']);
  });

  it('can be prepared again after it was removed, and clears what is old', async () => {
    await folder.add('one', 'text');
    await rm(root, { recursive: true });
    await folder.prepare();
    await folder.add('two', 'text');
    const yesterday = new Date(Date.now() - 24 * 3600_000);
    await writeFile(join(root, '.tmp', 'old'), 'half');
    await utimes(join(root, '.tmp', 'old'), yesterday, yesterday);
    await writeFile(join(root, '.tmp', 'running'), 'half');
    await folder.prepare();
    expect(await everything()).toEqual(['.tmp', '.tmp/running', 'two']);
  });
});
