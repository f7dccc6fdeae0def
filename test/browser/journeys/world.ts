import { type Locator, type Page } from 'playwright-core';
import { WorkerModule } from '../../../apps/worker/worker.module.js';
import { Bank } from '../../integration/reconciliation-support.js';
import { Claims } from '../../integration/claims-support.js';
import { closeBrowser, personAt, stranger } from '../../support/browser.js';
import { MailServer } from '../../support/mail-server.js';
import { Service } from '../../support/service.js';
import { OwnAccount } from '../../web/bank-visitor.js';
import { onKeyboard, POINTER, type Hands, type SentFile } from './hands.js';

/** With what somebody uses a page. */
const hands = new WeakMap<Page, Hands>();
const handsAt = (page: Page): Hands => hands.get(page) ?? POINTER;

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
  /** With what its people use the pages. */
  private inUse: Hands = POINTER;

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
    const { javaScriptEnabled, inUse } = this;
    return this.opened((await personAt(this.service.base, email, { javaScriptEnabled, press: inUse.press })).page);
  }

  /** Somebody who is not signed in. */
  async stranger(): Promise<Page> {
    return this.opened(await stranger(this.service.base, { javaScriptEnabled: this.javaScriptEnabled }));
  }

  private opened(page: Page): Page {
    this.pages.push(page);
    hands.set(page, this.inUse);
    return page;
  }

  /** Everybody sets out, with or without a mouse. */
  setOut({ javaScript, keyboard }: { javaScript: boolean; keyboard: boolean }): void {
    this.javaScriptEnabled = javaScript;
    this.inUse = keyboard ? onKeyboard() : POINTER;
  }

  /** Where somebody without a mouse could not see where they were, one line each. */
  unseen(): string[] {
    return this.inUse.unseen();
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

export const press = (page: Page, name: string | RegExp): Promise<void> => handsAt(page).press(button(page, name));
export const follow = (page: Page, name: string | RegExp): Promise<void> => handsAt(page).press(link(page, name));
/** Follows a link of the service's own navigation. */
export const goTo = (page: Page, name: string): Promise<void> =>
  handsAt(page).press(page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name, exact: true }));

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

/** A page, or a part of it where a label is there more than once. */
type Part = Page | Locator;
const handsFor = (part: Part): Hands => handsAt('goto' in part ? part : part.page());
/** The field with this label, whatever the label says in brackets behind. */
const field = (part: Part, label: string): Locator =>
  part.getByLabel(new RegExp(`^\\s*${label.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}\\s*(\\(|$)`));

/** Fills fields by their labels. */
export async function fill(part: Part, values: Readonly<Record<string, string>>): Promise<void> {
  for (const [label, value] of Object.entries(values)) await handsFor(part).type(field(part, label), value);
}

/** Chooses of lists by their labels, by the words of the choice. */
export async function choose(part: Part, choices: Readonly<Record<string, string>>): Promise<void> {
  for (const [label, choice] of Object.entries(choices)) await handsFor(part).choose(field(part, label), choice);
}

/** Chooses a radio or ticks a checkbox. */
export const check = (part: Part, label: string): Promise<void> => handsFor(part).check(field(part, label));

/** Puts a file into its field. */
export const attach = (part: Part, label: string, file: SentFile): Promise<void> =>
  handsFor(part).attach(field(part, label), file);
