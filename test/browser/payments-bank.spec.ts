import { afterAll, beforeAll, expect, it, jest } from '@jest/globals';
import type { Page } from 'playwright-core';
import { aCsvMapping, camtOf } from '../builders/bank-statement.js';
import { OUR_ACCOUNT, ours } from '../integration/bank-statements-support.js';
import { Bank, type Payment } from '../integration/reconciliation-support.js';
import { closeBrowser, describeBrowser, faultsOf, personAt } from '../support/browser.js';
import { finance, MTM } from '../support/people.js';
import { Service } from '../support/service.js';
import { OwnAccount } from '../web/bank-visitor.js';
import { notLookedAt } from './looked-at.js';

jest.setTimeout(240_000);

let service: Service;
let bank: Bank;
beforeAll(async () => {
  service = await Service.start({ web: true });
  bank = new Bank(service);
});
afterAll(async () => {
  await closeBrowser();
  await service?.stop();
});

/** Payments are listed with their run. */
const runOf = (payment: Payment): string => (payment as Payment & { runId: string }).runId;
const press = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).click();
const file = (text: string, name = 'statement.xml') => ({
  name,
  mimeType: 'application/xml',
  buffer: Buffer.from(text),
});

/** The bank's report (pain.002) that it accepted the file of a run. */
const reportOn = (number: string): string => `<?xml version="1.0"?>
  <Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.002.001.10"><CstmrPmtStsRpt>
  <GrpHdr><MsgId>LOOK1</MsgId><CreDtTm>2018-05-03T07:15:00</CreDtTm></GrpHdr>
  <OrgnlGrpInfAndSts><OrgnlMsgId>${number}</OrgnlMsgId><OrgnlMsgNmId>pain.001.001.09</OrgnlMsgNmId>
  <GrpSts>ACCP</GrpSts></OrgnlGrpInfAndSts></CstmrPmtStsRpt></Document>`;

/** Sends a statement with JavaScript on and loads it. */
async function load(page: Page, text: string, looked?: () => Promise<void>): Promise<void> {
  await page.goto('/bank/load');
  await page.getByLabel('File').setInputFiles(file(text));
  await press(page, 'See what it holds');
  await looked?.();
  await press(page, 'Load this statement');
}

describeBrowser('the month of MTM’s finance in a browser', () => {
  const account = new OwnAccount();
  const wrong: string[] = [];
  let claims: string[] = [];
  let payments: Payment[] = [];

  it('from the funder’s money to the bank file', async () => {
    for (const [authority, pence] of [
      ['BRENT', 100_000],
      ['LINCS', 25_000],
    ] as const)
      claims = [...claims, (await bank.funding.approved(pence, authority)).id];
    await bank.recorded(125_000, 'DFE WEB 1');
    const { page } = await personAt(service.base, MTM.finance);
    const look = async (name: string) => void wrong.push(...(await faultsOf(page, name)));
    await look('home');
    await load(page, camtOf(account.next({ amountPence: 125_000, reference: 'DFE WEB 1' })), () => look('bank-check'));
    await look('bank-loaded');
    await page.getByRole('button', { name: 'Compare with the books and close' }).click();
    await look('bank-close');
    await press(page, 'Close this statement');
    await page.goto('/payments');
    await look('payments-empty');
    await page.getByRole('button', { name: 'Prepare a payment run' }).click();
    await look('payments-new');
    await press(page, 'Prepare this run');
    await look('run-prepared');
    const address = page.url();
    await page.getByRole('link', { name: 'Cancel this run' }).click();
    await press(page, 'Cancel this run');
    await look('run-cancel-error');
    const approver = await personAt(service.base, MTM.approver2);
    await approver.page.goto(address);
    await approver.page.getByRole('button', { name: 'Approve this run' }).click();
    wrong.push(...(await faultsOf(approver.page, 'run-approve')));
    await press(approver.page, 'Approve £1,250.00');
    wrong.push(...(await faultsOf(approver.page, 'run-approved')));
    const downloading = approver.page.waitForEvent('download');
    await approver.page.getByRole('button', { name: 'Download the bank file' }).click();
    expect((await downloading).suggestedFilename()).toMatch(/^EIP2-PR-0001\.xml$/);
    const { body } = await service.get<{ items: Payment[] }>(MTM.auditor, '/payments');
    payments = body.items;
    expect(wrong).toEqual([]);
  });

  it('from the bank’s statement to claims that are paid, by the keyboard where it decides', async () => {
    const { page } = await personAt(service.base, MTM.finance);
    const look = async (name: string) => void wrong.push(...(await faultsOf(page, name)));
    await load(
      page,
      camtOf(
        account.next(
          { amountPence: -125_000, remittance: 'EIP2-PR-0001' },
          { amountPence: -500, remittance: 'Account charges' },
          { amountPence: 77, remittance: 'WITHOUTANYSPACE'.repeat(8) },
        ),
      ),
    );
    await look('bank-statement');
    const statement = page.url();
    await page.getByRole('link', { name: /^Match to this.*line 1,/ }).focus();
    await page.keyboard.press('Enter');
    await page.waitForURL(/match/);
    await look('bank-match');
    await page
      .getByLabel(/How much of the line is/)
      .first()
      .fill('abc');
    await press(page, 'Match');
    await look('bank-match-error');
    await page
      .getByLabel(/How much of the line is/)
      .first()
      .fill('£1,000');
    await press(page, 'Work it out again');
    await press(page, 'Match');
    await look('bank-matched');
    expect(await bank.funding.states(claims)).toEqual(['paid', 'paid']);
    await page.locator('#heading-3 a').click();
    await look('bank-line');
    await press(page, 'See what follows');
    await look('bank-line-error');
    await page.goto(statement);
    await page.getByRole('link', { name: /^Undo.*the match of line 1$/ }).click();
    await look('bank-undo');
    expect(wrong).toEqual([]);
  });

  it('on every other page of payments and the bank, and an authority’s', async () => {
    const { page } = await personAt(service.base, MTM.finance);
    const look = async (name: string) => void wrong.push(...(await faultsOf(page, name)));
    await page.goto('/bank/reports');
    await look('bank-reports-empty');
    for (const [run, name] of [
      ['EIP2-PR-0999', 'bank-report-broken'],
      ['EIP2-PR-0001', 'bank-report'],
    ] as const) {
      await page.goto('/bank/reports/load');
      await page.getByLabel('File').setInputFiles(file(reportOn(run), 'status.xml'));
      await press(page, 'See what it changes');
      await look(`${name}-check`);
      await page.getByRole('button', { name: /^(Load this report|Keep it in quarantine)$/ }).click();
      await look(name);
    }
    const mapping = { body: aCsvMapping({ account: { value: OUR_ACCOUNT } }), headers: { 'if-match': '"v0"' } };
    await service.call(MTM.finance, 'PUT', '/bank-statement-mappings/our-bank', mapping);
    const paths: Record<string, string> = {
      payments: '/payments',
      'payments-all': '/payments/all',
      'payments-none': '/payments/new',
      payment: `/payments/${runOf(payments[0]!)}/${payments[0]!.id}`,
      'payment-refuse': `/payments/${runOf(payments[0]!)}/${payments[0]!.id}/refuse`,
      bank: '/bank',
      'bank-load': '/bank/load',
      'bank-reports': '/bank/reports',
      'bank-report-load': '/bank/reports/load',
      'bank-mappings': '/bank/mappings',
      'bank-mapping': '/bank/mappings/our-bank',
      'bank-mapping-new': '/bank/mappings/new',
    };
    for (const [name, path] of Object.entries(paths)) {
      await page.goto(path);
      await look(name);
    }
    await press(page, 'Save this mapping');
    await look('bank-mapping-error');
    await page.goto('/bank/load');
    await page.getByLabel('File').setInputFiles(file(camtOf(ours()).replace('</Document>', '')));
    await press(page, 'See what it holds');
    await look('bank-check-broken');
    await press(page, 'Keep it in quarantine');
    await look('bank-quarantine');
    const officer = await personAt(service.base, finance('BRENT'));
    await officer.page.goto('/payments-to-us');
    wrong.push(...(await faultsOf(officer.page, 'payments-to-us')));
    await officer.page
      .getByRole('link', { name: /^P\d+$/ })
      .first()
      .click();
    wrong.push(...(await faultsOf(officer.page, 'payment-to-us')));
    expect(wrong).toEqual([]);
    expect(notLookedAt('payments-bank')).toEqual([]);
  });
});
