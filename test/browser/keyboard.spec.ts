import { afterAll, beforeAll, expect, it, jest } from '@jest/globals';
import { type Page } from 'playwright-core';
import { camtOf } from '../builders/bank-statement.js';
import { realPdf } from '../builders/real-pdf.js';
import { loaded } from '../integration/bank-statements-support.js';
import { Claims, simpleBody, type Claim } from '../integration/claims-support.js';
import { Bank } from '../integration/reconciliation-support.js';
import { closeBrowser, describeBrowser, personAt, WIDTHS } from '../support/browser.js';
import { faultsByTab, faultsOfSkipLink, faultsOfSummary, Keyboard } from '../support/keyboard.js';
import { finance, MTM } from '../support/people.js';
import { Service } from '../support/service.js';
import { OwnAccount } from '../web/bank-visitor.js';
import { small, twoLines } from '../web/review-support.js';

jest.setTimeout(240_000);

let service: Service;
let claims: Claims;
beforeAll(async () => {
  service = await Service.start({ web: true });
  claims = new Claims(service);
});
afterAll(async () => {
  await closeBrowser();
  await service?.stop();
});

const button = (page: Page, name: string) => page.locator('main').getByRole('button', { name, exact: true });

/** What is wrong with these pages by Tab, at a desk and on a telephone, where tables scroll. */
async function wrongWith(page: Page, addresses: readonly string[]): Promise<string[]> {
  const faults: string[] = [];
  for (const [name, width] of Object.entries(WIDTHS)) {
    await page.setViewportSize({ width, height: 900 });
    for (const address of addresses) {
      await page.goto(address);
      const where = `${name} ${address.replace(/[0-9a-f-]{36}/g, ':id')}`;
      faults.push(
        ...[...(await faultsByTab(page)), ...(await faultsOfSkipLink(page))].map((text) => `${where}: ${text}`),
      );
    }
  }
  return faults;
}

async function withEvidence(claim: Claim): Promise<Claim> {
  const form = new FormData();
  form.append('files', new Blob([new Uint8Array(await realPdf())], { type: 'application/pdf' }), 'invoice.pdf');
  const headers = { 'idempotency-key': crypto.randomUUID() };
  const answer = await service.call(MTM.finance, 'POST', `/claims/${claim.id}/evidence`, { body: form, headers });
  expect(answer.status).toBe(201);
  return claim;
}

describeBrowser('by keyboard', () => {
  it('a claim is typed in: every field in its order, and each error leads to its own', async () => {
    const { page, context } = await personAt(service.base, finance('BRENT'));
    await page.goto('/claim-forms/new');
    for (const name of ['Start', 'Add a trainer invoice', 'Add a training line', 'Add a travel line']) {
      await button(page, name).click();
    }
    await page.getByRole('group', { name: 'Line 2: travel' }).waitFor();
    const address = page.url().replace(/#.*/, '');
    expect(await wrongWith(page, [address])).toEqual([]);
    await button(page, 'Save and continue').click();
    expect(await faultsOfSummary(page)).toEqual([]);
    expect(await faultsByTab(page)).toEqual([]);
    await context.close();
  });

  it('a claim is reviewed with its evidence beside it, and the next one follows', async () => {
    const [first, next] = [await withEvidence(await claims.submitted(twoLines())), await claims.submitted(small())];
    const { page, context } = await personAt(service.base, MTM.finance);
    expect(await wrongWith(page, [`/claims/${first.id}/review`, '/queue'])).toEqual([]);
    await page.goto('/queue?show=review&authority=BRENT');
    const keyboard = new Keyboard();
    await keyboard.press(page.getByRole('link', { name: `Next claim: ${first.invoiceNumber}`, exact: true }));
    await keyboard.check(page.getByLabel(/^\s*Disallow line 2/));
    await keyboard.press(button(page, 'Check the review'));
    expect(await faultsOfSummary(page)).toEqual([]);
    await keyboard.type(page.getByLabel('Reason if disallowed').last(), 'No ticket');
    await keyboard.press(button(page, 'Check the review'));
    await page.getByRole('heading', { name: 'Check your review' }).waitFor();
    await keyboard.press(button(page, 'Confirm the review'));
    await page.getByText('is reviewed').waitFor();
    // Where they were, with what was done read out, and the next claim one press of Tab away.
    expect(new URL(page.url()).search).toBe('?show=review&authority=BRENT');
    await page.locator('.govuk-notification-banner:focus').waitFor();
    await page.keyboard.press('Tab');
    await page.locator(':focus').press('Enter');
    await page.getByRole('heading', { level: 1, name: `Review ${next.invoiceNumber}` }).waitFor();
    expect([...keyboard.unseen]).toEqual([]);
    await context.close();
  });

  it('money is asked for, paid and found at the bank: the pages that preview and compare, and the reports', async () => {
    const bank = new Bank(service);
    const account = new OwnAccount();
    await bank.funding.approved(100_000, 'LINCS');
    await bank.recorded(100_000, 'DFE KEYS');
    await loaded(service, camtOf(account.next({ amountPence: 100_000, reference: 'DFE KEYS' })));
    const { page, context } = await personAt(service.base, MTM.finance);
    expect(await wrongWith(page, ['/payments/new'])).toEqual([]);
    await bank.run();
    const left = await loaded(service, camtOf(account.next({ amountPence: -100_000, remittance: 'EIP2-PR-0001' })));
    await claims.approved(simpleBody('NORFOLK'));
    const preview = 'amount=900&receivedOn-day=2&receivedOn-month=4&receivedOn-year=2018&bankReference=DFE+3';
    await page.goto(`/bank/${left.id}`);
    const match = await page
      .getByRole('link', { name: /^Match to this/ })
      .first()
      .getAttribute('href');
    expect(
      await wrongWith(page, [
        ...[`/bank/${left.id}`, match!, '/funding/requests/preview', `/funding/receipts/preview?${preview}`],
        ...['/reports/ageing', '/reports/cash', '/reports/payment-times', '/allocations'],
      ]),
    ).toEqual([]);
    await page.goto('/funding/receipts/new');
    await button(page, 'See what it would fund').click();
    expect(await faultsOfSummary(page)).toEqual([]);
    await context.close();
  });
});
