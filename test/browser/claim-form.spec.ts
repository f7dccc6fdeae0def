import { afterAll, beforeAll, expect, it, jest } from '@jest/globals';
import type { Page } from 'playwright-core';
import { closeBrowser, describeBrowser, faultsOf, personAt } from '../support/browser.js';
import { importTemplate } from '#claims';
import { Claims, simpleBody } from '../integration/claims-support.js';
import { finance, manager, MTM } from '../support/people.js';
import { Service } from '../support/service.js';
import { notLookedAt } from './looked-at.js';

jest.setTimeout(180_000);

let service: Service;
beforeAll(async () => {
  service = await Service.start({ web: true });
});
afterAll(async () => {
  await closeBrowser();
  await service.stop();
});

/** A trainer invoice of one training line, on its page, nothing of the line filled in yet. */
async function newLine(page: Page): Promise<void> {
  await page.goto('/claim-forms/new');
  await page.getByRole('button', { name: 'Start' }).click();
  await page.getByRole('button', { name: 'Add a trainer invoice' }).click();
  await page.getByLabel('Trainer’s name').fill('A Trainer Ltd');
  await page.getByLabel('VAT registration number').fill('GB999999973');
  await page.getByLabel('Invoice number').fill('INV-0042');
  await page.getByLabel('Invoice date').fill('14 3 2018');
  await page.getByRole('button', { name: 'Add a training line' }).click();
  await page.waitForURL(/#lines-l1-category$/);
}

async function fillLine(page: Page): Promise<void> {
  await page.getByLabel('Kind of training').selectOption('targeted');
  await page.getByLabel('Day rate').selectOption('standard');
  await page.getByLabel('Delivery days').fill('12/3/2018, 13/3/2018');
  await page.getByLabel('Trainer-days').fill('2');
  await page.getByLabel('Net amount').fill('2,300');
}

const pdf = (name: string) => ({
  name,
  mimeType: 'application/pdf',
  buffer: Buffer.from(`%PDF-1.7\n${'x'.repeat(100_000)}\n%%EOF`),
});

const focused = (page: Page): Promise<string> => page.evaluate('document.activeElement.id');

describeBrowser('a new claim in a browser', () => {
  it('shows what it comes to while it is typed, and an opened working stays open', async () => {
    const { page, context } = await personAt(service.base, finance('BRENT'));
    await newLine(page);
    expect(await focused(page)).toBe('lines-l1-category');
    await fillLine(page);
    const figures = page.locator('#working');
    await figures.getByText('£1,000.00 to be reimbursed').waitFor();
    await figures.getByText('How this is worked out').click();
    await figures.getByText('£300.00 stays with the authority').waitFor();
    await page.getByLabel('Net amount').fill('1,800');
    await figures.getByText('£1,800.00 is eligible').waitFor();
    expect(await figures.getByText('£1,800.00 is eligible').isVisible()).toBe(true);
    // Nothing of it was saved: the page asked, it did not store.
    const other = await personAt(service.base, manager('BRENT'));
    await other.page.goto(page.url());
    expect(await other.page.getByLabel('Net amount').inputValue()).toBe('');
    await other.context.close();
    await context.close();
  });

  it('saves what is typed when it is left, by whatever link or button', async () => {
    const { page, context } = await personAt(service.base, finance('BRENT'));
    await newLine(page);
    const invoice = page.url().replace(/#.*/, '');
    await fillLine(page);
    await page.getByRole('link', { name: 'Claims', exact: true }).click();
    await page.waitForURL(/\/claims$/);
    await page.goto(invoice);
    expect(await page.getByLabel('Net amount').inputValue()).toBe('2,300');
    expect(await page.getByLabel('Day rate').inputValue()).toBe('standard');
    await page.goto(invoice.replace(/\/invoices.*/, '/details'));
    await page.getByLabel('Your reference').fill('CS-LEFT');
    // Signed out, nothing could be saved any more: it is saved before.
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.waitForURL(/\/sign-in/);
    const again = await personAt(service.base, finance('BRENT'));
    await again.page.goto(invoice.replace(/\/invoices.*/, '/details'));
    expect(await again.page.getByLabel('Your reference').inputValue()).toBe('CS-LEFT');
    await again.context.close();
    await context.close();
  });

  it('saves what is typed when it is put aside for another window, and goes on from there', async () => {
    const { page, context } = await personAt(service.base, finance('BRENT'));
    await newLine(page);
    const invoice = page.url().replace(/#.*/, '');
    const version = () => page.locator('#page-form input[name=version]').inputValue();
    const seen = await version();
    await fillLine(page);
    const saved = page.waitForResponse((answer) => answer.request().method() === 'POST' && answer.url() === invoice);
    await page.evaluate(`Object.defineProperty(document, 'visibilityState', { value: 'hidden' });
      document.dispatchEvent(new Event('visibilitychange'))`);
    expect((await saved).status()).toBe(200);
    await page.waitForFunction(`document.querySelector('#page-form input[name=version]').value !== '${seen}'`);
    await page.getByLabel('Net amount').fill('2,400');
    await page.getByRole('button', { name: 'Add a training line' }).click();
    await page.getByRole('group', { name: 'Line 2: training' }).waitFor();
    expect(await page.getByLabel('Net amount').first().inputValue()).toBe('2,400');
    await context.close();
  });

  it('overwrites nobody by leaving: of two on one page the later one chooses, and is asked before that is left', async () => {
    const { page, context } = await personAt(service.base, finance('BRENT'));
    const other = await personAt(service.base, manager('BRENT'));
    await newLine(page);
    const invoice = page.url().replace(/#.*/, '');
    await other.page.goto(invoice);
    await other.page.getByLabel('Trainer’s name').fill('Theirs');
    await other.page.getByRole('link', { name: 'Claims', exact: true }).click();
    await other.page.waitForURL(/\/claims$/);
    await page.getByLabel('Trainer’s name').fill('Mine');
    await page.getByRole('link', { name: 'Claims', exact: true }).click();
    await page.getByRole('heading', { level: 1, name: 'saved this page while you were writing' }).waitFor();
    await page.getByText('Yours: Mine').waitFor();
    await other.page.goto(invoice);
    expect(await other.page.getByLabel('Trainer’s name').inputValue()).toBe('Theirs');
    const asked = page.waitForEvent('dialog');
    const clicked = page.getByRole('link', { name: 'Claims', exact: true }).click();
    const dialog = await asked;
    expect(dialog.type()).toBe('beforeunload');
    await dialog.dismiss();
    await clicked;
    await page.getByRole('button', { name: 'Save what I chose' }).click();
    await page.getByText('Saved as you chose').waitFor();
    expect(await page.getByLabel('Trainer’s name').inputValue()).toBe('Mine');
    await context.close();
    await other.context.close();
  });

  it('saves by Enter, and neither copies nor removes a line', async () => {
    const { page, context } = await personAt(service.base, finance('BRENT'));
    await newLine(page);
    await fillLine(page);
    await page.getByLabel('Net amount').press('Enter');
    await page.waitForURL(/#working$/);
    expect(await page.locator('.app-line').count()).toBe(1);
    expect(await page.getByLabel('Net amount').inputValue()).toBe('2,300');
    await context.close();
  });

  it('sends several files with their progress and goes on from there', async () => {
    const { page, context } = await personAt(service.base, finance('BRENT'));
    await newLine(page);
    await fillLine(page);
    await page.getByLabel('Description').fill('Two days');
    await page.getByLabel('Date booked').fill('10 January 2018');
    await page.getByLabel('VAT rate').selectOption('20');
    await page.getByLabel('VAT', { exact: true }).fill('460');
    await page.getByRole('button', { name: 'Save and continue' }).click();
    await page.getByRole('link', { name: 'Evidence: invoices' }).click();
    await page.getByRole('button', { name: 'Continue to add files' }).click();
    await page.getByLabel('Files', { exact: true }).setInputFiles([pdf('a.pdf'), pdf('b.pdf')]);
    await page.getByRole('button', { name: 'Add these files' }).click();
    await page.getByText('2 files added').waitFor();
    expect(await page.title()).toMatch(/^Evidence/);
    expect(await page.evaluate('document.activeElement.className')).toContain('notification-banner');
    await page
      .getByLabel('Files', { exact: true })
      .setInputFiles([{ name: 'run.exe', mimeType: 'application/x-msdownload', buffer: Buffer.from('MZ\0\0') }]);
    await page.getByRole('button', { name: 'Add these files' }).click();
    await page.locator('.govuk-error-summary').getByText('run.exe').waitFor();
    await page.getByLabel('Files', { exact: true }).setInputFiles([pdf('c.pdf')]);
    await page.getByRole('button', { name: 'Add these files' }).click();
    await page.getByText('1 file added').waitFor();
    expect(await page.locator('tbody tr').count()).toBe(3);
    await context.close();
  });

  it('is so too for the evidence of a claim on its own page, and for claims from a file', async () => {
    const claims = new Claims(service);
    const claim = await claims.submitted(simpleBody('BRENT'));
    const { page, context } = await personAt(service.base, finance('BRENT'));
    const faults: string[] = [];
    const look = async (name: string) => void faults.push(...(await faultsOf(page, name)));
    const press = (name: string) => page.getByRole('button', { name }).click();
    await page.goto(`/claims/${claim.id}`);
    await page.getByRole('link', { name: 'Add evidence', exact: true }).click();
    await look('evidence of a claim');
    await press('Add these files');
    await page.locator('.govuk-error-summary').waitFor();
    await look('evidence of a claim, none chosen');
    await page.getByLabel('Files', { exact: true }).setInputFiles([pdf('a.pdf'), pdf('b.pdf')]);
    await press('Add these files');
    await page.getByText('2 files added').waitFor();
    await claims.step(MTM.finance, claim.id, 'return', { reason: 'One of the files is not of this claim.' });
    await page.goto(`/claims/${claim.id}/evidence`);
    await look('evidence of a returned claim');
    await page.getByRole('link', { name: 'Remove b.pdf' }).click();
    await press('Remove it');
    await look('a file of a claim to remove');
    await page.goto('/claim-imports');
    await look('claims from a file');
    const csv = (text: string) => ({ name: 'claims.csv', mimeType: 'text/csv', buffer: Buffer.from(text) });
    await page.getByLabel('File', { exact: true }).setInputFiles(csv(importTemplate().replaceAll('2,000.00', 'two')));
    await press('Import');
    await look('claims from a file with faults');
    await page.getByLabel('File', { exact: true }).setInputFiles(csv(importTemplate()));
    await press('Import');
    await page.getByText('1 draft made from 2 rows').waitFor();
    await look('claims made from a file');
    await page.goto('/claim-imports');
    await page.getByLabel('File', { exact: true }).setInputFiles(csv(importTemplate()));
    await press('Import');
    await look('a file that was imported before');
    expect(faults).toEqual([]);
    await context.close();
  });

  it('is without barriers and sideways scrolling on every page of it, also with errors and a conflict', async () => {
    const { page, context } = await personAt(service.base, finance('BRENT'));
    const other = await personAt(service.base, manager('BRENT'));
    const faults: string[] = [];
    const look = async (name: string) => void faults.push(...(await faultsOf(page, name)));
    const press = (name: string) => page.getByRole('button', { name }).click();
    await page.goto('/claim-forms');
    await look('list');
    await page.goto('/claim-forms/new');
    await look('what you need');
    await newLine(page);
    const invoice = page.url().replace(/#.*/, '');
    const tasks = invoice.replace(/\/invoices.*/, '');
    await other.page.goto(invoice);
    await press('Save and continue');
    await look('errors');
    await fillLine(page);
    await page.getByLabel('Description').fill('Two days');
    await page.getByLabel('Date booked').fill('10/1/2018');
    await page.getByLabel('VAT rate').selectOption('20');
    await page.getByLabel('VAT', { exact: true }).fill('460');
    await press('Save and see what it comes to');
    await look('invoice');
    await other.page.getByLabel('Trainer’s name').fill('Somebody else');
    await other.page.getByRole('button', { name: 'Save and continue' }).click();
    await other.page.waitForLoadState();
    await page.goto(invoice);
    await other.page.goto(invoice);
    await other.page.getByLabel('Trainer’s name').fill('Theirs');
    await other.page.getByRole('button', { name: 'Save and see what it comes to' }).click();
    await other.page.waitForURL(/#working$/);
    await page.getByLabel('Trainer’s name').fill('Mine');
    await press('Save and continue');
    await look('conflict');
    await press('Save what I chose');
    await page.goto(`${invoice}/remove`);
    await look('remove');
    await page.goto(`${tasks}/details`);
    await look('details');
    await page.goto(`${tasks}/paste`);
    await page.getByLabel('Rows, with their headings').fill('Trainer\tType\nA\tb');
    await press('Add these rows');
    await page.getByText('The column “Invoice date” is missing. Add it.').waitFor();
    await look('pasted rows with errors');
    await page.goto(tasks);
    await look('task list');
    await page.goto(`${tasks}/evidence`);
    await look('evidence, later');
    await press('Continue to add files');
    await look('evidence');
    await page.getByLabel('Files', { exact: true }).setInputFiles([pdf('statement.pdf')]);
    await press('Add these files');
    await page.getByText('1 file added').waitFor();
    await look('evidence with a file');
    await page.getByRole('link', { name: /^Remove/ }).click();
    await press('Remove it');
    await look('file to remove');
    await page.goto(tasks);
    await press('Check your answers');
    for (const summary of await page.locator('summary').all()) await summary.click();
    await look('check answers');
    await press('Submit the claim');
    await look('confirmation');
    await page.goto('/claim-forms/new');
    await press('Start');
    await look('task list with nothing');
    await page.goto(`${page.url().replace(/[?#].*/, '')}/discard`);
    await look('to put away');
    const away = page.url().replace('/discard', '');
    await press('Put it away');
    await page.goto(away);
    await look('put away');
    await page.goto('/claim-forms');
    await look('list with claims put away');
    expect(faults).toEqual([]);
    await context.close();
    await other.context.close();
    expect(notLookedAt('claim-form')).toEqual([]);
  });
});
