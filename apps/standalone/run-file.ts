import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { StartFailure } from './embedded/failure.js';
import { isAlive } from './embedded/postmaster.js';

/** What a running standalone tells the commands beside it. Holds passwords, so the file is the owner's only. */
export interface RunFacts {
  pid: number;
  address: string;
  /** Null until the database is ready. */
  database: {
    /** As the runtime role. */
    url: string;
    /** As the owner. */
    migrationUrl: string;
  } | null;
  /** How far its business clock is from the machine's (setting TEST_CLOCK), in milliseconds. */
  clockOffsetMs: number;
}

const NAME = 'run.json';

/**
 * Takes the data folder for this process before its database is started: a second one would stop the first one's server
 * as a leftover. @throws StartFailure when another process has it.
 */
export function claimDataDir(dataDir: string, address: string): void {
  const running = readRunFile(dataDir);
  if (running !== null) {
    throw new StartFailure(
      `It already runs on DATA_DIR ${dataDir} at ${running.address} (process ${running.pid}): stop that one, or set DATA_DIR and PORT to others`,
    );
  }
  writeRunFile(dataDir, { pid: process.pid, address, database: null, clockOffsetMs: 0 });
}

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
