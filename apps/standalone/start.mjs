#!/usr/bin/env node
/**
 * What `npm start` runs, with nothing installed yet but Node: installs the packages when they are not those of the lockfile,
 * builds when a source changed since the last build, then runs the program in this same process.
 *
 *   node apps/standalone/start.mjs                     the service
 *   node apps/standalone/start.mjs <command> [args]    a command of apps/standalone/commands
 *   node apps/standalone/start.mjs build               installs and builds only
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
const DIST = join(ROOT, 'dist');
const STAMP = join(DIST, '.sources');
const SOURCES = ['apps', 'libs', 'migrations', 'seeds'];
const BUILD_FILES = ['package.json', 'package-lock.json', 'tsconfig.json', 'tsconfig.build.json', 'nest-cli.json'];

function say(line) {
  process.stderr.write(`${line}\n`);
}

function fail(line) {
  say(line);
  process.exit(1);
}

function requireNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major < 20 || (major === 20 && minor < 19)) {
    fail(`Node ${process.versions.node} is too old: install Node 20.19 or later (24 is what the image ships)`);
  }
}

/** npm leaves its own record of what is installed: every package that the lockfile asks for must be there, same version. */
function isInstalled() {
  const record = join(ROOT, 'node_modules/.package-lock.json');
  if (!existsSync(record)) return false;
  const wanted = JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8')).packages;
  const found = JSON.parse(readFileSync(record, 'utf8')).packages;
  return Object.entries(wanted).every(
    ([path, { version, optional, devOptional, peer }]) =>
      path === '' || (found[path] === undefined ? optional || devOptional || peer : found[path].version === version),
  );
}

function install() {
  if (isInstalled()) return;
  say('Installing packages (once, about half a minute) …');
  const result = npm(['ci', '--include=dev', '--no-fund', '--no-audit']);
  if (result.status !== 0)
    throw new Error('The packages could not be installed: see what npm says above, then start again');
}

function npm(words) {
  // stdout is kept for what a command prints.
  const stdio = ['ignore', 2, 2];
  const script = process.env.npm_execpath;
  if (script?.endsWith('.js')) return spawnSync(process.execPath, [script, ...words], { cwd: ROOT, stdio });
  return spawnSync('npm', words, { cwd: ROOT, stdio, shell: process.platform === 'win32' });
}

/** By content, not by time: a clone, a copy or a checkout changes every file's time. */
function sourcesHash() {
  const hash = createHash('sha256');
  const add = (path) => hash.update(relative(ROOT, path)).update('\0').update(readFileSync(path)).update('\0');
  for (const name of BUILD_FILES) add(join(ROOT, name));
  for (const folder of SOURCES) for (const path of filesUnder(join(ROOT, folder))) add(path);
  return hash.digest('hex');
}

function filesUnder(folder) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.name.endsWith('.spec.ts'))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

function build() {
  if (isBuilt(sourcesHash())) return;
  const unlock = lockBuild();
  try {
    const hash = sourcesHash();
    if (!isBuilt(hash)) compile(hash); // else another start was quicker
  } finally {
    unlock();
  }
}

function isBuilt(hash) {
  return existsSync(STAMP) && readFileSync(STAMP, 'utf8') === hash;
}

function compile(hash) {
  say('Building …');
  rmSync(STAMP, { force: true });
  removeOrphans();
  const nest = join(ROOT, 'node_modules/@nestjs/cli/bin/nest.js');
  const result = spawnSync(process.execPath, [nest, 'build'], { cwd: ROOT, stdio: ['ignore', 2, 2] });
  if (result.status !== 0) throw new Error('The build failed: see what the compiler says above');
  const assets = spawnSync(process.execPath, [join(ROOT, 'apps/web/build-assets.mjs')], {
    cwd: ROOT,
    stdio: ['ignore', 2, 2],
  });
  if (assets.status !== 0) throw new Error('The style sheets and scripts of the pages could not be built: see above');
  writeFileSync(STAMP, hash);
}

/** Two compilers in one folder would spoil each other's work. @returns what to call afterwards. */
function lockBuild() {
  const lock = join(ROOT, 'node_modules/.building');
  for (;;) {
    try {
      writeFileSync(lock, String(process.pid), { flag: 'wx' });
      return () => rmSync(lock, { force: true });
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
      if (!isAlive(readPid(lock))) rmSync(lock, { force: true });
      else Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 200);
    }
  }
}

function readPid(lock) {
  try {
    return Number(readFileSync(lock, 'utf8'));
  } catch {
    return 0; // gone meanwhile
  }
}

function isAlive(pid) {
  if (!(pid > 0)) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

/** The compiler leaves behind what it made of sources that are gone. */
function removeOrphans() {
  for (const folder of SOURCES) {
    for (const path of filesUnder(join(DIST, folder))) {
      // The pages' scripts are made by build-assets.mjs, which removes its own.
      if (!/\.js(\.map)?$/.test(path) || path.startsWith(join(DIST, 'apps/web/public'))) continue;
      const source = join(ROOT, relative(DIST, path)).replace(/\.js(\.map)?$/, '');
      if (!['.ts', '.js', '.mjs'].some((end) => existsSync(source + end))) rmSync(path);
    }
  }
}

function programOf(command) {
  if (command === undefined) return join(DIST, 'apps/standalone/main.js');
  const known = readdirSync(join(ROOT, 'apps/standalone/commands'))
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.spec.ts'))
    .map((name) => name.slice(0, -3));
  if (!known.includes(command)) fail(`There is no command "${command}": there are ${known.join(', ')}`);
  return join(DIST, `apps/standalone/commands/${command}.js`);
}

requireNode();
const command = process.argv[2];
const program = command === 'build' ? null : programOf(command);
try {
  install();
  build();
} catch (error) {
  fail(error.message);
}
if (program !== null) {
  process.env.TZ = 'UTC';
  process.setSourceMapsEnabled(true);
  await import(pathToFileURL(program).href);
}
