import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { v7 as uuid } from 'uuid';
import { claimBody, training, trainerInvoice, travel } from '../builders/claim-body.js';
import { aPdf, aPng } from '../builders/evidence-files.js';
import { finance, MTM, nextNumber } from '../integration/claims-support.js';
import { WebVisitor, type WebPage } from '../support/web.js';
import { BRENT, ReviewWorld, small, twoLines } from './review-support.js';

let world: ReviewWorld;
beforeAll(async () => {
  world = await ReviewWorld.open();
}, 60_000);
afterAll(() => world?.service.stop());

/** The figures of what would be approved. */
const totals = (page: WebPage): string =>
  (page.root.querySelector('#totals')?.structuredText ?? '').replace(/\s+/g, ' ');

/** The page with a reason typed at a line, which has one label with all others. */
function withReason(page: WebPage, line: string, reason: string): WebPage {
  page.root.querySelector(`#reason-${line}`)!.setAttribute('value', reason);
  return page;
}

describe('the work queue', () => {
  it('shows what waits for review, the most urgent first, and whose it is', async () => {
    const claim = await world.claims.submitted(small());
    const page = await world.open(MTM.finance, '/queue');
    expect([page.status, page.heading]).toEqual([200, 'Work queue']);
    const row = page.rows().find(([name]) => name === claim.invoiceNumber)!;
    expect(row[1]).toBe('Brent');
    expect(row.slice(2, 5)).toEqual(['£5.00', '3 April 2018', '2 June 2018 60 days left']);
    expect(row[6]).toContain('Nobody');
  });

  it('lets one take a claim, give it to a colleague, and ask for one’s own', async () => {
    const claim = await world.claims.submitted(small());
    const name = claim.invoiceNumber!;
    const taken = await (await world.open(MTM.finance, '/queue?who=nobody')).press(`Take ${name}`);
    expect(taken.notice).toBe(`${name} is yours`);
    expect(taken.path).toBe('/queue?who=nobody');
    expect(taken.rows().map(([first]) => first)).not.toContain(name);
    const mine = await taken.press('Show', { Whose: 'Mine' });
    expect(mine.rows().map(([first]) => first)).toEqual([name]);
    const given = await (await mine.follow(`Assign ${name}`)).press('Assign', { 'Dario Penn (demo)': true });
    expect(given.notice).toBe(`${name} is with Dario Penn (demo)`);
    expect((await world.open(MTM.finance2, '/queue?who=mine')).text).toContain(name);
  });

  it('tells who takes a claim after somebody else did, and takes nothing away', async () => {
    const claim = await world.claims.submitted(small());
    const before = await world.open(MTM.finance2, '/queue');
    await (await world.open(MTM.finance, '/queue')).press(`Take ${claim.invoiceNumber}`);
    const late = await before.press(`Take ${claim.invoiceNumber}`);
    expect([late.status, late.errors]).toEqual([400, [expect.stringContaining('changed since you read it')]]);
  });

  it('has its piles, its filters in the address, and the same as CSV', async () => {
    const claim = await world.claims.reviewed(small('BRISTOL'));
    const page = await world.open(MTM.approver, '/queue?authority=BRISTOL');
    expect(page.text).toContain('To approve (1)');
    expect(page.rows().map(([first]) => first)).toEqual([claim.invoiceNumber]);
    expect(page.links().find(({ text }) => text === claim.invoiceNumber)?.href).toBe(`/claims/${claim.id}/approve`);
    const csv = await world.person(MTM.approver).raw(page.links().find(({ text }) => text === 'Download as CSV')!.href);
    expect(csv.headers.get('content-type')).toContain('text/csv');
    const lines = (await csv.text()).trim().split('\r\n');
    expect(lines).toHaveLength(2);
    expect(lines[1]).toContain(claim.invoiceNumber!);
    expect((await world.open(MTM.approver, '/queue?show=returned')).text).toContain('No claim is with its authority');
  });

  it('goes on where somebody was once a claim is decided, with the next one first', async () => {
    const names = [await world.claims.submitted(small('LINCS')), await world.claims.submitted(small('LINCS'))].map(
      ({ invoiceNumber }) => invoiceNumber!,
    );
    const nextOn = (page: WebPage) =>
      page
        .links()
        .find(({ text }) => text.startsWith('Next claim: '))
        ?.text.slice(12);
    const queue = await world.open(MTM.finance, '/queue?authority=LINCS');
    const first = nextOn(queue)!;
    expect(names).toContain(first);
    const check = await (await queue.follow(`Next claim: ${first}`)).press('Check the review');
    const done = await check.press('Confirm the review');
    expect([done.path, nextOn(done)]).toEqual([
      '/queue?show=review&authority=LINCS',
      names.find((name) => name !== first),
    ]);
    // Where nothing is decided there is no next one.
    expect(nextOn(await world.open(MTM.finance, '/queue?show=returned'))).toBeUndefined();
  });

  it('shows a wrong filter at its field, and nothing to an authority', async () => {
    const wrong = await world.open(MTM.finance, '/queue?who=nonsense');
    expect([wrong.status, wrong.errors.length]).toEqual([400, 1]);
    expect((await world.open(BRENT, '/queue')).status).toBe(403);
    expect((await world.person(BRENT).raw('/queue/download')).status).toBe(403);
  });
});

describe('a review', () => {
  it('goes from evidence beside the lines over the check to the confirmation', async () => {
    const claim = await world.claims.submitted(twoLines());
    const pdf = await world.addFile(claim, { name: 'statement.pdf', type: 'application/pdf', bytes: aPdf() });
    await world.addFile(claim, { name: 'ticket.png', type: 'image/png', bytes: aPng() });
    const page = await world.open(MTM.finance, `/claims/${claim.id}/review`);
    expect(page.heading).toBe(`Review ${claim.invoiceNumber}`);
    expect(page.root.querySelector('iframe')?.getAttribute('src')).toContain(pdf);
    expect(page.root.querySelector('img')?.getAttribute('alt')).toBe('ticket.png');
    expect(page.text).toContain('Nothing shows yet that the trainer was paid');
    const title = 'A Trainer Ltd';
    const typed = {
      [`Disallow line 2 of ${title}`]: true,
      Day: '28',
      Month: '3',
      Year: '2018',
      'What proves it': 'statement.pdf',
    };
    const counted = await page.press('Update the figures', typed);
    expect(counted.status).toBe(200);
    expect(totals(counted)).toContain('Would be approved £500.00 Not approved £78.20');
    expect(counted.value('Day')).toBe('28');
    const why = await counted.press('Check the review');
    expect([why.status, why.errors]).toEqual([400, ['Say why the line is disallowed; the authority reads it.']]);
    const second = claim.trainerInvoices[0]!.lines[1]!.id;
    expect(why.links().find(({ text }) => text.startsWith('Say why'))?.href).toBe(`#reason-${second}`);
    expect(why.value('Year')).toBe('2018');
    const check = await withReason(why, second, 'Not a journey of the trainer’s.').press('Check the review');
    expect(check.heading).toBe(`Check your review of ${claim.invoiceNumber}`);
    expect(check.text).toContain('£500.00 of £578.20 would be approved; a credit note of £78.20 covers the rest.');
    expect(check.text).toContain('Not a journey of the trainer’s.');
    expect((await world.claims.read(MTM.finance, claim.id)).state).toBe('submitted');
    const back = await check.press('Change something');
    expect(back.value('Day')).toBe('28');
    const done = await check.press('Confirm the review');
    expect([done.path, done.notice]).toEqual([
      '/queue?show=review',
      expect.stringContaining(`${claim.invoiceNumber} is reviewed`),
    ]);
    const now = await world.claims.read(MTM.finance, claim.id);
    expect(now.state).toBe('reviewed');
    expect(now.trainerInvoices[0]!.paymentProof).toEqual({ paidOn: '2018-03-28', note: 'statement.pdf' });
    expect(now.trainerInvoices[0]!.lines[1]!.decision).toMatchObject({ decision: 'disallow' });
  });

  it('says what travel goes with training, that nothing is left, and allows all again', async () => {
    const claim = await world.claims.submitted(twoLines());
    const page = await world.open(MTM.finance, `/claims/${claim.id}/review`);
    const none = await page.press('Update the figures', { 'Disallow line 1 of A Trainer Ltd': true });
    expect(none.text).toContain('Every line is disallowed: approving this review rejects the claim. 1 travel line');
    const all = await none.press('Allow all lines');
    expect(totals(all)).toContain('Would be approved £578.20');
  });

  it('refuses a reason at a line that is still allowed, and keeps it with everything else', async () => {
    const claim = await world.claims.submitted(twoLines());
    const page = await world.open(MTM.finance, `/claims/${claim.id}/review`);
    const second = claim.trainerInvoices[0]!.lines[1]!.id;
    const typed = { Day: '28', Month: '3', Year: '2018', 'What proves it': 'statement.pdf' };
    const counted = await withReason(page, second, 'No ticket').press('Update the figures', typed);
    expect(counted.root.querySelector(`#reason-${second}`)?.getAttribute('value')).toBe('No ticket');
    const which = await counted.press('Check the review');
    expect([which.status, which.errors]).toEqual([
      400,
      [expect.stringContaining('You gave a reason for not allowing this line, but chose to allow it.')],
    ]);
    const field = which.root.querySelector(`#reason-${second}`)!;
    expect([field.getAttribute('value'), which.value('Day')]).toEqual(['No ticket', '28']);
    expect(field.getAttribute('aria-describedby')).toContain('error');
    const check = await which.press('Check the review', { 'Disallow line 2 of A Trainer Ltd': true });
    expect(check.text).toContain('£500.00 of £578.20 would be approved');
    expect(check.text).toContain('1 proof of payment');
  });

  it('forgets no proof, no note and no finding when all lines are allowed again', async () => {
    const claim = await world.claims.submitted(twoLines());
    const page = await world.open(MTM.finance, `/claims/${claim.id}/review`);
    const typed = { Day: '28', Month: '3', Year: '2018', 'What proves it': 'statement.pdf' };
    const all = await page.press('Allow all lines', { ...typed, 'Disallow line 2 of A Trainer Ltd': true });
    expect(totals(all)).toContain('Would be approved £578.20');
    expect(['Day', 'Month', 'Year', 'What proves it'].map((label) => all.value(label))).toEqual(Object.values(typed));
    await (await all.press('Check the review')).press('Confirm the review');
    const now = await world.claims.read(MTM.finance, claim.id);
    expect(now.trainerInvoices[0]!.paymentProof).toEqual({ paidOn: '2018-03-28', note: 'statement.pdf' });
  });

  it('shows a day that is none, or has not come, at its field, with what was typed', async () => {
    const claim = await world.claims.submitted(twoLines());
    const page = await world.open(MTM.finance, `/claims/${claim.id}/review`);
    const wrong = await page.press('Check the review', { Day: '31', Month: '2', Year: '2018' });
    expect([wrong.status, wrong.errors]).toEqual([400, ['Enter a real date, like 19 3 2018.']]);
    expect(wrong.value('Month')).toBe('2');
    const future = await wrong.press('Check the review', { Day: '1', Month: '1', Year: '2030' });
    expect(future.errors).toEqual(['A payment in the future proves nothing yet. Record it once that day has come.']);
    const note = await page.press('Check the review', { 'What proves it': 'A letter' });
    expect(note.errors).toEqual(['Enter the day the authority paid the trainer.']);
  });

  it('is not confirmed over what somebody changed meanwhile, and keeps what was typed', async () => {
    const claim = await world.claims.submitted(twoLines());
    const page = await world.open(MTM.finance, `/claims/${claim.id}/review`);
    const check = await page.press('Check the review', { Day: '28', Month: '3', Year: '2018' });
    await world.claims.step(MTM.finance2, claim.id, 'hold', { reason: 'Wait' });
    await world.claims.step(MTM.finance2, claim.id, 'release');
    const late = await check.press('Confirm the review');
    expect([late.status, late.errors]).toEqual([400, [expect.stringContaining('changed since you read it')]]);
    expect(late.value('Day')).toBe('28');
    const again = await (await late.press('Check the review')).press('Confirm the review');
    expect(again.notice).toContain('is reviewed');
    const over = await check.press('Confirm the review');
    expect(over.text).toContain('Only a submitted claim is reviewed. This one is reviewed.');
  });

  it('of many lines is done in parts, none of which forgets another', async () => {
    const lines = Array.from({ length: 45 }, () => travel(100));
    const body = claimBody([
      trainerInvoice([training({ trainerDays: '0.1', netPence: 10_000 }), ...lines], { number: nextNumber() }),
    ]);
    const claim = await world.claims.submitted(body);
    const first = await world.open(MTM.finance, `/claims/${claim.id}/review`);
    const second = await first.press('Part 2', { 'Disallow line 3 of A Trainer Ltd': true });
    expect(second.root.querySelectorAll('fieldset.app-line')).toHaveLength(6);
    expect(totals(second)).toContain('Not approved £0.50');
    const back = await second.press('Part 1', { 'Disallow line 46 of A Trainer Ltd': true });
    expect(totals(back)).toContain('Not approved £1.00');
    const third = claim.trainerInvoices[0]!.lines[2]!.id;
    expect(back.root.querySelector(`#disallow-${third}`)?.hasAttribute('checked')).toBe(true);
    const read = await (await world.open(MTM.approver, `/claims/${claim.id}/approve`)).follow('Part 2');
    expect(read.root.querySelectorAll('div.app-line')).toHaveLength(6);
    expect((await world.open(MTM.finance, `/claims/${claim.id}/return`)).text).toContain('what concerns the other 6.');
    // What is to be mended is shown, whichever part it is in.
    const why = await (await back.press('Part 2')).press('Check the review');
    expect([why.status, why.errors.length]).toEqual([400, 2]);
    expect(why.errors[0]).toMatch(/^Part 1: Say why/);
  });

  it('is nobody’s but MTM finance’s, and says so', async () => {
    const claim = await world.claims.submitted(small());
    const path = `/claims/${claim.id}/review`;
    const approver = await world.open(MTM.approver, path);
    expect(approver.text).toContain('You may not review a claim. Who may: MTM finance.');
    expect((await world.open(BRENT, path)).status).toBe(403);
    expect((await world.open(MTM.finance, '/claims/0/review')).status).toBe(404);
    expect((await world.open(MTM.finance, `/claims/${uuid()}/review`)).status).toBe(404);
  });

  it('shows evidence with headers that let it do nothing, in our own frames only', async () => {
    const claim = await world.claims.submitted(small());
    const pdf = await world.addFile(claim, { name: 'a.pdf', type: 'application/pdf', bytes: aPdf(claim.id) });
    const answer = await world.person(MTM.finance).raw(`/claims/${claim.id}/review/evidence/${pdf}`);
    expect(answer.headers.get('content-type')).toBe('application/pdf');
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
    expect(answer.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(answer.headers.get('content-security-policy')).toContain("frame-ancestors 'self'");
    expect(answer.headers.get('content-disposition')).toMatch(/^inline/);
    const other = await world.claims.submitted(small('BRISTOL'));
    expect((await world.person(MTM.finance).raw(`/claims/${other.id}/review/evidence/${pdf}`)).status).toBe(404);
    const bristol = new WebVisitor(world.service.base);
    await bristol.signIn(finance('BRISTOL'));
    expect((await bristol.raw(`/claims/${claim.id}/review/evidence/${pdf}`)).status).toBe(404);
  });
});
