import { type Locator, type Page } from 'playwright-core';
import { WorkerModule } from '../../../apps/worker/worker.module.js';
import { Bank } from '../../integration/reconciliation-support.js';
import { Claims } from '../../integration/claims-support.js';
import { closeBrowser, personAt, stranger } from '../../support/browser.js';
import { MailServer } from '../../support/mail-server.js';
import { Service } from '../../support/service.js';
import { OwnAccount } from '../../web/bank-visitor.js';

/** One way through the pages, told as the people who walk it do: each at a browser of their own. */
export interface Journey {
  readonly name: string;
  /** A refusal of an expectation is the only failure. */
  walk(world: JourneyWorld): Promise<void>;
}

/** The whole service with its worker and its mail, and the browsers of whoever comes. */
export class JourneyWorld {
  service: Service;
  mail: MailServer;
  claims: Claims;
  bank: Bank;
  readonly account = new OwnAccount();
  private readonly pages: Page[] = [];

  /** Whether the browsers of the journey run scripts. */
  javaScriptEnabled = true;

  static async open(): Promise<JourneyWorld> {
    const world = new JourneyWorld();
    world.mail = await MailServer.start();
    world.service = await Service.start({
      web: true,
      modules: [WorkerModule],
      env: { SMTP_URL: world.mail.url, MAIL_FROM: 'claims@claims.example' },
    });
    world.claims = new Claims(world.service);
    world.bank = new Bank(world.service);
    return world;
  }

  async close(): Promise<void> {
    await closeBrowser();
    await this.service?.stop();
    await this.mail?.close();
  }

  /** Somebody of the demonstration, signed in. */
  async person(email: string): Promise<Page> {
    const { page } = await personAt(this.service.base, email, { javaScriptEnabled: this.javaScriptEnabled });
    this.pages.push(page);
    return page;
  }

  /** Somebody who is not signed in. */
  async stranger(): Promise<Page> {
    const page = await stranger(this.service.base, { javaScriptEnabled: this.javaScriptEnabled });
    this.pages.push(page);
    return page;
  }

  /** Where everybody is, for the report of a journey that stopped. */
  async whereabouts(): Promise<string> {
    const all = this.pages.map(async (page) => {
      const words = await page
        .locator('main')
        .innerText({ timeout: 5_000 })
        .catch(() => '(nothing to read)');
      return `${page.url()}\n${words.slice(0, 1_500)}`;
    });
    return (await Promise.all(all)).join('\n\n');
  }

  /** Everybody goes home: browsers are closed after each journey. */
  async leave(): Promise<void> {
    for (const page of this.pages.splice(0)) await page.context().close();
  }

  /** The path of the link in the newest e-mail to this address, once it came. */
  async linkMailedTo(email: string, path: RegExp): Promise<string> {
    for (;;) {
      const letters = this.mail.received.filter(({ to }) => to.includes(email));
      const found = letters.map(({ mail }) => path.exec(mail.text ?? '')?.[0]).findLast((link) => link !== undefined);
      if (found) return found;
      await this.mail.until(this.mail.received.length + 1);
    }
  }
}

/** A button of the page's main part; the design system has links that look like buttons say they are. */
export const button = (page: Page, name: string | RegExp): Locator => inMain(page, 'button', name);
/** The first link with this text, also one that looks like a button. */
export const link = (page: Page, name: string | RegExp): Locator =>
  inMain(page, 'link', name)
    .or(inMain(page, 'button', name).and(page.locator('a')))
    .first();

const inMain = (page: Page, role: 'button' | 'link', name: string | RegExp): Locator =>
  page.locator('main').getByRole(role, typeof name === 'string' ? { name, exact: true } : { name });

export const press = (page: Page, name: string | RegExp): Promise<void> => button(page, name).click();
export const follow = (page: Page, name: string | RegExp): Promise<void> => link(page, name).click();

/** Waits for the page with this heading. */
export const heading = (page: Page, name: string | RegExp): Promise<void> =>
  page.getByRole('heading', { level: 1, name }).waitFor();

/** What the notification says, once it is there. */
export const notice = async (page: Page): Promise<string> =>
  (await page.locator('.govuk-notification-banner__content').innerText()).replace(/\s+/g, ' ').trim();

/** The value beside a key of a summary list. */
export const fact = async (page: Page, key: string): Promise<string> =>
  (
    await page
      .locator('.govuk-summary-list__row', { has: page.locator('dt', { hasText: new RegExp(`^\\s*${key}\\s*$`) }) })
      .first()
      .locator('dd')
      .innerText()
  ).trim();

/** Fills fields by their labels. */
export async function fill(page: Page, values: Readonly<Record<string, string>>): Promise<void> {
  for (const [label, value] of Object.entries(values)) await page.getByLabel(label, { exact: true }).fill(value);
}
