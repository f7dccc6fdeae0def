import { expect } from '@jest/globals';
import { aPdf } from '../../builders/evidence-files.js';
import { MTM } from '../../support/people.js';
import {
  attach,
  check,
  choose,
  fact,
  fill,
  follow,
  heading,
  link,
  notice,
  press,
  type Journey,
  type JourneyWorld,
} from './world.js';

const PASSWORD = 'teapot harbour nine';

/** The administrator adds a finance officer, who gets an e-mail. */
async function invited(world: JourneyWorld, email: string): Promise<string> {
  const page = await world.person(MTM.admin);
  await page.goto('/users');
  await follow(page, 'Add a user');
  await fill(page, { Name: 'Nadia First', 'E-mail address': email });
  await choose(page, { Organisation: 'Brent (BRENT)' });
  await check(page, 'LA finance officer');
  await press(page, 'Add the user');
  expect(await notice(page)).toBe('Nadia First is added, and an invitation is on its way');
  return world.linkMailedTo(email, /\/invitation\/[\w-]{43}/);
}

/** From an e-mail to the number of a claim invoice, by somebody who never saw the service. */
export const firstClaim: Journey = {
  name: 'a first claim, from the invitation to the confirmation',
  async walk(world) {
    const email = `nadia.first${world.javaScriptEnabled ? '' : '.plain'}@brent.example`;
    const address = await invited(world, email);
    const page = await world.stranger();
    await page.goto(address);
    await fill(page, { 'New password': PASSWORD });
    await press(page, 'Save the password');
    await heading(page, 'Hello, Nadia First');

    await follow(page, /Start a new claim/);
    await heading(page, 'Before you start a claim');
    await press(page, 'Start');
    await press(page, 'Add a trainer invoice');
    await press(page, 'Add a training line');
    // Without JavaScript the page came anew with the line; what is typed before that is kept either way.
    await fill(page, {
      ...{ 'Trainer’s name': 'A Trainer Ltd', 'VAT registration number': 'GB999999973' },
      ...{ 'Invoice number': `FIRST-${world.javaScriptEnabled}`, 'Invoice date': '14 3 2018' },
      'Date you paid it': '28 March 2018',
    });
    await choose(page, { 'Kind of training': 'Targeted training', 'Day rate': 'Standard day (£1,000.00)' });
    await fill(page, {
      ...{ Description: 'Safety planning, two days', 'Date booked': '10/1/2018', 'Trainer-days': '2' },
      ...{ 'Delivery days, with commas between them': '12/3/2018, 13/3/2018', 'Net amount': '2,000' },
    });
    await choose(page, { 'VAT rate': '20%' });
    await fill(page, { VAT: '400' });
    if (!world.javaScriptEnabled) await press(page, 'Save and see what it comes to');
    await page.locator('#working').getByText('£1,000.00 to be reimbursed').waitFor();
    await press(page, 'Save and continue');
    await page.getByText('Everything is filled in.').waitFor();

    await follow(page, /^Evidence/);
    await press(page, 'Continue to add files');
    await attach(page, 'Files', { name: 'invoice.pdf', mimeType: 'application/pdf', buffer: aPdf() });
    await press(page, 'Add these files');
    await page.getByText('1 file added').waitFor();
    await link(page, 'invoice.pdf').waitFor();
    await follow(page, 'Continue');
    await press(page, 'Check your answers');
    await heading(page, 'Check your answers before you submit the claim');
    await page.getByText('£2,000.00 × 1/2 = £1,000.00').first().waitFor({ state: 'attached' });
    await press(page, 'Submit the claim');
    await heading(page, /^Claim submitted/);
    const number = (await page.locator('.govuk-panel__body strong').innerText()).trim();
    expect(number).toMatch(/^EIP2-BRENT-\d{4}$/);
    // The claim invoice goes to MTM and to the authority by e-mail, made by the worker meanwhile.
    while (!world.mail.received.some(({ mail }) => mail.subject?.includes(number)))
      await world.mail.until(world.mail.received.length + 1);
    await follow(page, 'Follow this claim');
    await heading(page, new RegExp(number));
    expect(await fact(page, 'Claimed')).toBe('£1,000.00');
    expect(await fact(page, 'Who acts next')).toContain('MTM');
    await link(page, `Invoice ${number} (PDF)`).waitFor();
  },
};
