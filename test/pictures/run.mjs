#!/usr/bin/env node
/**
 * `npm run pictures`: plays the demo into a temporary folder, opens the service on what it left, and takes the pictures of
 * docs/pages as each role sees them. Needs chromium (TEST_CHROMIUM names it where it is not /usr/bin/chromium).
 */
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';

const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
const TARGET = join(ROOT, 'docs/pages');
/** The day after the story's last. */
const CLOCK = '2018-04-11T09:00:00Z';
const WIDE = 1280;
const NARROW = 320;

/** What is looked at, by whom; `open` follows the first link whose text or address fits. */
const PICTURES = [
  ['finance@brent.example', 'la-home', '/'],
  ['finance@brent.example', 'la-claims', '/claims'],
  ['finance@brent.example', 'la-claim', '/claims', /^\/claims\/[0-9a-f-]{36}$/],
  ['finance@brent.example', 'la-new-claim', '/claim-forms/new'],
  ['finance@brent.example', 'la-payments', '/payments-to-us'],
  ['manager@brent.example', 'la-allocation', '/allocations'],
  ['manager@brent.example', 'la-grant', '/grants'],
  ['finance@mtm.example', 'mtm-home', '/'],
  ['finance@mtm.example', 'mtm-queue', '/queue'],
  ['finance@mtm.example', 'mtm-review', '/queue', /^\/claims\/[0-9a-f-]{36}\/review$/],
  ['finance@mtm.example', 'mtm-funding', '/funding'],
  ['finance@mtm.example', 'mtm-payment-queue', '/funding/queue'],
  ['finance@mtm.example', 'mtm-run', '/payments', /^\/payments\/[0-9a-f-]{36}$/],
  ['finance@mtm.example', 'mtm-statement', '/bank', /^\/bank\/[0-9a-f-]{36}$/],
  ['finance@mtm.example', 'mtm-ageing', '/reports/ageing'],
  ['finance@mtm.example', 'mtm-payment-times', '/reports/payment-times'],
  ['coordinator@mtm.example', 'coordinator-allocations', '/allocations'],
  ['auditor@mtm.example', 'auditor-trail', '/audit'],
  ['admin@mtm.example', 'administrator-users', '/users'],
];

const folder = mkdtempSync(join(tmpdir(), 'claims-pictures-'));
const cleanups = [() => rmSync(folder, { recursive: true, force: true })];

function freePort() {
  return new Promise((done, failed) => {
    const server = createServer().once('error', failed);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => done(port));
    });
  });
}

/** Runs a program of the service to its end, or until it says `ready`. */
function run(words, env, ready) {
  const child = spawn(process.execPath, [join(ROOT, 'apps/standalone/start.mjs'), ...words], {
    cwd: ROOT,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  return new Promise((done, failed) => {
    let output = '';
    child.stdout.on('data', (chunk) => {
      output += String(chunk);
      if (ready?.test(output)) done(child);
    });
    child.once('exit', (code) =>
      code === 0 && !ready ? done(child) : failed(new Error(`ended with ${code}: ${output.slice(-500)}`)),
    );
  });
}

async function signedIn(browser, base, email, width) {
  const context = await browser.newContext({
    baseURL: base,
    viewport: { width, height: 900 },
    locale: 'en-GB',
    timezoneId: 'Europe/London',
  });
  const page = await context.newPage();
  await page.goto('/sign-in');
  await page
    .locator('form', { has: page.locator(`input[value="${email}"]`) })
    .getByRole('button')
    .click();
  await page.waitForURL((url) => !url.pathname.startsWith('/sign-in'));
  return page;
}

async function take(browser, base, [email, name, path, link], width) {
  const page = await signedIn(browser, base, email, width);
  await page.goto(path);
  if (link) {
    const addresses = await page.locator('main a').evaluateAll((links) => links.map((one) => one.getAttribute('href')));
    const found = addresses.find((address) => address !== null && link.test(address));
    if (!found) throw new Error(`No link like ${link} on ${path}`);
    await page.goto(found);
  }
  await page.waitForLoadState('networkidle');
  await page.screenshot({ path: join(TARGET, width === WIDE ? `${name}.png` : `${name}-narrow.png`), fullPage: true });
  await page.context().close();
}

async function main() {
  const dataDir = join(folder, 'data');
  await run(['demo', '--data-dir', dataDir], {});
  const port = await freePort();
  const base = `http://localhost:${port}`;
  const service = await run([], { DATA_DIR: dataDir, PORT: String(port), TEST_CLOCK: CLOCK }, /^Ready at/m);
  cleanups.unshift(() => new Promise((done) => service.once('exit', done) && service.kill('SIGINT')));
  const browser = await chromium.launch({
    executablePath: process.env.TEST_CHROMIUM ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-dev-shm-usage'],
  });
  cleanups.unshift(() => browser.close());
  mkdirSync(TARGET, { recursive: true });
  for (const picture of PICTURES) {
    await take(browser, base, picture, WIDE);
    process.stdout.write(`${picture[1]}.png\n`);
  }
  for (const picture of PICTURES.filter(([, name]) => ['la-home', 'la-claim'].includes(name)))
    await take(browser, base, picture, NARROW);
}

let failed = false;
try {
  await main();
} catch (error) {
  failed = true;
  process.stderr.write(`${error.stack ?? error}\n`);
}
for (const step of cleanups) await step();
process.exit(failed ? 1 : 0);
