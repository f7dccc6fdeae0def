import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, jest } from '@jest/globals';
import type { Response } from 'playwright-core';
import { v7 as uuid } from 'uuid';
import { claimBody, training, trainerInvoice, travel } from '../builders/claim-body.js';
import { aPng } from '../builders/evidence-files.js';
import { realPdf } from '../builders/real-pdf.js';
import { Claims, finance, MTM, nextNumber, simpleBody, type Claim } from '../integration/claims-support.js';
import { plantDrawnClaim } from '../integration/assurance-support.js';
import { Funding } from '../integration/funding-support.js';
import { closeBrowser, describeBrowser, faultsOf, personAt, PICTURES, WIDTHS } from '../support/browser.js';
import { Service } from '../support/service.js';
import { notLookedAt } from './looked-at.js';

jest.setTimeout(400_000);

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

async function addFiles(claim: Claim, files: { name: string; type: string; bytes: Buffer; invoice?: string }[]) {
  for (const { name, type, bytes, invoice } of files) {
    const form = new FormData();
    if (invoice) form.append('trainerInvoiceId', invoice);
    form.append('files', new Blob([new Uint8Array(bytes)], { type }), name);
    const answer = await service.call(MTM.finance, 'POST', `/claims/${claim.id}/evidence`, {
      body: form,
      headers: { 'idempotency-key': uuid() },
    });
    expect(answer.status).toBe(201);
  }
}

/** A claim with something of everything: two trainers, a day not paid, a rate above, files of each kind. */
async function rich(): Promise<Claim> {
  const { paidOn: _, ...unpaid } = trainerInvoice(
    [
      training({ trainerDays: '1', netPence: 115_000 }),
      travel(15_640, { description: 'Rail, Leeds to Wembley and back' }),
    ],
    { number: nextNumber() },
  );
  const other = trainerInvoice([training({ trainerDays: '0.5', netPence: 50_000, description: 'Coaching' })], {
    number: nextNumber(),
    trainer: { name: 'Another Trainer and Partners (Training) LLP' },
  });
  other.lines[0]!.vatPence = 0;
  other.lines[0]!.vatRate = '0';
  const claim = await claims.submitted({ ...claimBody([unpaid, other]), authorityReference: 'CS-2018-017' });
  const [first] = claim.trainerInvoices;
  await addFiles(claim, [
    { name: 'statement.pdf', type: 'application/pdf', bytes: await realPdf(), invoice: first!.id },
    { name: 'ticket.png', type: 'image/png', bytes: aPng(), invoice: first!.id },
    { name: 'register.csv', type: 'text/csv', bytes: Buffer.from('day,name\n2018-03-12,Group 1\n') },
  ]);
  return claim;
}

async function proposal(): Promise<string> {
  const claim = await claims.approved(simpleBody('BRISTOL'));
  const lines = [{ lineId: claim.trainerInvoices[0]!.lines[0]!.id }];
  const answer = await service.post<{ id: string }>(MTM.finance, `/claims/${claim.id}/adjustments`, {
    ...{ reason: 'The trainer credited it: credit note 17', lines },
  });
  expect(answer.status).toBe(201);
  return answer.body.id;
}

describeBrowser('the pages of work on claims', () => {
  it('are without barriers and without sideways scrolling, in each of their states', async () => {
    const funding = new Funding(service);
    const [funded] = (await funding.queue(500_00)) as [string];
    await funding.received(500_00);
    const claim = await rich();
    const waits = await claims.step(MTM.finance, (await rich()).id, 'review', {});
    const held = await claims.submitted(simpleBody('LINCS'));
    await claims.step(MTM.finance, held.id, 'hold', { reason: 'Waiting for the register of attendance' });
    const approved = await claims.approved(simpleBody('BRENT'));
    const adjustment = await proposal();
    const { 'assurance-samples': sample, 'assurance-items': item } = await plantDrawnClaim(
      service.admin,
      approved.id,
      'spring',
    );
    const at = (of: Claim, step: string) => `/claims/${of.id}/${step}`;
    const PAGES: Readonly<Record<string, readonly [string, string][]>> = {
      [MTM.finance]: [
        ...([
          ['queue', '/queue'],
          ['queue-held', '/queue?show=held'],
          ['queue-empty', '/queue?show=returned'],
          ['queue-wrong', '/queue?who=nonsense'],
        ] as [string, string][]),
        ['assign', at(claim, 'assign')],
        ['review', at(claim, 'review')],
        ['not-now', at(held, 'review')],
        ['findings', at(waits, 'findings')],
        ['approve-refused', at(waits, 'approve')],
        ['return', at(claim, 'return')],
        ['hold', at(claim, 'hold')],
        ['release', at(held, 'release')],
        ['adjust', at(approved, 'adjust')],
        ['unfund', `/claims/${funded}/unfund`],
        ['unfund-not-now', at(approved, 'unfund')],
        ['samples', '/assurance'],
        ['draw', '/assurance/draw'],
        ['sample', `/assurance/${sample}`],
        ['asked', '/assurance/asked'],
        ['drawn', `/assurance/items/${item}`],
        ['failed', `/assurance/items/${item}/failed`],
        ['adjustments', '/adjustments'],
        ['adjustment', `/adjustments/${adjustment}`],
      ],
      [finance('BRENT')]: [
        ['asked-own', '/assurance/asked'],
        ['drawn-own', `/assurance/items/${item}`],
      ],
      [MTM.approver]: [
        ['approve', at(waits, 'approve')],
        ['reject', at(waits, 'reject')],
        ['adjustment-approve', `/adjustments/${adjustment}`],
      ],
    };
    const faults: string[] = [];
    for (const [email, pages] of Object.entries(PAGES)) {
      const { page, context } = await personAt(service.base, email);
      for (const [name, path] of pages) {
        await page.goto(path);
        faults.push(...(await faultsOf(page, name)));
      }
      await context.close();
    }
    expect(faults).toEqual([]);
    expect(notLookedAt('review')).toEqual([]);
  });

  it('follow what is decided, and lead to the confirmation by keyboard', async () => {
    const claim = await rich();
    const { page, context } = await personAt(service.base, MTM.finance);
    await page.goto(`/claims/${claim.id}/review`);
    const [line] = claim.trainerInvoices[0]!.lines.slice(1);
    expect(await page.locator(`#reason-${line!.id}`).isVisible()).toBe(false);
    await page.locator(`#allow-${line!.id}`).focus();
    await page.keyboard.press('ArrowRight');
    expect(await page.locator(`#reason-${line!.id}`).isVisible()).toBe(true);
    await page.locator('#totals').getByText('£78.20').waitFor();
    await page.getByRole('button', { name: 'Allow all lines' }).click();
    await page.locator('#totals').getByText('£0.00').waitFor();
    await page.locator(`#disallow-${line!.id}`).check();
    await page.getByRole('button', { name: 'Check the review' }).click();
    expect(await faultsOf(page, 'review-wrong')).toEqual([]);
    await page.locator(`#reason-${line!.id}`).fill('No ticket');
    await page.getByRole('button', { name: 'Check the review' }).click();
    await page.getByRole('heading', { name: 'Check your review' }).waitFor();
    expect(await faultsOf(page, 'review-check')).toEqual([]);
    await page.getByRole('button', { name: 'Confirm the review' }).click();
    await page.getByText('is reviewed').waitFor();
    await context.close();
  });

  it('show a reason that stands against what is chosen, and send none that is out of sight', async () => {
    const claim = await rich();
    const { page, context } = await personAt(service.base, MTM.finance);
    await page.goto(`/claims/${claim.id}/review`);
    const [first, second] = claim.trainerInvoices[0]!.lines;
    // Typed, and then allowed after all: the field is gone, and nothing is asked about it.
    await page.locator(`#disallow-${first!.id}`).check();
    await page.locator(`#reason-${first!.id}`).fill('Typed, then allowed');
    await page.locator(`#allow-${first!.id}`).check();
    await page.locator(`#disallow-${second!.id}`).check();
    await page.locator(`#reason-${second!.id}`).fill('No ticket');
    await page.getByRole('button', { name: 'Check the review' }).click();
    await page.getByRole('heading', { name: 'Check your review' }).waitFor();
    await page.getByRole('button', { name: 'Change something' }).click();
    // As a browser without the script sends it: allowed, and a reason not to.
    await page.evaluate(`document.querySelector('#allow-${second!.id}').checked = true`);
    await page.getByRole('button', { name: 'Check the review' }).click();
    expect(await page.getByRole('alert').innerText()).toContain('You gave a reason for not allowing this line');
    expect(await page.locator(`#reason-${second!.id}`).isVisible()).toBe(true);
    expect(await page.locator(`#reason-${second!.id}`).inputValue()).toBe('No ticket');
    expect(await page.locator(`#reason-${first!.id}`).isVisible()).toBe(false);
    expect(await faultsOf(page, 'review-contradicted')).toEqual([]);
    await page.locator(`#disallow-${second!.id}`).check();
    await page.getByRole('button', { name: 'Check the review' }).click();
    await page.getByText('1 line disallowed').waitFor();
    await context.close();
  });

  it('ask for what is taken back in part, and show what it comes to', async () => {
    const approved = await claims.approved(simpleBody('SUFFOLK'));
    const { page, context } = await personAt(service.base, MTM.finance, { width: WIDTHS.narrow });
    await page.goto(`/claims/${approved.id}/adjust`);
    const net = page.getByLabel('Right net amount of line 1');
    expect(await net.isVisible()).toBe(false);
    await page.getByLabel('Take a part back').check();
    await page.getByRole('button', { name: 'See what it takes back' }).click();
    expect(await page.getByRole('alert').innerText()).toContain('Enter the right net amount');
    expect(await faultsOf(page, 'adjust-wrong')).toEqual([]);
    await net.fill('£400');
    // Left after all: what is out of sight is not sent, and nothing is asked about it.
    await page.getByLabel('Leave it').check();
    expect(await net.isVisible()).toBe(false);
    await page.getByRole('button', { name: 'See what it takes back' }).click();
    await page.getByRole('alert').getByText('Choose at least one line to take back.').waitFor();
    expect(await page.getByRole('alert').innerText()).not.toContain('You gave figures');
    await page.getByLabel('Take a part back').check();
    await net.fill('£400');
    // As a browser without the script sends it: left, and its right amount.
    await page.evaluate(`document.querySelector('input[name^="change."][value="keep"]').checked = true`);
    await page.getByRole('button', { name: 'See what it takes back' }).click();
    await page.getByRole('alert').getByText('You gave figures for this line, but chose to leave it.').waitFor();
    expect([await net.isVisible(), await net.inputValue()]).toEqual([true, '£400']);
    expect(await faultsOf(page, 'adjust-contradicted')).toEqual([]);
    await page.getByLabel('Take a part back').check();
    await page.getByLabel('Why is it taken back?').fill('Credit note 17');
    await page.getByRole('button', { name: 'See what it takes back' }).click();
    await page.getByRole('heading', { name: 'Check the adjustment' }).waitFor();
    expect(await faultsOf(page, 'adjust-check')).toEqual([]);
    await context.close();
  });

  it('say how a sample is drawn, and what a check that failed takes back', async () => {
    const approved = await claims.approved(simpleBody('BRENT'));
    const { 'assurance-items': item } = await plantDrawnClaim(service.admin, approved.id, 'autumn');
    const { page, context } = await personAt(service.base, MTM.finance2);
    await page.goto('/assurance/draw');
    await page.getByRole('button', { name: 'Check how it is drawn' }).click();
    expect(await faultsOf(page, 'draw-wrong')).toEqual([]);
    const days = { 'First day of approval': ['1', '3', '2018'], 'Last day of approval': ['31', '3', '2018'] };
    for (const [name, parts] of Object.entries(days)) {
      const group = page.getByRole('group', { name });
      for (const [at, label] of ['Day', 'Month', 'Year'].entries()) await group.getByLabel(label).fill(parts[at]!);
    }
    await page.getByLabel('Draw every claim above').fill('500');
    await page.getByRole('button', { name: 'Check how it is drawn' }).click();
    await page.getByRole('heading', { name: 'Check how it is drawn' }).waitFor();
    expect(await faultsOf(page, 'draw-check')).toEqual([]);
    await page.goto(`/assurance/items/${item}/failed`);
    await page.getByRole('button', { name: 'See what it takes back' }).click();
    expect(await faultsOf(page, 'failed-wrong')).toEqual([]);
    await page.getByLabel('Take all of it back').check();
    await page.getByLabel('What does the evidence not bear out?').fill('Nobody attended');
    await page.getByRole('button', { name: 'See what it takes back' }).click();
    await page.getByRole('heading', { name: 'Check what you found' }).waitFor();
    expect(await faultsOf(page, 'failed-check')).toEqual([]);
    await context.close();
  });

  it('show a PDF in its frame, and another in the same frame', async () => {
    const claim = await rich();
    const { page, context } = await personAt(service.base, MTM.finance);
    const invoice = claim.trainerInvoices[0]!.id;
    await addFiles(claim, [{ name: 'receipt.pdf', type: 'application/pdf', bytes: await realPdf(), invoice }]);
    // Not an image, which stands beside it.
    const isEvidence = (answer: Response) =>
      answer.url().includes('/review/evidence/') && answer.headers()['content-type'] === 'application/pdf';
    const first = page.waitForResponse(isEvidence);
    await page.goto(`/claims/${claim.id}/review`);
    await page.locator('iframe').first().scrollIntoViewIfNeeded();
    const before = (await first).url();
    const second = page.waitForResponse((answer) => isEvidence(answer) && answer.url() !== before);
    await page.getByRole('link', { name: 'receipt.pdf' }).click();
    const after = await second;
    expect(after.status()).toBe(200);
    // The browser's own viewer takes the file over, and with it what it was sent as: that is asked for again, as this person.
    for (const url of [before, after.url()]) {
      const sent = (await page.request.get(url)).headers();
      expect(sent['content-type']).toBe('application/pdf');
      expect(sent['content-security-policy']).toContain("frame-ancestors 'self'");
    }
    // What was decided so far is still there: only the frame moved on.
    expect(new URL(page.url()).pathname).toBe(`/claims/${claim.id}/review`);
    if (PICTURES) {
      await page.waitForTimeout(2_000);
      await page.screenshot({ path: join(PICTURES, 'frame.png') });
    }
    await context.close();
  });

  it('sort the rows of the queue by what a column means', async () => {
    const { page, context } = await personAt(service.base, MTM.finance);
    await page.goto('/queue');
    const amounts = () => page.locator('tbody td:nth-child(3)').allInnerTexts();
    const before = await amounts();
    expect(new Set(before).size).toBeGreaterThan(0);
    await page.getByRole('button', { name: 'Amount' }).click();
    const pence = (texts: string[]) => texts.map((text) => Number(text.replace(/[£,]/g, '')));
    expect(pence(await amounts())).toEqual(pence(before).sort((a, b) => a - b));
    await context.close();
  });
});
