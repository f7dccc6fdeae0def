#!/usr/bin/env node
/**
 * `npm run pictures`: plays the demo into a temporary folder, opens the service on what it left, and takes the pictures of
 * docs/pages as each role sees them, then the small ones of the help pages. `npm run pictures help` takes those alone. Needs chromium
 * (TEST_CHROMIUM names it where it is not /usr/bin/chromium). After it `npm run build` serves what it took.
 */
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import { withFewColours } from './few-colours.mjs';
import { HELP, HELP_SIZE, MOST_HELP_BYTES, PAGES } from './looked-at.mjs';

const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
const TARGET = join(ROOT, 'docs/pages');
const HELP_TARGET = join(ROOT, 'apps/web/help/pictures');
/** The day after the story's last. */
const CLOCK = '2018-04-11T09:00:00Z';
const WIDE = 1280;
const NARROW = 320;
/** What a picture of the help shows of a page, smaller than it is: its main part at a desk, with a little room around it. */
const HELP_SEEN = { width: 1000, height: 750 };
const ROOM = 20;

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

async function signedIn(browser, base, email, width, scale = 1) {
  const context = await browser.newContext({
    baseURL: base,
    viewport: { width, height: 900 },
    deviceScaleFactor: scale,
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

async function opened(browser, base, { by, path, link, press }, width, scale) {
  const page = await signedIn(browser, base, by, width, scale);
  await page.goto(path);
  if (link) {
    const addresses = await page.locator('main a').evaluateAll((links) => links.map((one) => one.getAttribute('href')));
    const found = addresses.find((address) => address !== null && link.test(address));
    if (!found) throw new Error(`No link like ${link} on ${path}`);
    await page.goto(found);
  }
  if (press) {
    await page.getByRole('button', { name: press }).click();
    await page.waitForURL((url) => url.pathname !== path);
  }
  await page.waitForLoadState('networkidle');
  return page;
}

async function takePage(browser, base, looked, width) {
  const page = await opened(browser, base, looked, width);
  // What stays in sight while one scrolls would lie over the middle of a page that is shown whole.
  await page.evaluate(`document.querySelectorAll('.app-totals').forEach((bar) => (bar.style.position = 'static'))`);
  const picture = await withFewColours(await emptyPage(page), await page.screenshot({ fullPage: true }));
  writeFileSync(join(TARGET, width === WIDE ? `${looked.name}.png` : `${looked.name}-narrow.png`), picture);
  await page.context().close();
}

/** The beginning of a page's main part, from its heading on. */
async function takeForHelp(browser, base, looked) {
  const page = await opened(browser, base, looked, HELP_SEEN.width, HELP_SIZE.width / HELP_SEEN.width);
  const { x, y } = await page.locator('main h1').first().boundingBox();
  const clip = { x: Math.max(0, x - ROOM), y: Math.max(0, y - ROOM), ...HELP_SEEN };
  const picture = await page.screenshot({ clip, fullPage: true });
  const small = await withFewColours(await emptyPage(page), picture, { ...HELP_SIZE, most: MOST_HELP_BYTES });
  writeFileSync(join(HELP_TARGET, `${looked.name}.png`), small);
  process.stdout.write(`help ${looked.name}.png ${small.length}\n`);
  await page.context().close();
}

/** One that no policy of the service's keeps from drawing. */
const emptyPage = (page) => page.context().newPage();

async function main() {
  const dataDir = join(folder, 'data');
  await run(['demo', '--data-dir', dataDir], {});
  const port = await freePort();
  const base = `http://localhost:${port}`;
  const service = await run([], { DATA_DIR: dataDir, PORT: String(port), TEST_CLOCK: CLOCK }, /^Ready at/m);
  cleanups.unshift(() => new Promise((done) => service.once('exit', done) && service.kill('SIGINT')));
  const browser = await chromium.launch({
    executablePath: process.env.TEST_CHROMIUM ?? '/usr/bin/chromium',
    // Letters in greys, not in the colours of a screen's points.
    args: ['--no-sandbox', '--disable-dev-shm-usage', '--disable-lcd-text'],
  });
  cleanups.unshift(() => browser.close());
  for (const target of [TARGET, HELP_TARGET]) mkdirSync(target, { recursive: true });
  for (const looked of process.argv[2] === 'help' ? [] : PAGES) {
    await takePage(browser, base, looked, WIDE);
    if (looked.narrow) await takePage(browser, base, looked, NARROW);
    process.stdout.write(`${looked.name}.png\n`);
  }
  for (const looked of HELP) await takeForHelp(browser, base, looked);
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
