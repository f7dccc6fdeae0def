import { expect } from '@jest/globals';
import { type Page } from 'playwright-core';
import { camtOf, type MadeEntry } from '../../builders/bank-statement.js';
import { simpleBody } from '../../integration/claims-support.js';
import { MTM } from '../../support/people.js';
import {
  attach,
  check,
  choose,
  fill,
  follow,
  heading,
  link,
  notice,
  press,
  type Journey,
  type JourneyWorld,
} from './world.js';

/** MTM’s people at their desks. */
interface Desks {
  readonly greta: Page;
  readonly second: Page;
  readonly approver: Page;
  readonly approver2: Page;
}

/** One reviews, another approves. */
async function approved({ greta, approver }: Desks, number: string): Promise<void> {
  await greta.goto('/queue');
  await follow(greta, number);
  await heading(greta, `Review ${number}`);
  await press(greta, 'Check the review');
  await heading(greta, 'Check your review');
  await press(greta, 'Confirm the review');
  expect(await notice(greta)).toContain('is reviewed');
  await approver.goto('/queue?show=approve');
  await follow(approver, number);
  await heading(approver, `Approve ${number}`);
  await press(approver, 'Approve £500.00');
  expect(await notice(approver)).toContain(`${number} is approved: £500.00`);
}

/** DfE is asked; its money is recorded by one and confirmed by another. */
async function funded({ greta, second }: Desks, authority: string, reference: string): Promise<void> {
  await greta.goto('/funding/requests/new');
  await check(greta, 'Those of one authority');
  await choose(greta, { Authority: `${authority}: 1 claim, £500.00` });
  await press(greta, 'See what it comes to');
  await heading(greta, 'DfE would be asked for £500.00');
  await press(greta, 'Keep as a draft request');
  await follow(greta, 'Submit it');
  await press(greta, 'Submit the request');
  expect(await notice(greta)).toContain('It asks for £500.00');
  await follow(greta, 'Record money that came for it');
  await fill(greta, { Amount: '500.00', Day: '2', Month: '4', Year: '2018', 'Bank reference': reference });
  await press(greta, 'See what it would fund');
  await heading(greta, 'What £500.00 would fund');
  await press(greta, 'Record the receipt');
  expect(await notice(greta)).toContain('The receipt of £500.00 is recorded');
  // Who recorded it is not offered to confirm it.
  expect(await link(greta, 'Check and confirm').count()).toBe(0);
  await second.goto(greta.url());
  await follow(second, 'Check and confirm');
  await fill(second, { 'What shows that the money came': 'Advice of 2 April, page 1' });
  await press(second, 'Confirm the receipt');
  expect(await notice(second)).toContain('It funded 1 claim');
}

/** One prepares a run, another approves it. Gives its number. */
async function paid({ greta, approver2 }: Desks): Promise<string> {
  await greta.goto('/payments');
  await follow(greta, 'Prepare a payment run');
  await press(greta, 'Prepare this run');
  const run = /^EIP2-PR-\d{4}/.exec(await notice(greta))![0];
  expect(await link(greta, 'Approve this run').count()).toBe(0);
  await approver2.goto(greta.url());
  await follow(approver2, 'Approve this run');
  await press(approver2, 'Approve £500.00');
  expect(await notice(approver2)).toMatch(/is approved: £500.00/);
  const downloading = approver2.waitForEvent('download');
  await follow(approver2, 'Download the bank file');
  expect((await downloading).suggestedFilename()).toBe(`${run}.xml`);
  return run;
}

/** The bank’s statement: what agrees is matched by itself, the rest by a person, and then it is closed. */
async function reconciled(world: JourneyWorld, { greta }: Desks, lines: Partial<MadeEntry>[]): Promise<void> {
  await greta.goto('/bank/load');
  await attach(greta, 'File', {
    name: 'statement.xml',
    mimeType: 'application/xml',
    buffer: Buffer.from(camtOf(world.account.next(...lines))),
  });
  await press(greta, 'See what it holds');
  await heading(greta, 'What the file holds');
  await press(greta, 'Load this statement');
  expect(await notice(greta)).toContain('2 lines, of which 1 agreed exactly');
  await follow(greta, /^Match to this.*line 2,/);
  await greta.getByText('Of the £500.00 to be explained, nothing is left.').waitFor();
  await press(greta, 'Match');
  expect(await notice(greta)).toContain('Line 2 is matched');
  await follow(greta, 'Compare with the books and close');
  await greta.getByText('Every line is explained and the books agree with the bank.').waitFor();
  await press(greta, 'Close this statement');
  expect(await notice(greta)).toContain('is closed');
}

/** A month of MTM’s finance: from a claim in the queue to a statement that is closed. */
export const month: Journey = {
  name: 'MTM’s month, from the queue to the closed bank statement',
  async walk(world) {
    const authority = world.javaScriptEnabled ? 'LINCS' : 'BRISTOL';
    const claim = await world.claims.submitted(simpleBody(authority, { trainerDays: '1', netPence: 100_000 }));
    const desks: Desks = {
      greta: await world.person(MTM.finance),
      second: await world.person(MTM.finance2),
      approver: await world.person(MTM.approver),
      approver2: await world.person(MTM.approver2),
    };
    const reference = `DFE MONTH ${authority}`;
    await approved(desks, claim.invoiceNumber!);
    await funded(desks, authority, reference);
    const run = await paid(desks);
    await reconciled(world, desks, [
      { amountPence: 50_000, reference },
      { amountPence: -50_000, remittance: run },
    ]);
    expect((await world.claims.read(MTM.auditor, claim.id)).state).toBe('reconciled');
  },
};
