import { systemClock } from '#kernel';
import { type AppConfig } from '#platform/config';
import { seedAll } from '#seeds';
import { openDatabase, type OpenDatabase } from './database.js';
import { StartFailure } from './embedded/failure.js';
import { createStandaloneApp } from './standalone.app.js';
import {
  businessClock,
  portFailure,
  refusePortInUse,
  refuseSilentRedis,
  refuseUnwritable,
  settings,
} from './settings.js';
import { claimDataDir, removeRunFile, writeRunFile } from './run-file.js';
import { stopOnSignal } from './shutdown.js';

/** Started things, in order; stopped in the opposite one. */
const running: { name: string; stop: () => Promise<void> }[] = [];

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

async function stopAll(): Promise<void> {
  for (const { name, stop } of running.splice(0).reverse()) {
    try {
      await stop();
    } catch (error) {
      say(`${name} did not stop cleanly: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
}

async function start(): Promise<void> {
  const chosen = settings();
  refuseUnwritable(chosen.dataDir);
  claimDataDir(chosen.dataDir, chosen.http.publicUrl);
  running.push({ name: 'The run file', stop: async () => removeRunFile(chosen.dataDir) });
  await refusePortInUse(chosen.http.port, chosen.http.host);
  await refuseSilentRedis(chosen.redisUrl);
  const embedded = chosen.database.url === null;
  say(embedded ? 'Starting the embedded PostgreSQL …' : 'Connecting to PostgreSQL …');
  const database = await openDatabase(chosen, say);
  running.push({ name: 'PostgreSQL', stop: database.stop });
  watch(database);
  const config = { ...withDatabase(chosen, database), demo: chosen.demo || embedded };
  await seedAll(database.url, { demo: embedded, clock: businessClock(config) });
  const clockOffsetMs = config.testClock === null ? 0 : config.testClock.getTime() - systemClock.now().getTime();
  const { url, migrationUrl } = database;
  const facts = { pid: process.pid, address: config.http.publicUrl, database: { url, migrationUrl }, clockOffsetMs };
  writeRunFile(config.dataDir, facts);
  say('Starting the API and the worker …');
  const app = await createStandaloneApp(config);
  running.push({ name: 'The service', stop: () => app.close() });
  try {
    await app.listen(config.http.port, config.http.host);
  } catch (error) {
    throw portFailure(error, config.http.port, config.http.host);
  }
  say(welcome(config, embedded));
}

/** Ours to notice: a server that ends by itself takes everything with it. */
function watch(database: OpenDatabase): void {
  const watched = running.at(-1);
  void database.server?.ended.then(async () => {
    if (watched === undefined || !running.includes(watched)) return; // we stopped it
    say('The embedded PostgreSQL has ended by itself: see postgres.log in DATA_DIR, then start again');
    await stopAll();
    process.exit(1);
  });
}

function withDatabase(config: AppConfig, { url, migrationUrl }: OpenDatabase): AppConfig {
  // Requests are one terminal's noise; who wants them sets LOG_LEVEL=info.
  const logLevel = process.env['LOG_LEVEL'] ? config.logLevel : 'warn';
  return { ...config, logLevel, database: { ...config.database, url, migrationUrl } };
}

function welcome(config: AppConfig, demo: boolean): string {
  const { publicUrl } = config.http;
  const lines = ['', `Ready at ${publicUrl}`, `  API         ${publicUrl}/api/v1, described at ${publicUrl}/api/docs`];
  if (config.mail.smtpUrl === null) lines.push(`  Mailbox     ${publicUrl}/mailbox (e-mail stays here)`);
  lines.push(`  Data        ${config.dataDir}`);
  if (demo) {
    lines.push(
      '  Sign in     finance@ or manager@ an authority, as finance@brent.example; finance@, finance2@, approver@, approver2@,',
      '              coordinator@, auditor@ or admin@mtm.example. A token: npm run -s token -- finance@brent.example',
    );
  }
  return [...lines, 'Ctrl-C stops everything', ''].join('\n');
}

stopOnSignal(stopAll, say);
try {
  await start();
} catch (error) {
  await stopAll();
  const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
  process.stderr.write(`${error instanceof StartFailure ? error.message : message}\n`);
  process.exit(1);
}
