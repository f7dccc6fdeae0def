#!/usr/bin/env node
/**
 * Runs the tests: `node test/run.mjs [unit|integration|e2e|faults|web|long|default|all] [jest arguments]`.
 *
 *   unit         specs beside the code: no services
 *   integration, e2e, faults   one folder of test/
 *   web          test/web (pages without JavaScript) and test/browser
 *   default      everything but *.long.spec.ts (what `npm test` runs)
 *   long         the *.long.spec.ts
 *   all          both
 *
 * A spec named by its path replaces the suite's folders: `node test/run.mjs test/integration/rls.spec.ts` runs that one.
 * Jest's own --testPathPatterns only adds to the folders, so it does not narrow a suite; `-t NAME` does.
 *
 * For all but `unit` it starts one embedded PostgreSQL in a temporary folder and, where installed, redis-server, and tells the
 * tests by TEST_DATABASE_ADMIN_URL and TEST_REDIS_URL. Programs that are missing skip the suites that need them and say so;
 * with CI=true they are an error.
 */
import { spawn, spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const PREFIX = 'programme-claims-test-';
const LONG = String.raw`\.long\.spec\.ts$`;
const SUITES = {
  unit: { paths: ['<rootDir>/(apps|libs|migrations|seeds)/'], services: false },
  integration: { paths: ['<rootDir>/test/integration/'], services: true },
  e2e: { paths: ['<rootDir>/test/e2e/'], services: true },
  faults: { paths: ['<rootDir>/test/faults/'], services: true },
  web: { paths: ['<rootDir>/test/(web|browser)/'], services: true },
  default: { paths: ['<rootDir>/'], services: true },
  long: { paths: ['<rootDir>/'], services: true, long: 'only' },
  all: { paths: ['<rootDir>/'], services: true, long: 'too' },
};
/** What the tests need besides Node: the variable that tells them where it is, and who needs it. */
const PROGRAMS = [
  { variable: 'TEST_REDIS_SERVER', names: ['redis-server'], of: 'the queue on Redis' },
  { variable: 'TEST_CHROMIUM', names: ['chromium', 'chromium-browser', 'google-chrome'], of: 'the pages in a browser' },
  { variable: 'TEST_XMLLINT', names: ['xmllint'], of: 'invoice XML against its schema' },
  { variable: 'TEST_QPDF', names: ['qpdf'], of: 'the structure of PDFs' },
  { variable: 'TEST_PDFINFO', names: ['pdfinfo'], of: 'the tags and metadata of PDFs' },
  { variable: 'TEST_HLEDGER', names: ['hledger'], of: 'the books by hledger' },
  { variable: 'TEST_LEDGER', names: ['ledger'], of: 'the books by ledger' },
];

const cleanups = [];
let child = null;
let interrupted = false;

/** Runs the chosen suite. @returns the exit code. */
async function main() {
  const [first, ...rest] = process.argv.slice(2);
  const named = first !== undefined && first in SUITES;
  const suite = SUITES[named ? first : 'default'];
  const jestArguments = named ? rest : process.argv.slice(2);
  const env = { ...process.env, NODE_ENV: 'test', TZ: 'UTC' };
  env.NODE_OPTIONS = [process.env.NODE_OPTIONS, '--experimental-vm-modules', '--no-warnings'].filter(Boolean).join(' ');
  if (suite.services) {
    findPrograms(env);
    buildAssets();
    await startServices(env);
  }
  if (interrupted) return 130;
  const report = join(temporaryFolder(), 'jest.json');
  const code = await runJest(suite, jestArguments, env, report);
  return summarise(report, code);
}

/** Pages name their style sheet and scripts by what was built. */
function buildAssets() {
  const built = spawnSync(process.execPath, [join(ROOT, 'apps/web/build-assets.mjs')], { stdio: 'inherit' });
  if (built.status !== 0) throw new Error('The assets of the pages could not be built: see above');
}

function findPrograms(env) {
  const missing = [];
  for (const { variable, names, of } of PROGRAMS) {
    const path = names.map(findOnPath).find((found) => found !== null);
    if (path) env[variable] ??= path;
    else missing.push({ name: names[0], of });
  }
  if (missing.length === 0) return;
  if (process.env.CI === 'true') {
    throw new Error(`CI=true but not installed: ${missing.map(({ name }) => name).join(', ')}`);
  }
  for (const { name, of } of missing) say(`Skipping the tests of ${of}: ${name} is not installed`);
}

function findOnPath(name) {
  const found = spawnSync(process.platform === 'win32' ? 'where' : 'which', [name], { encoding: 'utf8' });
  return found.status === 0 ? found.stdout.split('\n')[0].trim() : null;
}

async function startServices(env) {
  const postgres = await startEmbeddedPostgres(join(temporaryFolder(), 'database'));
  env.TEST_RUN_ID = String(process.pid);
  env.TEST_DATABASE_ADMIN_URL = postgres.url('postgres');
  if (env.TEST_REDIS_SERVER) env.TEST_REDIS_URL = await startRedis(env.TEST_REDIS_SERVER);
}

async function startEmbeddedPostgres(folder) {
  const to = await compileLauncher();
  const { startPostgres } = await import(pathToFileURL(join(to, 'postgres.js')).href);
  await removeKilledRuns(await import(pathToFileURL(join(to, 'postmaster.js')).href));
  const postgres = await startPostgres({ folder, durable: false, say });
  cleanups.push(() => postgres.stop());
  return postgres;
}

/** The launcher is TypeScript and the tests must not need a build: its few files, which import nothing of ours, are compiled alone. */
async function compileLauncher() {
  const { transformFileSync } = await import('@swc/core');
  const from = join(ROOT, 'apps/standalone/embedded');
  const to = mkdtempSync(join(makeFolder(join(ROOT, 'node_modules/.cache')), 'launcher-'));
  cleanups.push(() => rmSync(to, { recursive: true, force: true }));
  writeFileSync(join(to, 'package.json'), '{"type":"module"}');
  for (const name of readdirSync(from).filter((file) => file.endsWith('.ts') && !file.endsWith('.spec.ts'))) {
    const options = {
      swcrc: false,
      module: { type: 'es6' },
      jsc: { target: 'es2022', parser: { syntax: 'typescript' } },
    };
    writeFileSync(join(to, name.replace(/\.ts$/, '.js')), transformFileSync(join(from, name), options).code);
  }
  return to;
}

/** A run that was killed outright could not stop its services: the next one does. */
async function removeKilledRuns({ isAlive, stopLeftover }) {
  for (const name of readdirSync(tmpdir()).filter((entry) => entry.startsWith(PREFIX))) {
    const old = join(tmpdir(), name);
    const [runner, redis] = ['run.pid', 'redis.pid'].map((file) => readNumber(join(old, file)));
    if (runner === null || isAlive(runner)) continue;
    await stopLeftover(join(old, 'database/postgres'), '');
    if (redis !== null && commandOf(redis).includes('redis-server')) process.kill(redis, 'SIGTERM');
    rmSync(old, { recursive: true, force: true });
  }
}

function readNumber(file) {
  try {
    return Number(readFileSync(file, 'utf8'));
  } catch {
    return null;
  }
}

function commandOf(pid) {
  return spawnSync('ps', ['-p', String(pid), '-o', 'command='], { encoding: 'utf8' }).stdout ?? '';
}

async function startRedis(program) {
  const port = await freePort();
  const folder = makeFolder(join(temporaryFolder(), 'redis'));
  const server = spawn(
    program,
    [
      '--bind',
      '127.0.0.1',
      '--port',
      String(port),
      '--dir',
      folder,
      '--save',
      '',
      '--appendonly',
      'no',
      '--maxmemory-policy',
      'noeviction',
    ],
    { stdio: ['ignore', 'pipe', 'inherit'], detached: true },
  );
  cleanups.push(() => stopChild(server));
  writeFileSync(join(temporaryFolder(), 'redis.pid'), String(server.pid));
  await new Promise((ready, failed) => {
    let said = '';
    server.stdout.on('data', (chunk) => {
      said += chunk;
      if (said.includes('Ready to accept connections')) ready();
    });
    server.once('exit', () => failed(new Error(`redis-server did not start: ${said.trim().split('\n').at(-1)}`)));
  });
  return `redis://127.0.0.1:${port}`;
}

async function runJest(suite, jestArguments, env, report) {
  const ignored = ['/node_modules/', '/dist/', '/var/', ...(suite.long === undefined ? [LONG] : [])];
  const files = jestArguments.filter((argument) => /\.spec\.ts$|^(apps|libs|migrations|seeds|test)\//.test(argument));
  const options = jestArguments.filter((argument) => !files.includes(argument));
  // A named file replaces the folders of the suite: the quick way to run one spec.
  const paths =
    files.length > 0 ? files : suite.paths.map((path) => path.replace('<rootDir>', `^${escapeRegExp(ROOT)}`));
  child = spawn(
    process.execPath,
    [
      join(ROOT, 'node_modules/jest/bin/jest.js'),
      ...['--json', `--outputFile=${report}`, '--passWithNoTests'],
      ...(options.some((option) => /^(-w|-i|--maxWorkers|--runInBand)/.test(option)) ? [] : ['--maxWorkers=2']),
      ...ignored.flatMap((pattern) => ['--testPathIgnorePatterns', pattern]),
      ...(options.some((option) => option.startsWith('--testTimeout')) ? [] : ['--testTimeout=120000']),
      ...(suite.long === 'only' ? ['--testMatch', `${ROOT}/**/*.long.spec.ts`] : []),
      ...options,
      ...paths.flatMap((path) => ['--testPathPatterns', path]),
    ],
    // Jest prints its JSON on stdout only without --outputFile; what people read goes to stderr, as always.
    { cwd: ROOT, env, stdio: ['ignore', 'inherit', 'inherit'] },
  );
  return await new Promise((done) => child.once('exit', (code, signal) => done(signal ? 130 : (code ?? 1))));
}

function summarise(report, code) {
  let result;
  try {
    result = JSON.parse(readFileSync(report, 'utf8'));
  } catch {
    return code || 1;
  }
  // A suite that could not even load has no tests to count; it must not read as nothing failed.
  const unloaded = result.testResults.filter((file) => file.status === 'failed' && file.assertionResults.length === 0);
  const failed = result.numFailedTests + unloaded.length;
  process.stdout.write(`\n${result.numPassedTests} passed, ${failed} failed, ${result.numPendingTests} skipped\n`);
  return code;
}

async function freePort() {
  return await new Promise((done, failed) => {
    const server = createServer();
    server.once('error', failed);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => done(port));
    });
  });
}

async function stopChild(server) {
  if (server.exitCode !== null || server.signalCode !== null) return;
  const gone = new Promise((done) => server.once('exit', done));
  server.kill('SIGTERM');
  const last = setTimeout(() => server.kill('SIGKILL'), 5000);
  await gone;
  clearTimeout(last);
}

let folder = null;
function temporaryFolder() {
  if (folder !== null) return folder;
  folder = mkdtempSync(join(tmpdir(), PREFIX));
  writeFileSync(join(folder, 'run.pid'), String(process.pid));
  chmodSync(folder, 0o711); // under root the database runs as another user, who must be able to pass
  cleanups.push(() => rmSync(folder, { recursive: true, force: true, maxRetries: 10 }));
  return folder;
}

function makeFolder(path) {
  mkdirSync(path, { recursive: true });
  return path;
}

function escapeRegExp(text) {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}

function say(line) {
  process.stderr.write(`${line}\n`);
}

/** Last started, first stopped; one that fails does not keep the others running. */
async function cleanUp() {
  for (const step of cleanups.splice(0).reverse()) {
    try {
      await step();
    } catch (error) {
      say(`Could not clean up: ${error.message}`);
    }
  }
}

for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  process.on(name, () => {
    interrupted = true;
    child?.kill(name);
  });
}

// Whoever reads the output may stop reading (`| head`); the services must be stopped all the same.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);

let exitCode = 1;
try {
  exitCode = await main();
} catch (error) {
  say(error.message);
} finally {
  await cleanUp();
}
process.exit(interrupted ? 130 : exitCode);
