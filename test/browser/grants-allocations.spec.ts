import { afterAll, beforeAll, expect, it, jest } from '@jest/globals';
import { Claims, finance, simpleBody } from '../integration/claims-support.js';
import { Grants } from '../integration/grants-support.js';
import { closeBrowser, describeBrowser, personAt } from '../support/browser.js';
import { Service } from '../support/service.js';

jest.setTimeout(400_000);

let service: Service;
beforeAll(async () => {
  if (!process.env['TEST_CHROMIUM']) return;
  service = await Service.start({ web: true });
  const claims = new Claims(service);
  await claims.approved(simpleBody('BRENT'));
  await claims.submitted(simpleBody('BRENT'));
});
afterAll(async () => {
  await closeBrowser();
  await service?.stop();
});

describeBrowser('the grant’s page', () => {
  it('shows the whole table of quarters at a desk', async () => {
    const grants = new Grants(service);
    await grants.entry('BRENT', { amountPence: 1_925_000 });
    const varianceReason = 'Recruitment was advertised twice, and the agency was paid for both';
    await grants.put('BRENT', { forecastPence: 1_200_050, varianceReason }, '/quarters/2018-Q1');
    const { page, context } = await personAt(service.base, finance('BRENT'));
    await page.goto('/grants/BRENT');
    const name = 'Spent against expected, by quarter';
    const region = page.getByRole('region', { name });
    expect(await region.innerText()).toContain('£7,249.50 more');
    const overhang = `(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth)(document.querySelector('[aria-label="${name}"]'))`;
    expect(await page.evaluate(overhang)).toBe(0);
    await context.close();
  });
});

describeBrowser('the bar of an allocation', () => {
  it('tells used, reserved and left apart by more than colour, and alarms nobody', async () => {
    const { page, context } = await personAt(service.base, finance('BRENT'));
    await page.goto('/allocations/BRENT');
    const chart = page.locator('svg.app-chart').first();
    const looks = () =>
      page.evaluate<
        string[]
      >(`[...document.querySelectorAll('svg.app-chart:first-of-type rect')].slice(0, 3).map((bar) => {
        const { fill, stroke, strokeDasharray } = getComputedStyle(bar);
        return [fill, stroke, strokeDasharray].join(' ');
      })`);
    const seen = await looks();
    expect(new Set(seen).size).toBe(3);
    // The red of what is wrong.
    expect(seen.join(' ')).not.toContain('rgb(212, 53, 28)');
    expect(await chart.locator('text').allTextContents()).toEqual([
      expect.stringMatching(/^Used: /),
      expect.stringMatching(/^Reserved: /),
      expect.stringMatching(/^Left: /),
    ]);
    await page.emulateMedia({ forcedColors: 'active' });
    const forced = await looks();
    expect(new Set(forced).size).toBe(3);
    expect(forced[1]).toContain('4px, 2px');
    await context.close();
  });
});
