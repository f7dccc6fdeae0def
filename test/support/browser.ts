import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe } from '@jest/globals';
import { AxeBuilder } from '@axe-core/playwright';
import { chromium, type Browser, type BrowserContext, type Locator, type Page } from 'playwright-core';
import { faultsByTab } from './keyboard.js';

/** A suite in a browser: skipped, and test/run.mjs says so, where chromium is not installed. */
export const describeBrowser = process.env['TEST_CHROMIUM'] ? describe : describe.skip;

/** Pictures to look at of every page that a suite goes through, when a folder is named for them. */
export const PICTURES = process.env['TEST_PICTURES'];

/** How long anything in the browser may take before the test gives up, in ms: a machine that tests share is slow at times. */
export const PATIENCE = 60_000;

/** Widths that pages are looked at: the narrowest telephone, and a desk. */
export const WIDTHS = { narrow: 320, wide: 1280 } as const;

/** What is printed on: A4 without margins of a centimetre, in CSS pixels. */
const PAPER = 718;

let running: Promise<Browser> | undefined;

/** Debian's chromium, one for all specs of a worker. Root may not use its sandbox; it only opens our own pages. */
export function browser(): Promise<Browser> {
  running ??= chromium.launch({
    executablePath: process.env['TEST_CHROMIUM'] ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-dev-shm-usage', '--disable-gpu'],
  });
  return running;
}

export async function closeBrowser(): Promise<void> {
  await (await running)?.close();
  running = undefined;
}

export interface BrowserPerson {
  context: BrowserContext;
  page: Page;
}

interface Browsing {
  javaScriptEnabled?: boolean;
  width?: number;
  /** How buttons are pressed, where it is not by clicking them. */
  press?: (button: Locator) => Promise<void>;
}

/** Somebody at a browser of their own who is not signed in. */
export async function stranger(base: string, options: Browsing = {}): Promise<Page> {
  const context = await (
    await browser()
  ).newContext({
    baseURL: base,
    javaScriptEnabled: options.javaScriptEnabled ?? true,
    viewport: { width: options.width ?? WIDTHS.wide, height: 900 },
    locale: 'en-GB',
    timezoneId: 'Europe/London',
  });
  const page = await context.newPage();
  page.setDefaultTimeout(PATIENCE);
  return page;
}

/** A person at a browser of their own, signed in by the demonstration's page. */
export async function personAt(base: string, email: string, options: Browsing = {}): Promise<BrowserPerson> {
  const page = await stranger(base, options);
  await page.goto('/sign-in');
  const button = page.locator('form', { has: page.locator(`input[value="${email}"]`) }).getByRole('button');
  await (options.press ?? ((one) => one.click()))(button);
  await page.waitForURL((url) => !url.pathname.startsWith('/sign-in'));
  return { context: page.context(), page };
}

/**
 * GOV.UK Frontend says by `aria-expanded` on a radio that choosing it reveals a field. ARIA does not name it for radios, screen
 * readers say it: the design system keeps it on purpose.
 */
const isRevealing = (rule: string, html: string): boolean =>
  rule === 'aria-allowed-attr' && html.includes('aria-expanded') && html.includes('govuk-radios__input');

/**
 * What axe finds wrong with the page as it stands: rule and where, one line each. Every frame is of our own origin, so axe may speak with
 * them itself; its other way opens a page more for each look.
 */
async function axeFindings(page: Page): Promise<string[]> {
  const axe = new AxeBuilder({ page }).options({ resultTypes: ['violations'] }).setLegacyMode();
  const { violations } = await axe.analyze();
  return violations.flatMap(({ id, nodes }) =>
    nodes.filter(({ html }) => !isRevealing(id, html)).map(({ target }) => `${id}: ${target.join(' ')}`),
  );
}

/** Whether the page itself scrolls sideways: no page may, at any width. */
const scrollsSideways = (page: Page): Promise<boolean> =>
  page.evaluate('document.documentElement.scrollWidth > document.documentElement.clientWidth');

const paths = new Set<string>();
/** The paths of the pages that this suite has looked at. */
export const lookedAt = (): ReadonlySet<string> => paths;

let byTab = false;
/** From here on pages are gone through by Tab, and not looked at otherwise: what the suites of test/browser/keyboard do. */
export function goByTab(): void {
  byTab = true;
}

/** What somebody finds who goes through the page as it stands by Tab, at each width. One line each, with the name it is given. */
async function faultsAtEachWidth(page: Page, name: string): Promise<string[]> {
  const before = page.viewportSize();
  const wrong: string[] = [];
  for (const [width, pixels] of Object.entries(WIDTHS)) {
    await page.setViewportSize({ width: pixels, height: 900 });
    // What the page shows at this width its scripts say a frame later.
    await page.evaluate('new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))');
    wrong.push(...(await faultsByTab(page)).map((fault) => `${name}, ${width}: ${fault}`));
  }
  // The skip link stands in the page while it has the focus: what is clicked next would move away under the mouse.
  await page.evaluate('document.activeElement?.blur()');
  if (before) await page.setViewportSize(before);
  return wrong;
}

/**
 * What is wrong with the page as it stands, at each width: rules of axe, scrolling sideways; and on paper, what its edge cuts off.
 * One line each, with the name it is given.
 */
export async function faultsOf(page: Page, name: string): Promise<string[]> {
  // A click waits until the address has changed, not until the page and its style sheet are there.
  await page.waitForLoadState();
  const before = page.viewportSize();
  const wrong: string[] = [];
  paths.add(new URL(page.url()).pathname);
  if (byTab) return faultsAtEachWidth(page, name);
  for (const [width, pixels] of Object.entries(WIDTHS)) {
    await page.setViewportSize({ width: pixels, height: 900 });
    if (await scrollsSideways(page)) wrong.push(`${name}, ${width}: scrolls sideways`);
    if (pixels === WIDTHS.wide) wrong.push(...(await tablesCut(page)).map((table) => `${name}: ${table} is cut`));
    wrong.push(...(await axeFindings(page)).map((finding) => `${name}, ${width}: ${finding}`));
    if (PICTURES) await pictured(page, `${name}-${pixels}`);
  }
  await page.setViewportSize({ width: PAPER, height: 900 });
  await page.emulateMedia({ media: 'print' });
  if (await scrollsSideways(page)) wrong.push(`${name}, paper: cut off at its edge`);
  if (PICTURES) await photographed(page, `${name}-print`);
  await page.emulateMedia({ media: null });
  if (before) await page.setViewportSize(before);
  return wrong;
}

/** Tables that hide columns at a desk, where there is room for all: by what they are called. */
const tablesCut = (page: Page): Promise<string[]> =>
  page.evaluate(
    `[...document.querySelectorAll('.app-scroll')].filter((one) => one.scrollWidth > one.clientWidth).map((one) => one.ariaLabel)`,
  );

/** As it is seen, in the dark and in forced colours. */
const LOOKS = {
  screen: {},
  dark: { colorScheme: 'dark' },
  forced: { forcedColors: 'active' },
} as const;

async function pictured(page: Page, name: string): Promise<void> {
  for (const [look, media] of Object.entries(LOOKS)) {
    await page.emulateMedia({ colorScheme: null, forcedColors: null, ...media });
    await photographed(page, `${name}-${look}`);
  }
  await page.emulateMedia({ colorScheme: null, forcedColors: null });
}

async function photographed(page: Page, name: string): Promise<void> {
  mkdirSync(PICTURES!, { recursive: true });
  await page.screenshot({ path: join(PICTURES!, `${name.replace(/[^\w-]+/g, '_')}.png`), fullPage: true });
}
