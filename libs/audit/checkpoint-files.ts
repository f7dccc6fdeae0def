import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DurableFolder, whenMissing } from '#platform/storage';
import { checkpointHash, type ChainHead, type Checkpoint } from './domain/index.js';

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
  private readonly folder: DurableFolder;

  constructor(private readonly directory: string) {
    this.folder = new DurableFolder(directory);
  }

  /** Writes one atomically and durably. Throws when a file of that number says something else. */
  async write(checkpoint: Checkpoint): Promise<void> {
    const { number, hash } = checkpoint;
    await this.folder.prepare();
    const text = `${JSON.stringify({ format: FORMAT, ...checkpoint }, null, 2)}\n`;
    if (await this.folder.add(fileName(number), text)) return;
    const found = await this.read(number);
    if (typeof found === 'string' || found.hash !== hash) {
      throw new Error(`The file of audit checkpoint ${number} exists and says something else.`);
    }
  }

  /** Reads one and checks its form; whether its hash is right is for whoever compares. */
  async read(number: number): Promise<CheckpointFile> {
    let text: string;
    try {
      text = await readFile(join(this.directory, fileName(number)), 'utf8');
    } catch (error) {
      return (error as NodeJS.ErrnoException).code === 'ENOENT' ? 'missing' : 'unreadable';
    }
    return parse(text) ?? 'unreadable';
  }

  /** The numbers of the files there are, in order. One a day: few enough to hold. */
  async numbers(): Promise<number[]> {
    const names = await readdir(this.directory).catch(whenMissing([]));
    return names
      .flatMap((name) => /^checkpoint-(\d{9,15})\.json$/.exec(name)?.[1] ?? [])
      .map(Number)
      .sort((a, b) => a - b);
  }
}

const fileName = (number: number): string => `checkpoint-${String(number).padStart(9, '0')}.json`;

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
