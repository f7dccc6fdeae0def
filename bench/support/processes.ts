import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** The repository. This file runs from dist/bench/support. */
export const ROOT = resolve(import.meta.dirname, '../../..');
/** Everything the benches keep between runs. Deleting it costs only the time to make it again. */
export const KEPT = join(ROOT, 'var/bench');

export interface Program {
  name: string;
  /** Words after `node`: options, the script, its arguments. */
  words: string[];
  env: Record<string, string>;
  command?: string;
  /** Opens a channel for messages. */
  ipc?: boolean;
}

export interface Running {
  readonly child: ChildProcess;
  readonly logFile: string;
  stop(signal?: 'SIGTERM' | 'SIGINT' | 'SIGKILL'): Promise<void>;
}

/** Settings of whoever runs the bench must not reach what is measured. */
const INHERITED = ['PATH', 'HOME', 'TMPDIR', 'LANG', 'SystemRoot'];

/** Starts a program whose output goes to a file under var/bench/logs, as a service's goes to a collector. */
export function launch(program: Program): Running {
  const folder = join(KEPT, 'logs');
  mkdirSync(folder, { recursive: true });
  const logFile = join(folder, `${program.name}.log`);
  const log = openSync(logFile, 'w');
  const own = Object.fromEntries(INHERITED.flatMap((name) => (process.env[name] ? [[name, process.env[name]]] : [])));
  const child = spawn(program.command ?? process.execPath, program.words, {
    cwd: ROOT,
    env: { ...own, ...program.env },
    stdio: ['ignore', log, log, ...(program.ipc ? (['ipc'] as const) : [])],
  });
  closeSync(log);
  const ended = new Promise<void>((done) => {
    child.once('error', () => done());
    child.once('exit', () => done());
  });
  const stop = async (signal: NodeJS.Signals = 'SIGTERM'): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
    child.kill(signal);
    const last = setTimeout(() => child.kill('SIGKILL'), 30_000);
    await ended;
    clearTimeout(last);
  };
  return { child, logFile, stop };
}

/** Waits until `ready` says so. Throws with the end of the log when the program ends or takes too long. */
export async function until(running: Running, ready: () => Promise<boolean>, limitMs = 120_000): Promise<void> {
  const deadline = performance.now() + limitMs;
  while (!(await ready().catch(() => false))) {
    const { exitCode, signalCode } = running.child;
    if (exitCode !== null || signalCode !== null || performance.now() > deadline) {
      throw new Error(`a program did not get ready:\n${readFileSync(running.logFile, 'utf8').slice(-2000)}`);
    }
    await sleep(50);
  }
}

export async function freePort(): Promise<number> {
  return new Promise((done, failed) => {
    const server = createServer();
    server.once('error', failed);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => done(port));
    });
  });
}

/** The path of an installed program, or null. */
export function findProgram(name: string): string | null {
  const found = spawnSync(process.platform === 'win32' ? 'where' : 'which', [name], { encoding: 'utf8' });
  return found.status === 0 ? (found.stdout.split('\n')[0]?.trim() ?? null) : null;
}
