import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, resolve, sep } from 'node:path';
import { findBinaries } from '../embedded/binaries.js';
import { StartFailure, systemCode } from '../embedded/failure.js';
import { awayFolder, bringHome } from '../embedded/live-folder.js';
import { stopLeftover } from '../embedded/postmaster.js';
import { postgresUser } from '../embedded/system-user.js';
import { readRunFile } from '../run-file.js';
import { hashFile, listFolder, parseManifest, type BackedUpFile, type Manifest } from './manifest.js';

type Say = (line: string) => void;

/**
 * Copies a stopped data folder (database, documents, mailbox, checkpoints) to a new folder with a manifest of SHA-256 hashes.
 * @throws StartFailure while it runs, or when `target` is there already.
 */
export async function backUp(dataDir: string, target: string, now: Date, say: Say): Promise<Manifest> {
  if (!existsSync(join(dataDir, 'postgres', 'PG_VERSION')) && !existsSync(awayFolder(dataDir))) {
    throw new StartFailure(`DATA_DIR ${dataDir} holds no embedded database: nothing to back up, correct DATA_DIR`);
  }
  refuseRunning(dataDir, 'backed up');
  refuseNonEmpty(target, 'The backup folder');
  if (`${resolve(target)}${sep}`.startsWith(`${resolve(dataDir)}${sep}`)) {
    throw new StartFailure(`${target} is inside DATA_DIR: give a folder outside it`);
  }
  await settle(dataDir, say);
  const { folders, files } = listFolder(dataDir);
  const fresh = `${resolve(target)}.part`;
  rmSync(fresh, { recursive: true, force: true });
  makeFolders(join(fresh, 'data'), folders);
  const entries: BackedUpFile[] = [];
  for (const path of files) {
    const copy = join(fresh, 'data', path);
    copyFileSync(join(dataDir, path), copy);
    entries.push({ path, ...(await hashFile(copy)) });
  }
  const postgres = readFileSync(join(dataDir, 'postgres', 'PG_VERSION'), 'utf8').trim();
  const manifest: Manifest = { format: 1, madeAt: now.toISOString(), postgres, folders, files: entries };
  writeFileSync(join(fresh, 'manifest.json'), `${JSON.stringify(manifest, null, 1)}\n`, { mode: 0o600 });
  rmSync(target, { recursive: true, force: true });
  renameSync(fresh, resolve(target));
  return manifest;
}

/**
 * Puts a backup into an empty DATA_DIR. Every file's hash is checked on the copy, before it becomes the data folder: all or
 * nothing. @throws StartFailure naming the first file that is missing, changed or not in the manifest.
 */
export async function restore(source: string, dataDir: string, say: Say): Promise<Manifest> {
  refuseRunning(dataDir, 'restored');
  refuseNonEmpty(dataDir, 'DATA_DIR');
  const manifestFile = join(source, 'manifest.json');
  if (!existsSync(manifestFile))
    throw new StartFailure(`${source} holds no manifest.json: give the folder that backup made`);
  const manifest = parseManifest(readFileSync(manifestFile, 'utf8'));
  refuseOtherFiles(source, manifest);
  const fresh = `${resolve(dataDir)}.restoring`;
  rmSync(fresh, { recursive: true, force: true });
  try {
    mkdirSync(fresh, { recursive: true }); // as open as any new DATA_DIR: under root the database's user must get in
    makeFolders(fresh, manifest.folders);
    for (const file of manifest.files) await restoreFile(join(source, 'data', file.path), join(fresh, file.path), file);
    if (existsSync(dataDir)) rmSync(dataDir, { recursive: true });
    renameSync(fresh, resolve(dataDir));
  } catch (error) {
    rmSync(fresh, { recursive: true, force: true });
    throw error;
  }
  say(`Restored ${manifest.files.length} files into ${dataDir}`);
  return manifest;
}

async function restoreFile(from: string, to: string, file: BackedUpFile): Promise<void> {
  try {
    copyFileSync(from, to);
  } catch (error) {
    if (systemCode(error) !== 'ENOENT') throw error;
    throw new StartFailure(`${file.path} is missing from the backup: nothing was restored, use another backup`);
  }
  const found = await hashFile(to);
  if (found.sha256 === file.sha256 && found.bytes === file.bytes) return;
  throw new StartFailure(
    `${file.path} is not what was backed up (its SHA-256 differs): nothing was restored, use another backup`,
  );
}

function refuseOtherFiles(source: string, manifest: Manifest): void {
  const named = new Set(manifest.files.map((file) => file.path));
  const extra = listFolder(join(source, 'data')).files.find((path) => !named.has(path));
  if (extra === undefined) return;
  throw new StartFailure(`${extra} is in the backup but not in its manifest: nothing was restored, use another backup`);
}

function refuseRunning(dataDir: string, what: string): void {
  const running = readRunFile(dataDir);
  if (running === null) return;
  throw new StartFailure(
    `It runs on DATA_DIR ${dataDir} (process ${running.pid}) and cannot be ${what} now: stop it first`,
  );
}

function refuseNonEmpty(folder: string, what: string): void {
  if (!existsSync(folder) || readdirSync(folder).length === 0) return;
  throw new StartFailure(`${what} ${folder} is not empty: give another one, or move what is there away`);
}

/** A killed run may have left its server running, or its working copy not brought home. */
async function settle(dataDir: string, say: Say): Promise<void> {
  const away = join(awayFolder(dataDir), 'postgres');
  const live = existsSync(away) ? away : join(dataDir, 'postgres');
  const { pgCtl } = findBinaries(postgresUser(), say);
  if (await stopLeftover(live, pgCtl)) say('Stopped the PostgreSQL that an earlier run had left behind');
  bringHome(live, dataDir);
}

/** Only for the owner: Postgres refuses a data folder that others can read. */
function makeFolders(root: string, folders: readonly string[]): void {
  mkdirSync(dirname(root), { recursive: true });
  mkdirSync(root, { recursive: true, mode: 0o700 });
  for (const folder of folders) mkdirSync(join(root, folder), { recursive: true, mode: 0o700 });
}
