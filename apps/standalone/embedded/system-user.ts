import { chownSync, lstatSync, readdirSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

/** Whom Postgres runs as: it refuses to run as root, so under root it gets the ids every system reserves for "nobody". */
export interface SystemUser {
  uid: number;
  gid: number;
}

const NOBODY: SystemUser = { uid: 65534, gid: 65534 };

/** Null when the present user will do (not root, or a system without user ids). */
export function postgresUser(): SystemUser | null {
  return process.getuid?.() === 0 ? NOBODY : null;
}

/** Spawn options for a Postgres program: always from `/`, since the caller's folder may be closed to that user. */
export function spawnAs(user: SystemUser | null): { cwd?: string; uid?: number; gid?: number } {
  return user === null ? {} : { cwd: '/', uid: user.uid, gid: user.gid };
}

/** Whether every folder above `path` lets `user` through. */
export function canReach(user: SystemUser | null, path: string): boolean {
  if (user === null) return true;
  for (let folder = dirname(resolve(path)); ; folder = dirname(folder)) {
    const { mode, uid, gid } = statSync(folder);
    const bit = uid === user.uid ? 0o100 : gid === user.gid ? 0o010 : 0o001;
    if ((mode & bit) === 0) return false;
    if (folder === dirname(folder)) return true;
  }
}

/** Gives a whole folder to `user`; what is already theirs is left alone, so that a big data folder costs one walk. */
export function giveTo(user: SystemUser | null, path: string): void {
  if (user === null) return;
  const entry = lstatSync(path);
  if (entry.isSymbolicLink()) return;
  if (entry.uid !== user.uid || entry.gid !== user.gid) chownSync(path, user.uid, user.gid);
  if (!entry.isDirectory()) return;
  for (const name of readdirSync(path)) giveTo(user, join(path, name));
}
