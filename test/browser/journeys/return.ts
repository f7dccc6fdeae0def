import { expect } from '@jest/globals';
import { claimBody, training, trainerInvoice, travel } from '../../builders/claim-body.js';
import { nextNumber } from '../../integration/claims-support.js';
import { finance, MTM } from '../../support/people.js';
import { fact, fill, follow, goTo, heading, notice, press, type Journey, type JourneyWorld } from './world.js';

async function returned(world: JourneyWorld, number: string): Promise<void> {
  const page = await world.person(MTM.finance);
  await goTo(page, 'Work queue');
  await heading(page, 'Work queue');
  await follow(page, number);
  await heading(page, new RegExp(`^Review ${number}`));
  await follow(page, 'Return it for correction');
  await heading(page, new RegExp(`^Return ${number}`));
  // Nothing said: it is asked for again, beside its field.
  await press(page, 'Return the claim');
  await page.getByRole('alert').getByText('Say why.').waitFor();
  await fill(page, {
    'What has to be corrected?': 'The fare is not the one on the ticket.',
    'Line 2: Rail, £156.40': 'The ticket says £120.00',
  });
  await press(page, 'Return the claim');
  expect(await notice(page)).toContain(`${number} is returned`);
}

/** The authority reads why beside the line, corrects it and submits it again. Gives the number of the new invoice. */
async function corrected(world: JourneyWorld, number: string): Promise<string> {
  const page = await world.person(finance('BRENT'));
  await follow(page, `Correct ${number}`);
  await heading(page, new RegExp(number));
  const line = page.getByRole('row').filter({ hasText: 'Rail' });
  expect(await line.innerText()).toContain('The ticket says £120.00');
  await page.locator('.moj-timeline').getByText('The fare is not the one on the ticket.').first().waitFor();
  await press(page, 'Correct this claim');
  await heading(page, 'Prepare a claim');
  await follow(page, /A Trainer Ltd, invoice/);
  await fill(page.getByRole('group', { name: 'Line 2: travel' }), { 'Net amount': '120' });
  await press(page, 'Save and continue');
  await heading(page, 'Prepare a claim');
  await press(page, 'Check your answers');
  await heading(page, 'Check your answers before you submit the claim');
  await press(page, 'Submit the claim');
  await heading(page, /^Claim submitted/);
  const again = (await page.locator('.govuk-panel__body strong').innerText()).trim();
  await follow(page, 'Follow this claim');
  await heading(page, new RegExp(again));
  expect(await fact(page, 'Claimed')).toBe('£560.00');
  return again;
}

/** A claim is returned, and comes again. */
export const returnAndResubmit: Journey = {
  name: 'returned with a reason beside a line, corrected and submitted again',
  async walk(world) {
    const lines = [training({ trainerDays: '1' }), travel(15_640)];
    const claim = await world.claims.submitted(claimBody([trainerInvoice(lines, { number: nextNumber() })]));
    await returned(world, claim.invoiceNumber!);
    // A new invoice with a number of its own; the first one is credited.
    expect(await corrected(world, claim.invoiceNumber!)).not.toBe(claim.invoiceNumber);
  },
};
