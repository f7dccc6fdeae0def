import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { join } from 'node:path';
import { chromium, type Browser, type Page } from 'playwright-core';
import { composeMail, MailboxTransport } from '#platform/mail';
import { MailboxModule } from '../../apps/standalone/mailbox/mailbox.module.js';
import { faultsOf } from '../support/browser.js';
import { Service } from '../support/service.js';

const program = process.env['TEST_CHROMIUM'];
const inBrowser = program === undefined ? describe.skip : describe;
/** The narrowest screen a page must fit without scrolling sideways (WCAG 2.2, 1.4.10 Reflow). */
const NARROW = { width: 320, height: 640 };
const OVERFLOW = 'document.documentElement.scrollWidth - document.documentElement.clientWidth';

/**
 * Swagger UI draws only the calls near the screen where there are 150 or more (swagger-ui pull request 11024): this scrolls down step by
 * step until the last one is drawn, and tells what was drawn on the way, as `GET /path`.
 */
const EVERY_CALL = `new Promise((done) => {
  const drawn = new Set();
  const page = document.documentElement;
  const step = () => {
    for (const call of document.querySelectorAll('.opblock')) {
      const text = (part) => call.querySelector(part).textContent.replace(/\\u200b/g, '').trim();
      drawn.add(text('.opblock-summary-method') + ' ' + text('.opblock-summary-path'));
    }
    if (page.scrollTop + page.clientHeight >= page.scrollHeight - 1) return done([...drawn]);
    window.scrollBy(0, page.clientHeight / 2);
    requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(step, 50)));
  };
  step();
})`;

interface Seen {
  /** Errors of the console and of scripts, what could not be loaded, and what is a barrier on it. */
  faults: string[];
  /** How far the page is wider than the screen, in pixels. */
  overflow: number;
  text: string;
}

inBrowser('a page in a browser', () => {
  let service: Service;
  let browser: Browser;

  beforeAll(async () => {
    service = await Service.start({ modules: [MailboxModule] });
    const session = await new MailboxTransport(join(service.dataDir, 'mailbox')).open();
    await session.send(
      await composeMail({
        messageId: '<01890a5d-ac96-774b-bcce-000000000001@claims.example>',
        date: new Date('2018-04-03T09:00:00Z'),
        from: { name: 'EIP2 claims', address: 'claims@claims.example' },
        to: 'a-very-long-address-of-the-finance-department@resolutionsconsultancy.example',
        replyTo: null,
        subject: `Claim invoice EIP2-BRENT-0001 ${'x'.repeat(100)}`,
        text: `Total £1\n${'https://claims.example/'.padEnd(200, 'y')}`,
        html: '<p>Total £1</p>',
        attachments: [
          { fileName: `${'z'.repeat(90)}.pdf`, mediaType: 'application/pdf', content: Buffer.from('%PDF') },
        ],
      }),
    );
    browser = await chromium.launch({ executablePath: program!, args: ['--no-sandbox'] });
  }, 60_000);
  afterAll(async () => {
    await browser?.close();
    await service?.stop();
  });

  /** Opens a page on the narrow screen and waits for what shows that it is whole. */
  async function open(path: string, whole: string, then?: string): Promise<Seen> {
    const { page, faults } = await opened(path, whole, then);
    const overflow = await page.evaluate<number>(OVERFLOW);
    const text = await page.innerText('body');
    faults.push(...(await faultsOf(page, path)));
    await page.close();
    return { faults, overflow, text };
  }

  async function opened(path: string, whole: string, then?: string): Promise<{ page: Page; faults: string[] }> {
    const page = await browser.newPage({ viewport: NARROW });
    const faults: string[] = [];
    page.on('console', (message) => void (message.type() === 'error' && faults.push(message.text())));
    page.on('pageerror', (error) => void faults.push(error.message));
    page.on('requestfailed', (request) => void faults.push(request.url()));
    await page.goto(`${service.base}${path}`);
    if (then !== undefined) await page.click(then);
    await page.waitForSelector(whole);
    return { page, faults };
  }

  it('lists the mailbox on a narrow screen', async () => {
    const seen = await open('/mailbox', 'main li');
    expect(seen).toMatchObject({ faults: [], overflow: 0, text: expect.stringContaining('EIP2-BRENT-0001') });
  });

  it('shows a message on a narrow screen', async () => {
    const seen = await open('/mailbox', 'main pre', 'main li a');
    expect(seen).toMatchObject({ faults: [], overflow: 0, text: expect.stringContaining('Total £1') });
  });

  it('describes every call on a narrow screen, to whoever scrolls', async () => {
    const { paths } = (await (await fetch(`${service.base}/api/docs-json`)).json()) as {
      paths: Record<string, object>;
    };
    const calls = Object.entries(paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
    );
    const { page, faults } = await opened('/api/docs', '.opblock');
    expect((await page.evaluate<string[]>(EVERY_CALL)).sort()).toEqual(calls.sort());
    expect(await page.evaluate<number>(OVERFLOW)).toBe(0);
    expect(faults).toEqual([]);
    await page.close();
  });

  it('would be seen to be broken', async () => {
    const page = await browser.newPage({ viewport: NARROW });
    await page.goto(`${service.base}/mailbox`);
    const refused = page.waitForEvent('console', (message) => message.type() === 'error');
    await page.evaluate(`document.head.append(Object.assign(document.createElement('script'), { textContent: '1' }))`);
    expect((await refused).text()).toContain('Content Security Policy');
    await page.evaluate(`document.querySelector('main').append(document.createElement('hr'))`);
    await page.evaluate(`document.querySelector('hr').style.width = '500px'`);
    expect(await page.evaluate<number>(OVERFLOW)).toBeGreaterThan(0);
    await page.close();
  });
});
