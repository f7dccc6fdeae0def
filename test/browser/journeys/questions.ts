import { expect } from '@jest/globals';
import { type Page } from 'playwright-core';
import { camtOf } from '../../builders/bank-statement.js';
import { loaded } from '../../integration/bank-statements-support.js';
import { simpleBody } from '../../integration/claims-support.js';
import { manager } from '../../support/people.js';
import { fact, follow, heading, type Journey, type JourneyWorld } from './world.js';

/** The funder’s money comes, MTM pays what is approved, and the bank’s statement shows both. */
async function pay({ bank, account, service }: JourneyWorld, pence: number, reference: string): Promise<void> {
  await bank.recorded(pence, reference);
  const came = await loaded(service, camtOf(account.next({ amountPence: pence, reference })));
  expect([came.state, came.matchedCount]).toEqual(['read', 1]);
  const [payment] = await bank.run();
  const left = await loaded(service, camtOf(account.next({ amountPence: -pence, remittance: payment!.reference })));
  const [line] = await bank.lines(left.id);
  if (left.matchedCount === 0) await bank.do('match', left.id, line!.id, { paymentIds: [payment!.id] });
  for (const { id } of [came, left]) await bank.close(id);
}

/** The text of the row of a table that starts with these words. */
const row = async (page: Page, first: string): Promise<string> =>
  (await page.getByRole('row').filter({ hasText: first }).first().innerText()).replace(/\s+/g, ' ');

/** "Has it been paid, and how many days are left?", answered by the pages alone. */
export const questions: Journey = {
  name: 'a project manager’s questions: has it been paid, how many days are left',
  async walk(world) {
    const authority = world.javaScriptEnabled ? 'SUFFOLK' : 'NORFOLK';
    const mine = await world.claims.approved(simpleBody(authority, { trainerDays: '1.5', netPence: 150_000 }));
    const other = await world.claims.submitted(simpleBody(authority, { trainerDays: '2', netPence: 200_000 }));
    const page = await world.person(manager(authority));
    await heading(page, /^Hello, /);
    const days = page.getByText('6.5 days left of 10.');
    await days.first().waitFor();
    const paid = page.locator('.app-card', { hasText: 'Last payment to you' });
    expect(await paid.innerText()).toContain('None yet');
    expect(await row(page, mine.invoiceNumber!)).toContain('MTM to ask DfE for the money');

    await follow(page, mine.invoiceNumber!);
    await heading(page, new RegExp(mine.invoiceNumber!));
    expect(await fact(page, 'Who acts next')).toBe('MTM to ask DfE for the money');
    expect(await fact(page, 'Money expected')).not.toBe('');

    await pay(world, 75_000, `DFE PM ${authority}`);
    await page.goto('/');
    expect(await paid.innerText()).toMatch(/£750\.00\s+on \d+ April 2018, for 1 claim/);
    await follow(page, 'All claims');
    await heading(page, 'Claims');
    expect(await row(page, mine.invoiceNumber!)).toMatch(/ Paid Nobody: this is finished £750\.00/);
    expect(await row(page, other.invoiceNumber!)).toMatch(/ Submitted MTM/);

    await page.goto('/');
    await follow(page, 'See how the days were drawn');
    await heading(page, 'Your allocation');
    await page.getByText('6.5 days left of 10: 1.5 days used by approved claims, 2 days reserved').first().waitFor();
    await follow(page, /^Targeted training/);
    expect(await row(page, mine.invoiceNumber!)).toContain('1.5');
  },
};
