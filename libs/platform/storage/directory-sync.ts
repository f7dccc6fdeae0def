import { open } from 'node:fs/promises';

/**
 * Flushes folders, so that a rename in them survives a power cut. Callers that ask while a flush of the same folder
 * runs share the next one: under load one flush serves many files, and each still waits for one begun after its rename.
 */
export class DirectorySync {
  private readonly running = new Map<string, Promise<void>>();
  private readonly waiting = new Map<string, Promise<void>>();

  flush(directory: string): Promise<void> {
    const current = this.running.get(directory);
    if (!current) return this.start(directory);
    const next = this.waiting.get(directory) ?? this.after(current, directory);
    this.waiting.set(directory, next);
    return next;
  }

  private async after(current: Promise<void>, directory: string): Promise<void> {
    await current.catch(() => undefined);
    this.waiting.delete(directory);
    return this.start(directory);
  }

  private start(directory: string): Promise<void> {
    const flush = flushNow(directory).finally(() => {
      if (this.running.get(directory) === flush) this.running.delete(directory);
    });
    this.running.set(directory, flush);
    return flush;
  }
}

async function flushNow(directory: string): Promise<void> {
  if (process.platform === 'win32') return; // Windows flushes folder entries itself and refuses to open a folder.
  const handle = await open(directory, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
