import { expect } from '@jest/globals';
import { type Locator, type Page } from 'playwright-core';
import { claimBody, training, trainerInvoice, travel } from '../../builders/claim-body.js';
import { nextNumber } from '../../integration/claims-support.js';
import { finance, MTM } from '../../support/people.js';
import { button, fact, heading, link, notice, type Journey, type JourneyWorld } from './world.js';

/** So many presses of Tab lead nowhere: the longest page of this journey has far fewer places to stop at. */
const MOST_STOPS = 150;

/**
 * Why nobody would see where the focus is: it must have a box within the window and something drawn around it, by
 * itself or by the label that stands for a radio or checkbox (WCAG 2.4.7). Empty when it is seen.
 */
const UNSEEN = `(() => {
  const at = document.activeElement;
  if (at === null || at === document.body) return '';
  const name = at.tagName + ' ' + (at.id || at.textContent.trim().slice(0, 40));
  const box = at.getBoundingClientRect();
  if (box.width < 1 || box.height < 1) return name + ': has no size';
  if (box.bottom < 0 || box.top > innerHeight) return name + ': is out of the window';
  const label = at.labels && at.labels[0];
  const drawn = [getComputedStyle(at), ...(label ? [getComputedStyle(label, '::before')] : [])].some((style) =>
    (style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0 && !/^rgba.*, 0\\)$|transparent/.test(style.outlineColor))
    || (style.boxShadow !== 'none' && !/^rgba\\(0, 0, 0, 0\\)/.test(style.boxShadow)));
  return drawn ? '' : name + ': nothing is drawn around it';
})()`;

/** Somebody without a mouse. */
class Keyboard {
  readonly unseen = new Set<string>();

  constructor(readonly page: Page) {}

  /** Tab after Tab, until the focus is there. */
  async to(target: Locator): Promise<void> {
    await target.waitFor();
    for (let stop = 0; stop < MOST_STOPS; stop++) {
      await this.page.keyboard.press('Tab');
      const unseen = (await this.page.evaluate(UNSEEN)) as string;
      if (unseen) this.unseen.add(`${new URL(this.page.url()).pathname.replace(/[0-9a-f-]{36}/g, ':id')} ${unseen}`);
      if ((await target.and(this.page.locator(':focus')).count()) > 0) return;
    }
    throw new Error(`The keyboard does not reach ${String(target)} on ${this.page.url()}`);
  }

  async press(target: Locator, key: 'Enter' | 'Space' = 'Enter'): Promise<void> {
    await this.to(target);
    await this.page.keyboard.press(key);
  }

  async type(target: Locator, text: string): Promise<void> {
    await this.to(target);
    await this.page.keyboard.press('ControlOrMeta+a');
    await this.page.keyboard.type(text);
  }
}

async function returned(world: JourneyWorld, number: string): Promise<Keyboard> {
  const greta = new Keyboard(await world.person(MTM.finance));
  const { page } = greta;
  await greta.press(page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: /queue/i }));
  await heading(page, 'Work queue');
  await greta.press(link(page, number));
  await heading(page, new RegExp(`^Review ${number}`));
  await greta.press(link(page, 'Return it for correction'));
  await heading(page, new RegExp(`^Return ${number}`));
  // Nothing said: it is asked for again, beside its field.
  await greta.press(button(page, 'Return the claim'), 'Space');
  await page.getByRole('alert').getByText('Say why.').waitFor();
  await greta.type(page.getByLabel('What has to be corrected?'), 'The fare is not the one on the ticket.');
  await greta.type(page.getByLabel('Line 2: Rail'), 'The ticket says £120.00');
  await greta.press(button(page, 'Return the claim'), 'Space');
  expect(await notice(page)).toContain(`${number} is returned`);
  return greta;
}

/** The authority reads why beside the line, corrects it and submits it again. */
async function corrected(world: JourneyWorld, number: string): Promise<[keyboard: Keyboard, again: string]> {
  const ada = new Keyboard(await world.person(finance('BRENT')));
  const { page } = ada;
  await ada.press(link(page, `Correct ${number}`));
  await heading(page, new RegExp(number));
  const line = page.getByRole('row').filter({ hasText: 'Rail' });
  expect(await line.innerText()).toContain('The ticket says £120.00');
  await page.locator('.moj-timeline').getByText('The fare is not the one on the ticket.').first().waitFor();
  await ada.press(button(page, 'Correct this claim'), 'Space');
  await heading(page, 'Prepare a claim');
  await ada.press(link(page, /A Trainer Ltd, invoice/));
  await ada.type(page.getByLabel('Net amount').last(), '120');
  await ada.press(button(page, 'Save and continue'));
  await heading(page, 'Prepare a claim');
  await ada.press(button(page, 'Check your answers'), 'Space');
  await heading(page, 'Check your answers before you submit the claim');
  await ada.press(button(page, 'Submit the claim'));
  await heading(page, /^Claim submitted/);
  const again = (await page.locator('.govuk-panel__body strong').innerText()).trim();
  await ada.press(link(page, 'Follow this claim'));
  await heading(page, new RegExp(again));
  expect(await fact(page, 'Claimed')).toBe('£560.00');
  return [ada, again];
}

/** By keyboard only, once both are signed in. */
export const returnAndResubmit: Journey = {
  name: 'returned with a reason beside a line, corrected and submitted again, by keyboard',
  async walk(world) {
    const lines = [training({ trainerDays: '1' }), travel(15_640)];
    const claim = await world.claims.submitted(claimBody([trainerInvoice(lines, { number: nextNumber() })]));
    const greta = await returned(world, claim.invoiceNumber!);
    const [ada, again] = await corrected(world, claim.invoiceNumber!);
    // A new invoice with a number of its own; the first one is credited.
    expect(again).not.toBe(claim.invoiceNumber);
    expect([...greta.unseen, ...ada.unseen]).toEqual([]);
  },
};
