import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import {
  appendFileSync,
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { backUp, restore } from '../../apps/standalone/backup/backup.js';
import { startPostgres } from '../../apps/standalone/embedded/postgres.js';
import { writeRunFile } from '../../apps/standalone/run-file.js';

const AT = new Date('2018-03-20T09:00:00Z');
const quiet = (): void => undefined;

async function query(url: string, sql: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

describe('backup and restore', () => {
  let root: string;
  let dataDir: string;
  let target: string;

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'claims-backup-'));
    chmodSync(root, 0o711);
    dataDir = join(root, 'data');
    target = join(root, 'copy');
    mkdirSync(join(dataDir, 'storage/ab'), { recursive: true });
    writeFileSync(join(dataDir, 'storage/ab/invoice.pdf'), '%PDF-1.7 an invoice');
    // Only the first test needs a real database; hashing and refusing ask no more of it than its version.
    mkdirSync(join(dataDir, 'postgres'));
    writeFileSync(join(dataDir, 'postgres/PG_VERSION'), '18\n');
  });
  afterEach(() => {
    rmSync(root, { recursive: true, force: true });
  });

  it('brings database and documents back into an empty folder', async () => {
    rmSync(join(dataDir, 'postgres'), { recursive: true });
    const before = await startPostgres({ folder: dataDir, durable: false });
    await query(before.url('postgres'), 'CREATE TABLE kept AS SELECT 107820 AS pence');
    await before.stop();

    const manifest = await backUp(dataDir, target, AT, quiet);
    expect(manifest).toMatchObject({ format: 1, madeAt: '2018-03-20T09:00:00.000Z', postgres: '18' });
    rmSync(dataDir, { recursive: true });

    await restore(target, dataDir, quiet);

    expect(readFileSync(join(dataDir, 'storage/ab/invoice.pdf'), 'utf8')).toBe('%PDF-1.7 an invoice');
    const server = await startPostgres({ folder: dataDir, durable: false });
    try {
      expect(await query(server.url('postgres'), 'SELECT pence FROM kept')).toEqual([{ pence: 107820 }]);
    } finally {
      await server.stop();
    }
  });

  it.each([
    [
      'changed',
      (): void => appendFileSync(join(target, 'data/storage/ab/invoice.pdf'), ' and more'),
      /invoice\.pdf is not what was backed up/,
    ],
    [
      'taken away',
      (): void => rmSync(join(target, 'data/storage/ab/invoice.pdf')),
      /invoice\.pdf is missing from the backup/,
    ],
    [
      'added',
      (): void => writeFileSync(join(target, 'data/storage/ab/other.pdf'), 'x'),
      /other\.pdf is in the backup but not in its manifest/,
    ],
  ])('restores nothing of a backup in which a file was %s', async (_what, tamper, message) => {
    await backUp(dataDir, target, AT, quiet);
    tamper();
    const empty = join(root, 'empty');
    await expect(restore(target, empty, quiet)).rejects.toThrow(message);
    expect(readdirSync(root).filter((name) => name.startsWith('empty'))).toEqual([]);
  });

  it('refuses a manifest that leads out of the data folder', async () => {
    await backUp(dataDir, target, AT, quiet);
    const file = join(target, 'manifest.json');
    writeFileSync(file, readFileSync(file, 'utf8').replace('storage/ab/invoice.pdf', '../../outside.pdf'));
    await expect(restore(target, join(root, 'empty'), quiet)).rejects.toThrow(/outside the data folder/);
  });

  it('refuses a data folder that holds something', async () => {
    await backUp(dataDir, target, AT, quiet);
    await expect(restore(target, dataDir, quiet)).rejects.toThrow(/is not empty/);
  });

  it('refuses while it runs', async () => {
    const facts = {
      pid: process.pid,
      address: 'http://localhost:3000',
      database: null,
      clockOffsetMs: 0,
    };
    writeRunFile(dataDir, facts);
    await expect(backUp(dataDir, target, AT, quiet)).rejects.toThrow(/stop it first/);
    await expect(restore(target, dataDir, quiet)).rejects.toThrow(/stop it first/);
  });

  it('refuses a backup inside the folder it copies', async () => {
    await expect(backUp(dataDir, join(dataDir, 'copy'), AT, quiet)).rejects.toThrow(/inside DATA_DIR/);
  });
});
