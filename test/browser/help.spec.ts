import { afterAll, beforeAll, expect, it, jest } from '@jest/globals';
import { ROLES } from '#identity/domain';
import { closeBrowser, describeBrowser, faultsOf, stranger } from '../support/browser.js';
import { Service } from '../support/service.js';

jest.setTimeout(400_000);

/** What a first visit may weigh, as bench/figures/pages.ts has it of other pages. */
const MOST_BYTES = 60 * 1024;

let service: Service;
beforeAll(async () => {
  if (process.env['TEST_CHROMIUM']) service = await Service.start({ web: true });
});
afterAll(async () => {
  await closeBrowser();
  await service?.stop();
});

describeBrowser('the help of a role in a browser', () => {
  it.each(ROLES)('weighs no more than other pages at first, pictures that come near with it: %s', async (role) => {
    const page = await stranger(service.base);
    const bytes: number[] = [];
    page.on('requestfinished', (request) => {
      void request.sizes().then(({ responseBodySize }) => bytes.push(responseBodySize));
    });
    await page.goto(`/help/role/${role}`);
    await page.waitForFunction(`document.querySelector('figure img').naturalWidth > 0`);
    await page.waitForLoadState('networkidle');
    expect(await page.evaluate(`document.querySelector('figure img').naturalWidth`)).toBe(640);
    // The page, its style sheet, its script, and a picture at least.
    expect(bytes.length).toBeGreaterThan(3);
    expect(bytes.reduce((sum, one) => sum + one, 0)).toBeLessThanOrEqual(MOST_BYTES);
    await page.context().close();
  });

  it('shows every picture once it is scrolled to, at the width of a telephone too', async () => {
    const page = await stranger(service.base, { width: 320 });
    await page.goto('/help/role/mtm_finance');
    for (const image of await page.locator('figure img').all()) await image.scrollIntoViewIfNeeded();
    await page.waitForFunction(
      `[...document.images].every(({ complete, naturalWidth }) => complete && naturalWidth > 0)`,
    );
    expect(await faultsOf(page, 'help-mtm-finance')).toEqual([]);
    await page.context().close();
  });
});
