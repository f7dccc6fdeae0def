import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  accessSync,
  closeSync,
  constants,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { findBinaries, type Binaries } from './binaries.js';
import { StartFailure, systemCode } from './failure.js';
import { bringHome, liveFolder } from './live-folder.js';
import { freePort } from './ports.js';
import { isAlive, readPostmaster, stopLeftover, stopPostmaster } from './postmaster.js';
import { giveTo, postgresUser, spawnAs, type SystemUser } from './system-user.js';

export interface PostgresOptions {
  /** Where everything is kept: `postgres/` (the data), `postgres.password` (0600) and `postgres.log`. Made when missing. */
  folder: string;
  /** False in tests only: data that may be lost is written without waiting for the disk. */
  durable?: boolean;
  /** Told, in plain lines, about what takes time. */
  say?: (line: string) => void;
}

export interface RunningPostgres {
  port: number;
  pid: number;
  /** Of the superuser `postgres`. */
  password: string;
  /** A connection string for the superuser. */
  url(database: string): string;
  /** Settles when the server has ended, whoever ended it. */
  ended: Promise<void>;
  /** Fast shutdown; safe to call twice. */
  stop(): Promise<void>;
}

const SETTINGS = [
  'listen_addresses=127.0.0.1',
  'unix_socket_directories=', // paths of sockets have a limit of about 100 bytes, and folders differ in who may write: TCP only
  'max_connections=200',
  'timezone=UTC',
  'log_timezone=UTC',
  'log_error_verbosity=terse', // details quote values, which may be personal data
  'log_min_error_statement=panic',
];
const NOT_DURABLE = ['fsync=off', 'synchronous_commit=off', 'full_page_writes=off'];
const LOG_LIMIT_BYTES = 10_000_000;

/** Starts the embedded server, first stopping one left over from a killed process. @throws StartFailure in one plain line. */
export async function startPostgres(options: PostgresOptions): Promise<RunningPostgres> {
  const say = options.say ?? ((): void => undefined);
  const durable = options.durable ?? true;
  const folder = resolve(options.folder);
  makeWritable(folder);
  const user = postgresUser();
  refuseOtherMajor(folder, user, say);
  const binaries = findBinaries(user, say);
  const data = liveFolder(folder, user, say);
  if (await stopLeftover(data, binaries.pgCtl)) say('Stopped the PostgreSQL that an earlier run had left behind');
  const password = keptPassword(folder);
  if (!existsSync(join(data, 'PG_VERSION'))) {
    say('Making a new PostgreSQL data folder');
    initialise(binaries, data, password, user, durable);
  }
  giveTo(user, data);
  const { child, port } = await launch(binaries, data, folder, user, durable);
  const ended = new Promise<void>((done) => child.once('exit', () => done()));
  let stopping: Promise<void> | null = null;
  const stop = async (): Promise<void> => {
    await stopPostmaster(child.pid ?? 0, data, binaries.pgCtl);
    if (child.exitCode === null && child.signalCode === null) await ended;
    bringHome(data, folder);
  };
  return {
    port,
    pid: child.pid ?? 0,
    password,
    url: (database) => `postgresql://postgres:${password}@127.0.0.1:${port}/${database}`,
    ended,
    stop: () => (stopping ??= stop()),
  };
}

function makeWritable(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true });
    accessSync(folder, constants.W_OK | constants.X_OK);
  } catch (error) {
    throw new StartFailure(
      `DATA_DIR ${folder} cannot be written (${systemCode(error)}): make it writable for this user, or set DATA_DIR to another folder`,
    );
  }
}

/** Before anything is copied or started: Postgres cannot read another major version's files. */
function refuseOtherMajor(folder: string, user: SystemUser | null, say: (line: string) => void): void {
  const file = join(folder, 'postgres', 'PG_VERSION');
  if (!existsSync(file)) return;
  const found = readFileSync(file, 'utf8').trim();
  const { major } = findBinaries(user, say);
  if (found === major) return;
  throw new StartFailure(
    `DATA_DIR ${folder} holds data of PostgreSQL ${found} but this release runs PostgreSQL ${major}: start the release that made it, or set DATA_DIR to another folder`,
  );
}

/** The superuser's password: made once, kept beside the data, readable by the owner only. */
function keptPassword(folder: string): string {
  const file = join(folder, 'postgres.password');
  if (existsSync(file)) return readFileSync(file, 'utf8').trim();
  const password = randomBytes(24).toString('hex');
  writeFileSync(file, `${password}\n`, { mode: 0o600 });
  return password;
}

/** Made beside its place and renamed, so that a start cut short leaves nothing that looks complete. */
function initialise(
  binaries: Binaries,
  data: string,
  password: string,
  user: SystemUser | null,
  durable: boolean,
): void {
  const fresh = `${data}.new`;
  const passwordFile = `${data}.pw`;
  rmSync(fresh, { recursive: true, force: true });
  mkdirSync(fresh, { mode: 0o700 });
  giveTo(user, fresh);
  rmSync(passwordFile, { force: true });
  writeFileSync(passwordFile, password, { mode: 0o600, flag: 'wx' });
  giveTo(user, passwordFile);
  const result = spawnSync(
    binaries.initdb,
    [
      ...['-D', fresh, '-U', 'postgres', `--pwfile=${passwordFile}`, '-A', 'scram-sha-256', '--encoding=UTF8'],
      // Built-in C.UTF-8: sorts and folds case alike on every machine, whatever its own locales are.
      ...['--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'],
      ...(durable ? [] : ['--no-sync']),
    ],
    { ...spawnAs(user), encoding: 'utf8' },
  );
  rmSync(passwordFile, { force: true });
  if (result.status !== 0) {
    rmSync(fresh, { recursive: true, force: true });
    throw new StartFailure(`PostgreSQL could not make its data folder ${data}: ${lastLine(result.stderr ?? '')}`);
  }
  rmSync(data, { recursive: true, force: true });
  renameSync(fresh, data);
}

/** The free port is found before the server takes it, so another program may be quicker: three tries. */
async function launch(
  binaries: Binaries,
  data: string,
  folder: string,
  user: SystemUser | null,
  durable: boolean,
): Promise<{ child: ChildProcess; port: number }> {
  const logFile = join(folder, 'postgres.log');
  if (existsSync(logFile) && statSync(logFile).size > LOG_LIMIT_BYTES) rmSync(logFile);
  for (let attempt = 1; ; attempt += 1) {
    const port = await freePort();
    const before = existsSync(logFile) ? statSync(logFile).size : 0;
    // To a file, not a pipe: the server outlives a killed Node and must not die of a closed pipe.
    const log = openSync(logFile, 'a', 0o600);
    const settings = [...SETTINGS, `port=${port}`, ...(durable ? [] : NOT_DURABLE)];
    const child = spawn(binaries.postgres, ['-D', data, ...settings.flatMap((setting) => ['-c', setting])], {
      ...spawnAs(user),
      stdio: ['ignore', log, log],
      detached: true, // its own process group: Ctrl-C is for this process, which then stops the server last
    });
    const failed = new Promise<string>((done) => child.once('error', (error) => done(error.message)));
    closeSync(log);
    if (await comesUp(child, data)) return { child, port };
    const said = child.pid === undefined ? await failed : readFileSync(logFile, 'utf8').slice(before);
    if (/address already in use/i.test(said) && attempt < 3) continue;
    throw new StartFailure(`PostgreSQL did not start: ${lastLine(said)} (see ${logFile})`);
  }
}

async function comesUp(child: ChildProcess, data: string): Promise<boolean> {
  // No limit of time: recovery after a crash takes as long as it takes, and a server that cannot start ends.
  while (child.pid !== undefined && child.exitCode === null && child.signalCode === null) {
    const found = readPostmaster(data);
    if (found !== null && found.pid === child.pid && found.ready) return isAlive(child.pid);
    await sleep(15);
  }
  return false;
}

function lastLine(text: string): string {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  return (lines.findLast((line) => /FATAL|PANIC|error:/.test(line)) ?? lines.at(-1) ?? 'it gave no reason').trim();
}
