import { link, mkdir, open, readdir, readFile, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { randomUUID } from 'node:crypto';
import { checkpointHash, type ChainHead, type Checkpoint } from './domain/index.js';

/** Nobody but the service's own user: these are invoices and people's addresses. */
const PRIVATE = 0o700;

/** What a checkpoint's file says: a checkpoint, nothing (`missing`), or something else (`unreadable`). */
export type CheckpointFile = Checkpoint | 'missing' | 'unreadable';

const FORMAT = 'audit-checkpoint-v1';
const HASH = /^[0-9a-f]{64}$/;
const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

/**
 * Checkpoints as files outside the database, one each, never overwritten. Whoever can change the database's tables
 * cannot change these; copied elsewhere by the backup they bind whoever administers both.
 */
export class CheckpointFiles {
  constructor(private readonly directory: string) {}

  /** Writes one atomically and durably. Throws when a file of that number says something else. */
  async write(checkpoint: Checkpoint): Promise<void> {
    await mkdir(this.directory, { recursive: true, mode: PRIVATE });
    const temporary = join(this.directory, `.${randomUUID()}.tmp`);
    const file = await open(temporary, 'wx', 0o640);
    try {
      await file.writeFile(`${JSON.stringify({ format: FORMAT, ...checkpoint }, null, 2)}\n`);
      await file.sync();
    } finally {
      await file.close();
    }
    try {
      // A link fails where a rename would silently replace.
      await link(temporary, this.path(checkpoint.number));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      const found = await this.read(checkpoint.number);
      if (typeof found === 'string' || found.hash !== checkpoint.hash) {
        throw new Error(`The file of audit checkpoint ${checkpoint.number} exists and says something else.`);
      }
    } finally {
      await unlink(temporary);
    }
    await this.flush();
  }

  /** Reads one and checks its form; whether its hash is right is for whoever compares. */
  async read(number: number): Promise<CheckpointFile> {
    let text: string;
    try {
      text = await readFile(this.path(number), 'utf8');
    } catch (error) {
      return (error as NodeJS.ErrnoException).code === 'ENOENT' ? 'missing' : 'unreadable';
    }
    return parse(text) ?? 'unreadable';
  }

  /** The numbers of the files there are, in order. One a day: few enough to hold. */
  async numbers(): Promise<number[]> {
    const names = await readdir(this.directory).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return [];
      throw error;
    });
    return names
      .flatMap((name) => /^checkpoint-(\d{9,15})\.json$/.exec(name)?.[1] ?? [])
      .map(Number)
      .sort((a, b) => a - b);
  }

  private path(number: number): string {
    return join(this.directory, `checkpoint-${String(number).padStart(9, '0')}.json`);
  }

  private async flush(): Promise<void> {
    if (process.platform === 'win32') return; // Windows refuses to open a folder and flushes its entries itself.
    const folder = await open(this.directory, 'r');
    try {
      await folder.sync();
    } finally {
      await folder.close();
    }
  }
}

function parse(text: string): Checkpoint | null {
  try {
    const { format, number, at, heads, previousHash, hash } = JSON.parse(text) as Record<string, unknown>;
    const sound =
      format === FORMAT &&
      Number.isSafeInteger(number) &&
      isText(at, INSTANT) &&
      isText(previousHash, HASH) &&
      isText(hash, HASH) &&
      Array.isArray(heads) &&
      heads.every(isHead);
    return sound ? ({ number, at, heads, previousHash, hash } as Checkpoint) : null;
  } catch {
    return null;
  }
}

const isText = (value: unknown, form: RegExp): boolean => typeof value === 'string' && form.test(value);

function isHead(value: unknown): value is ChainHead {
  const head = value as Partial<ChainHead> | null;
  return typeof head?.chain === 'string' && Number.isSafeInteger(head.seq) && isText(head.hash, HASH);
}

/** Whether a checkpoint is what its own hash was made of. */
export const isIntact = (checkpoint: Checkpoint): boolean => checkpointHash(checkpoint) === checkpoint.hash;
