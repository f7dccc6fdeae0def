import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isAlive } from './embedded/postmaster.js';

/** What a running standalone tells the commands beside it. Holds passwords, so the file is the owner's only. */
export interface RunFacts {
  pid: number;
  address: string;
  /** As the runtime role. */
  databaseUrl: string;
  /** As the owner. */
  migrationUrl: string;
}

const NAME = 'run.json';

export function writeRunFile(dataDir: string, facts: RunFacts): void {
  const file = join(dataDir, NAME);
  rmSync(file, { force: true }); // a file that is there keeps its mode: never write secrets into somebody's open one
  writeFileSync(file, `${JSON.stringify(facts, null, 2)}\n`, { mode: 0o600, flag: 'wx' });
}

export function removeRunFile(dataDir: string): void {
  if (readRunFile(dataDir)?.pid === process.pid) rmSync(join(dataDir, NAME), { force: true });
}

/** The facts of the process that runs on this data folder now, or null: what a killed one left behind does not count. */
export function readRunFile(dataDir: string): RunFacts | null {
  const file = join(dataDir, NAME);
  if (!existsSync(file)) return null;
  try {
    const facts = JSON.parse(readFileSync(file, 'utf8')) as RunFacts;
    return isAlive(facts.pid) && isOurs(facts.pid) ? facts : null;
  } catch {
    return null; // cut short by a crash
  }
}

/** Process numbers are used again, most of all in containers: on Linux, look at what the process is. */
function isOurs(pid: number): boolean {
  if (pid === process.pid) return true;
  const file = `/proc/${pid}/cmdline`;
  if (!existsSync(file)) return process.platform !== 'linux';
  return readFileSync(file, 'utf8').includes('standalone');
}
