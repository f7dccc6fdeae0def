import { describe } from '@jest/globals';
import { AxeBuilder } from '@axe-core/playwright';
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core';

/** A suite in a browser: skipped, and test/run.mjs says so, where chromium is not installed. */
export const describeBrowser = process.env['TEST_CHROMIUM'] ? describe : describe.skip;

/** Widths that pages are looked at: the narrowest telephone, and a desk. */
export const WIDTHS = { narrow: 320, wide: 1280 } as const;

let running: Promise<Browser> | undefined;

/** Debian's chromium, one for all specs of a worker. Root may not use its sandbox; it only opens our own pages. */
export function browser(): Promise<Browser> {
  running ??= chromium.launch({
    executablePath: process.env['TEST_CHROMIUM'] ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-dev-shm-usage'],
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

/** A person at a browser of their own, signed in by the demonstration's page. */
export async function personAt(
  base: string,
  email: string,
  options: { javaScriptEnabled?: boolean; width?: number } = {},
): Promise<BrowserPerson> {
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
  page.setDefaultTimeout(15_000);
  await page.goto('/sign-in');
  await page
    .locator('form', { has: page.locator(`input[value="${email}"]`) })
    .getByRole('button')
    .click();
  await page.waitForURL((url) => !url.pathname.startsWith('/sign-in'));
  return { context, page };
}

/**
 * GOV.UK Frontend says by `aria-expanded` on a radio that choosing it reveals a field. ARIA does not name it for radios, screen
 * readers say it: the design system keeps it on purpose.
 */
const isRevealing = (rule: string, html: string): boolean =>
  rule === 'aria-allowed-attr' && html.includes('aria-expanded') && html.includes('govuk-radios__input');

/** What axe finds wrong with the page as it stands: rule and where, one line each. */
export async function axeFindings(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  return violations.flatMap(({ id, nodes }) =>
    nodes.filter(({ html }) => !isRevealing(id, html)).map(({ target }) => `${id}: ${target.join(' ')}`),
  );
}

/** Whether the page itself scrolls sideways: no page may, at any width. */
export const scrollsSideways = (page: Page): Promise<boolean> =>
  page.evaluate('document.documentElement.scrollWidth > document.documentElement.clientWidth');
