import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { v7 as uuid } from 'uuid';
import { claimBody, training, trainerInvoice } from '../builders/claim-body.js';
import { Claims, finance, MTM, nextNumber, simpleBody, type Claim } from '../integration/claims-support.js';
import { Service } from '../support/service.js';
import { WebVisitor, type WebPage } from '../support/web.js';

const BUDGET = 15 * 1024;
const INVOICES = 6;
const LINES = 200;

let service: Service;
let claims: Claims;
let ada: WebVisitor;
beforeAll(async () => {
  service = await Service.start({ web: true });
  claims = new Claims(service);
  ada = await signedIn(finance('BRENT'));
}, 60_000);
afterAll(() => service?.stop());

async function signedIn(email: string): Promise<WebVisitor> {
  const visitor = new WebVisitor(service.base);
  await visitor.signIn(email);
  return visitor;
}

const weight = (page: WebPage): number => gzipSync(page.html).length;

/** 1,200 lines of as many groups, each charged above its rate, so that each has a flag and two steps of working. */
const longBody = () =>
  claimBody(
    Array.from({ length: INVOICES }, (_, at) =>
      trainerInvoice(
        Array.from({ length: LINES }, (__, lineAt) =>
          training({
            ...{ trainerDays: '0.001', netPence: 150 + at * LINES + lineAt },
            description: `Group ${at * LINES + lineAt + 1}, ${(at + 7) * (lineAt + 13) * 7919} ${['Harrow', 'Wembley', 'Kilburn'][lineAt % 3]}`,
          }),
        ),
        { number: nextNumber() },
      ),
    ),
  );

describe('a claim of 1,200 lines', () => {
  let draft: Claim;
  beforeAll(async () => {
    draft = await claims.draft(longBody());
  }, 60_000);

  it('is checked in parts within the budget of a page, and submitted as a whole', async () => {
    const tasks = await (await ada.open(`/claims/${draft.id}`)).press('Continue this claim');
    const check = await tasks.press('Check your answers');
    expect([check.status, check.heading]).toEqual([200, 'Check your answers before you submit the claim']);
    expect(weight(check)).toBeLessThan(BUDGET);
    expect(check.text).toContain('This claim has 1,200 lines. This is part 1 of 30; printing prints this part.');
    const total = /To be reimbursed (£[\d,.]+)/.exec(check.text)![1]!;
    const last = await check.follow('Part 30');
    expect(weight(last)).toBeLessThan(BUDGET);
    expect(last.text).toContain(`To be reimbursed ${total}`);
    expect(last.text).toContain('Group 1200,');
    expect(last.text).not.toContain('Group 1,');
    expect(last.text).toContain(
      `You submit the whole claim: all 1,200 lines of 6 trainer invoices, ${total} to be reimbursed, not only the part shown here.`,
    );
    const csv = await last.follow('Download all 1,200 lines as CSV');
    expect(csv.html.trim().split('\r\n')).toHaveLength(1 + INVOICES * LINES);
    const done = await last.press('Submit the claim');
    expect(done.heading).toBe('Claim submitted');
    const now = await claims.read(finance('BRENT'), draft.id);
    expect(now.trainerInvoices.flatMap(({ lines }) => lines)).toHaveLength(INVOICES * LINES);
  });

  it('is read in parts, each line with its working, the totals always there', async () => {
    const page = await ada.open(`/claims/${draft.id}`);
    expect(weight(page)).toBeLessThan(BUDGET);
    const seen = new Set<string>();
    for (let part = 1; part <= 30; part++) {
      const shown = await ada.open(`/claims/${draft.id}?part=${part}`);
      const lines = shown.rows().flatMap(([first]) => /^Group (\d+),/.exec(first ?? '')?.[1] ?? []);
      expect([part, lines.length]).toEqual([part, 40]);
      for (const line of lines) seen.add(line);
    }
    expect(seen.size).toBe(INVOICES * LINES);
    const third = await (await page.follow('Part 2')).follow('Part 3');
    expect(third.text).toContain('What is reimbursed');
    expect(third.text).toContain('Total reimbursement: ');
    expect(third.text).toContain('line 81: 0.001 trainer-days');
    expect(third.text).not.toContain('line 80: 0.001 trainer-days');
  });

  it('is reviewed and approved in parts within the budget', async () => {
    const mia = await signedIn(MTM.finance);
    const review = await mia.open(`/claims/${draft.id}/review`);
    expect([review.root.querySelectorAll('fieldset.app-line').length, weight(review) < BUDGET]).toEqual([40, true]);
    expect(review.text).toContain('These are the first 20. The other 1181 stand beside what they are about.');
    const check = await review.press('Check the review');
    expect(check.text).toContain('1,200 lines allowed');
    await check.press('Confirm the review');
    const approve = await (await signedIn(MTM.approver)).open(`/claims/${draft.id}/approve?part=30`);
    expect([approve.root.querySelectorAll('div.app-line').length, weight(approve) < BUDGET]).toEqual([40, true]);
  });
});

describe('a claim of which much is to be told', () => {
  it('is told newest first, with the reason it was returned for, and all the rest a link away', async () => {
    const claim = await claims.submitted(simpleBody('BRENT'));
    for (let at = 1; at <= 205; at++) {
      const sent = await service.post(MTM.finance, `/claims/${claim.id}/messages`, { text: `Question ${at}.` });
      expect(sent.status).toBe(201);
    }
    await claims.step(MTM.finance, claim.id, 'return', { reason: 'The register is missing' });
    const page = await ada.open(`/claims/${claim.id}`);
    expect(page.text).toMatch(/Returned for correction on .*: The register is missing/);
    const titles = (of: WebPage) => of.root.querySelectorAll('.moj-timeline__title').map(({ text }) => text);
    expect(titles(page)).toHaveLength(20);
    expect(titles(page)).toContain('Returned for correction');
    expect(page.text).toContain('These are the newest 20 entries.');
    expect(page.text).toContain('Question 205.');
    expect(page.text).toContain('These are the newest 10.');
    expect(weight(page)).toBeLessThan(BUDGET);

    const told: string[] = [];
    let at = await page.follow('See the whole timeline');
    for (; ; at = await at.follow('Next page')) {
      told.push(...titles(at));
      if (!at.links().some(({ text }) => text === 'Next page')) break;
    }
    expect(told.filter((title) => title === 'Message sent')).toHaveLength(205);
    expect(told.at(-1)).toBe('Draft started');
    const second = await (await page.follow('See all messages')).follow('Next page');
    expect([second.text.includes('Question 180.'), second.text.includes('Question 181.')]).toEqual([true, false]);

    const lincs = await signedIn(finance('LINCS'));
    for (const rest of ['timeline', 'messages'])
      expect((await lincs.open(`/claims/${claim.id}/${rest}`)).status).toBe(404);
    expect((await ada.open(`/claims/${claim.id}/timeline?cursor=nonsense`)).status).toBe(400);
  });

  it('says how many files there are, and where all of them are', async () => {
    const claim = await claims.submitted(simpleBody('BRENT'));
    for (const [from, to] of [
      [1, 20],
      [21, 24],
    ] as const) {
      const form = new FormData();
      for (let at = from; at <= to; at++)
        form.append('files', new File([`%PDF-1.4 ${at}`], `proof ${at}.pdf`, { type: 'application/pdf' }));
      const headers = { 'idempotency-key': uuid() };
      const path = `/claims/${claim.id}/evidence`;
      expect((await service.call(finance('BRENT'), 'POST', path, { body: form, headers })).status).toBe(201);
    }
    const page = await ada.open(`/claims/${claim.id}`);
    expect(page.text).toContain('These are the first 20 of 24 files.');
    expect((await page.follow('See all 24 files')).text).toContain('proof 24.pdf');
    const review = await (await signedIn(MTM.finance)).open(`/claims/${claim.id}/review`);
    expect(review.text).toContain('See all 24 files');
  });
});
