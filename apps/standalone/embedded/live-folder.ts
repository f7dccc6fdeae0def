import { createHash } from 'node:crypto';
import { chmodSync, cpSync, existsSync, mkdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { StartFailure } from './failure.js';
import { canReach, giveTo, type SystemUser } from './system-user.js';

/**
 * The folder Postgres works in: `folder/postgres`, except where its user cannot get there (root's own home is closed to
 * others). Then it works in a copy under the temporary folder, which `bringHome` puts back when the server has stopped.
 * A copy found there is newer than home: the run that made it was killed before it could bring it home.
 */
export function liveFolder(folder: string, user: SystemUser | null, say: (line: string) => void): string {
  const home = join(folder, 'postgres');
  if (canReach(user, home)) return home;
  const away = awayFolder(folder);
  if (existsSync(away) && statSync(away).uid !== 0) {
    throw new StartFailure(
      `${away} belongs to somebody else: remove it, or set DATA_DIR to a folder outside any private one`,
    );
  }
  say(`PostgreSQL's user cannot enter ${folder}: working in a copy, ${away}, brought back when it stops`);
  mkdirSync(away, { recursive: true, mode: 0o711 });
  const live = join(away, 'postgres');
  if (!existsSync(join(live, 'PG_VERSION')) && existsSync(join(home, 'PG_VERSION'))) {
    copyWhole(home, live);
    giveTo(user, live);
  }
  return live;
}

/** After a clean stop: the working copy, if there is one, replaces what is at home. */
export function bringHome(live: string, folder: string): void {
  const home = join(folder, 'postgres');
  if (live === home) return;
  copyWhole(live, home);
  rmSync(awayFolder(folder), { recursive: true, force: true });
}

/** Where the copy of this data folder is while a server works in it. */
export function awayFolder(folder: string): string {
  return join(tmpdir(), `programme-claims-${createHash('sha256').update(folder).digest('hex').slice(0, 16)}`);
}

function copyWhole(from: string, to: string): void {
  const fresh = `${to}.new`;
  rmSync(fresh, { recursive: true, force: true });
  cpSync(from, fresh, { recursive: true, preserveTimestamps: true });
  chmodSync(fresh, 0o700); // some releases of Node do not copy a folder's mode, and Postgres refuses any other
  rmSync(to, { recursive: true, force: true });
  renameSync(fresh, to);
}
