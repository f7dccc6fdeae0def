import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { platform } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { systemCode } from './failure.js';

/** What Postgres writes into `postmaster.pid` (its own documentation, "Database File Layout"). */
export interface Postmaster {
  pid: number;
  port: number;
  ready: boolean;
}

export function readPostmaster(data: string): Postmaster | null {
  const file = join(data, 'postmaster.pid');
  if (!existsSync(file)) return null;
  const lines = readFileSync(file, 'utf8').split('\n');
  return { pid: Number(lines[0]), port: Number(lines[3]), ready: (lines[7] ?? '').trim() === 'ready' };
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return systemCode(error) === 'EPERM';
  }
}

/**
 * After a SIGKILL of Node its Postgres lives on. It is stopped rather than taken over: a fast shutdown and a warm start take a
 * tenth of a second, and the new one has this release's settings and a parent that notices when it ends.
 * @returns whether one was running.
 */
export async function stopLeftover(data: string, pgCtl: string): Promise<boolean> {
  const left = readPostmaster(data);
  if (left === null) return false;
  if (isAlive(left.pid) && isPostgresOf(left.pid, data)) {
    await stopPostmaster(left.pid, data, pgCtl);
    return true;
  }
  // The number now belongs to some other process: Postgres would believe the file and refuse to start.
  rmSync(join(data, 'postmaster.pid'), { force: true });
  return false;
}

/** By the data folder it was started with: cutting off a live server of this folder would ruin it. */
function isPostgresOf(pid: number, data: string): boolean {
  if (platform() === 'linux') {
    const words = commandLine(pid);
    const folder = words[words.indexOf('-D') + 1] ?? '';
    return existsSync(folder) && realpathSync(folder) === realpathSync(data);
  }
  if (platform() === 'win32') return true;
  return spawnSync('ps', ['-p', String(pid), '-o', 'command='], { encoding: 'utf8' }).stdout.includes('postgres');
}

function commandLine(pid: number): string[] {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
  } catch {
    return [];
  }
}

/** Fast shutdown (open transactions are rolled back); after 30 seconds the immediate one, which the next start recovers from. */
export async function stopPostmaster(pid: number, data: string, pgCtl: string): Promise<void> {
  if (platform() === 'win32') {
    spawnSync(pgCtl, ['stop', '-D', data, '-m', 'fast', '-w'], { stdio: 'ignore' });
    return;
  }
  signal(pid, 'SIGINT');
  if (await gone(pid, 30_000)) return;
  signal(pid, 'SIGQUIT');
  await gone(pid, 10_000);
}

function signal(pid: number, name: 'SIGINT' | 'SIGQUIT'): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    if (systemCode(error) !== 'ESRCH') throw error;
  }
}

async function gone(pid: number, withinMs: number): Promise<boolean> {
  for (let waited = 0; waited < withinMs; waited += 20) {
    if (!isAlive(pid)) return true;
    await sleep(20);
  }
  return !isAlive(pid);
}
