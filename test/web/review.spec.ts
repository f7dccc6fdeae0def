import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { v7 as uuid } from 'uuid';
import { claimBody, training, trainerInvoice, travel } from '../builders/claim-body.js';
import { aPdf, aPng } from '../builders/evidence-files.js';
import { Claims, finance, MTM, nextNumber, simpleBody, type Claim } from '../integration/claims-support.js';
import { Service } from '../support/service.js';
import { WebVisitor, type WebPage } from '../support/web.js';

const BRENT = finance('BRENT');

let service: Service;
let claims: Claims;
const people: Record<string, WebVisitor> = {};
beforeAll(async () => {
  service = await Service.start({ web: true });
  claims = new Claims(service);
  for (const email of [MTM.finance, MTM.finance2, MTM.approver, MTM.approver2, MTM.auditor, BRENT]) {
    people[email] = new WebVisitor(service.base);
    await people[email].signIn(email);
  }
}, 60_000);
afterAll(() => service?.stop());

/** The figures of what would be approved. */
const totals = (page: WebPage): string =>
  (page.root.querySelector('#totals')?.structuredText ?? '').replace(/\s+/g, ' ');

const open = (email: string, path: string): Promise<WebPage> => people[email]!.open(path);
const small = (authority = 'BRENT') => simpleBody(authority, { trainerDays: '0.01', netPence: 1_000 });

/** Training of £1,000 and travel of £156.40 by one trainer, with no day of payment: £578.20 claimed. */
const twoLines = (authority = 'BRENT') => {
  const { paidOn: _, ...invoice } = trainerInvoice([training({ trainerDays: '1' }), travel(15_640)], {
    number: nextNumber(),
  });
  return claimBody([invoice], { authority });
};

async function addFile(claim: Claim, file: { name: string; type: string; bytes: Buffer }): Promise<string> {
  const form = new FormData();
  form.append('files', new Blob([new Uint8Array(file.bytes)], { type: file.type }), file.name);
  const answer = await service.call<{ items: { id: string }[] }>(MTM.finance, 'POST', `/claims/${claim.id}/evidence`, {
    body: form,
    headers: { 'idempotency-key': uuid() },
  });
  expect(answer.status).toBe(201);
  return answer.body.items[0]!.id;
}

describe('the work queue', () => {
  it('shows what waits for review, the most urgent first, and whose it is', async () => {
    const claim = await claims.submitted(small());
    const page = await open(MTM.finance, '/queue');
    expect([page.status, page.heading]).toEqual([200, 'Work queue']);
    const row = page.rows().find(([name]) => name === claim.invoiceNumber)!;
    expect(row[1]).toBe('Brent');
    expect(row.slice(2, 5)).toEqual(['£5.00', '3 April 2018', '2 June 2018 60 days left']);
    expect(row[6]).toContain('Nobody');
  });

  it('lets one take a claim, give it to a colleague, and ask for one’s own', async () => {
    const claim = await claims.submitted(small());
    const name = claim.invoiceNumber!;
    const taken = await (await open(MTM.finance, '/queue?who=nobody')).press(`Take ${name}`);
    expect(taken.notice).toBe(`${name} is yours`);
    expect(taken.path).toBe('/queue?who=nobody');
    expect(taken.rows().map(([first]) => first)).not.toContain(name);
    const mine = await taken.press('Show', { Whose: 'Mine' });
    expect(mine.rows().map(([first]) => first)).toEqual([name]);
    const given = await (await mine.follow(`Assign ${name}`)).press('Assign', { 'Dario Penn (demo)': true });
    expect(given.notice).toBe(`${name} is with Dario Penn (demo)`);
    expect((await open(MTM.finance2, '/queue?who=mine')).text).toContain(name);
  });

  it('tells who takes a claim after somebody else did, and takes nothing away', async () => {
    const claim = await claims.submitted(small());
    const before = await open(MTM.finance2, '/queue');
    await (await open(MTM.finance, '/queue')).press(`Take ${claim.invoiceNumber}`);
    const late = await before.press(`Take ${claim.invoiceNumber}`);
    expect([late.status, late.errors]).toEqual([400, [expect.stringContaining('changed since you read it')]]);
  });

  it('has its piles, its filters in the address, and the same as CSV', async () => {
    const claim = await claims.reviewed(small('BRISTOL'));
    const page = await open(MTM.approver, '/queue?authority=BRISTOL');
    expect(page.text).toContain('To approve (1)');
    expect(page.rows().map(([first]) => first)).toEqual([claim.invoiceNumber]);
    expect(page.links().find(({ text }) => text === claim.invoiceNumber)?.href).toBe(`/claims/${claim.id}/approve`);
    const csv = await people[MTM.approver]!.raw(page.links().find(({ text }) => text === 'Download as CSV')!.href);
    expect(csv.headers.get('content-type')).toContain('text/csv');
    const lines = (await csv.text()).trim().split('\r\n');
    expect(lines).toHaveLength(2);
    expect(lines[1]).toContain(claim.invoiceNumber!);
    expect((await open(MTM.approver, '/queue?show=returned')).text).toContain('No claim is with its authority');
  });

  it('shows a wrong filter at its field, and nothing to an authority', async () => {
    const wrong = await open(MTM.finance, '/queue?who=nonsense');
    expect([wrong.status, wrong.errors.length]).toEqual([400, 1]);
    expect((await open(BRENT, '/queue')).status).toBe(403);
    expect((await people[BRENT]!.raw('/queue/download')).status).toBe(403);
  });
});

describe('a review', () => {
  it('goes from evidence beside the lines over the check to the confirmation', async () => {
    const claim = await claims.submitted(twoLines());
    const pdf = await addFile(claim, { name: 'statement.pdf', type: 'application/pdf', bytes: aPdf() });
    await addFile(claim, { name: 'ticket.png', type: 'image/png', bytes: aPng() });
    const page = await open(MTM.finance, `/claims/${claim.id}/review`);
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
    expect((await claims.read(MTM.finance, claim.id)).state).toBe('submitted');
    const back = await check.press('Change something');
    expect(back.value('Day')).toBe('28');
    const done = await check.press('Confirm the review');
    expect([done.path, done.notice]).toEqual(['/queue', expect.stringContaining(`${claim.invoiceNumber} is reviewed`)]);
    const now = await claims.read(MTM.finance, claim.id);
    expect(now.state).toBe('reviewed');
    expect(now.trainerInvoices[0]!.paymentProof).toEqual({ paidOn: '2018-03-28', note: 'statement.pdf' });
    expect(now.trainerInvoices[0]!.lines[1]!.decision).toMatchObject({ decision: 'disallow' });
  });

  it('says what travel goes with training, that nothing is left, and allows all again', async () => {
    const claim = await claims.submitted(twoLines());
    const page = await open(MTM.finance, `/claims/${claim.id}/review`);
    const none = await page.press('Update the figures', { 'Disallow line 1 of A Trainer Ltd': true });
    expect(none.text).toContain('Every line is disallowed: approving this review rejects the claim. 1 travel line');
    const all = await none.press('Allow all lines');
    expect(totals(all)).toContain('Would be approved £578.20');
  });

  it('shows a day that is none, or has not come, at its field, with what was typed', async () => {
    const claim = await claims.submitted(twoLines());
    const page = await open(MTM.finance, `/claims/${claim.id}/review`);
    const wrong = await page.press('Check the review', { Day: '31', Month: '2', Year: '2018' });
    expect([wrong.status, wrong.errors]).toEqual([400, ['Enter a real date, like 19 3 2018.']]);
    expect(wrong.value('Month')).toBe('2');
    const future = await wrong.press('Check the review', { Day: '1', Month: '1', Year: '2030' });
    expect(future.errors).toEqual(['A payment in the future proves nothing yet. Record it once that day has come.']);
    const note = await page.press('Check the review', { 'What proves it': 'A letter' });
    expect(note.errors).toEqual(['Enter the day the authority paid the trainer.']);
  });

  it('is not confirmed over what somebody changed meanwhile, and keeps what was typed', async () => {
    const claim = await claims.submitted(twoLines());
    const page = await open(MTM.finance, `/claims/${claim.id}/review`);
    const check = await page.press('Check the review', { Day: '28', Month: '3', Year: '2018' });
    await claims.step(MTM.finance2, claim.id, 'hold', { reason: 'Wait' });
    await claims.step(MTM.finance2, claim.id, 'release');
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
    const claim = await claims.submitted(body);
    const first = await open(MTM.finance, `/claims/${claim.id}/review`);
    const second = await first.press('Part 2', { 'Disallow line 3 of A Trainer Ltd': true });
    expect(second.root.querySelectorAll('fieldset.app-line')).toHaveLength(6);
    expect(totals(second)).toContain('Not approved £0.50');
    const back = await second.press('Part 1', { 'Disallow line 46 of A Trainer Ltd': true });
    expect(totals(back)).toContain('Not approved £1.00');
    const third = claim.trainerInvoices[0]!.lines[2]!.id;
    expect(back.root.querySelector(`#disallow-${third}`)?.hasAttribute('checked')).toBe(true);
  });

  it('is nobody’s but MTM finance’s, and says so', async () => {
    const claim = await claims.submitted(small());
    const path = `/claims/${claim.id}/review`;
    const approver = await open(MTM.approver, path);
    expect(approver.text).toContain('You may not review a claim. Who may: MTM finance.');
    expect((await open(BRENT, path)).status).toBe(403);
    expect((await open(MTM.finance, '/claims/0/review')).status).toBe(404);
    expect((await open(MTM.finance, `/claims/${uuid()}/review`)).status).toBe(404);
  });

  it('shows evidence with headers that let it do nothing, in our own frames only', async () => {
    const claim = await claims.submitted(small());
    const pdf = await addFile(claim, { name: 'a.pdf', type: 'application/pdf', bytes: aPdf(claim.id) });
    const answer = await people[MTM.finance]!.raw(`/claims/${claim.id}/review/evidence/${pdf}`);
    expect(answer.headers.get('content-type')).toBe('application/pdf');
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
    expect(answer.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(answer.headers.get('content-security-policy')).toContain("frame-ancestors 'self'");
    expect(answer.headers.get('content-disposition')).toMatch(/^inline/);
    const other = await claims.submitted(small('BRISTOL'));
    expect((await people[MTM.finance]!.raw(`/claims/${other.id}/review/evidence/${pdf}`)).status).toBe(404);
    const bristol = new WebVisitor(service.base);
    await bristol.signIn(finance('BRISTOL'));
    expect((await bristol.raw(`/claims/${claim.id}/review/evidence/${pdf}`)).status).toBe(404);
  });
});

/** The page with a reason typed at a line, which has one label with all others. */
function withReason(page: WebPage, line: string, reason: string): WebPage {
  page.root.querySelector(`#reason-${line}`)!.setAttribute('value', reason);
  return page;
}

describe('an approval', () => {
  it('shows who made what and what is approved, and says what happened', async () => {
    const claim = await claims.reviewed(small());
    const page = await open(MTM.approver, `/claims/${claim.id}/approve`);
    expect(page.text).toContain('Greta Ledger (demo) (MTM): reviewed');
    expect(page.text).toContain('Amira Vale (demo) (BRENT): submitted');
    expect(page.text).toContain('All of £5.00 would be approved.');
    const done = await page.press('Approve £5.00');
    expect(done.notice).toContain(`${claim.invoiceNumber} is approved: £5.00 Next: DfE to pay MTM.`);
    expect(done.path).toBe('/queue?show=approve');
    expect((await claims.read(MTM.finance, claim.id)).state).toBe('approved');
  });

  it('done twice at once is done once', async () => {
    const claim = await claims.reviewed(small());
    const page = await open(MTM.approver, `/claims/${claim.id}/approve`);
    const answers = await Promise.all([page.press('Approve £5.00'), page.press('Approve £5.00')]);
    expect(answers.map(({ status }) => status).filter((status) => status >= 500)).toEqual([]);
    const { rows } = await service.admin.query('SELECT 1 FROM audit_entry WHERE claim_id = $1 AND action = $2', [
      ...[claim.id, 'claim.approved'],
    ]);
    expect(rows).toHaveLength(1);
  });

  it('is kept from who made the claim, in words, and names who may', async () => {
    await service.admin.query(`UPDATE user_account SET roles = '{mtm_finance,mtm_approver}' WHERE email = $1`, [
      MTM.finance2,
    ]);
    const both = new WebVisitor(service.base);
    await both.signIn(MTM.finance2);
    const claim = await claims.submitted(small());
    await claims.step(MTM.finance2, claim.id, 'review');
    const page = await both.open(`/claims/${claim.id}/approve`);
    expect(page.text).toContain('You cannot approve this claim. You edited, prepared or reviewed this yourself');
    expect(page.text).toContain('Who may approve this one: Anselm Grant (demo), Winifred Seal (demo).');
    expect(page.root.querySelectorAll('main form')).toHaveLength(0);
    const forced = await both.post(
      `/claims/${claim.id}/approve`,
      new URLSearchParams({ _csrf: page.root.querySelector('input[name=_csrf]')!.getAttribute('value')! }),
    );
    expect([forced.status, forced.errors.length]).toEqual([400, 1]);
    expect((await claims.read(MTM.finance, claim.id)).state).toBe('reviewed');
    await service.admin.query(`UPDATE user_account SET roles = '{mtm_finance}' WHERE email = $1`, [MTM.finance2]);
  });

  it('waits for what it lacks, which MTM finance records', async () => {
    const claim = await claims.reviewed(twoLines());
    const page = await open(MTM.approver, `/claims/${claim.id}/approve`);
    expect(page.text).toContain('Needed before it can be approved');
    expect(page.root.querySelectorAll('main form')).toHaveLength(0);
    const findings = await (await open(MTM.finance, `/claims/${claim.id}/approve`)).follow('Record findings');
    const nothing = await findings.press('Record what I found');
    expect(nothing.errors).toEqual(['Enter when a trainer was paid, or why an invoice is another one.']);
    const done = await findings.press('Record what I found', { Day: '28', Month: '3', Year: '2018' });
    expect(done.notice).toBe(`What you found of ${claim.invoiceNumber} is recorded`);
    expect((await open(MTM.approver, `/claims/${claim.id}/approve`)).text).not.toContain('Needed before');
  });
});

describe('what else becomes of a claim', () => {
  it('is returned with reasons beside its lines, held and released, rejected', async () => {
    const claim = await claims.submitted(twoLines());
    const at = `/claims/${claim.id}`;
    const held = await (await open(MTM.finance, `${at}/hold`)).press('Put on hold', { 'Why is it held?': 'Asking' });
    expect(held.notice).toContain(`${claim.invoiceNumber} is on hold`);
    expect((await open(MTM.finance, '/queue?show=held')).text).toContain('Asking');
    expect((await open(MTM.finance, `${at}/review`)).text).toContain('The claim is on hold. Release it first.');
    expect((await (await open(MTM.finance, `${at}/release`)).press('Release the claim')).notice).toContain(
      'is released',
    );
    const page = await open(MTM.finance, `${at}/return`);
    expect(page.text).toContain('A credit note of £578.20');
    const why = await page.press('Return the claim', { 'Line 2: Rail': 'No ticket' });
    expect([why.status, why.errors, why.value('Line 2: Rail')]).toEqual([400, ['Say why.'], 'No ticket']);
    const done = await why.press('Return the claim', { 'What has to be corrected?': 'The ticket is missing.' });
    expect(done.notice).toContain(`${claim.invoiceNumber} is returned`);
    expect(await claims.read(BRENT, claim.id)).toMatchObject({
      state: 'returned',
      returnNotes: [{ path: 'trainerInvoices[0].lines[1]', reason: 'No ticket' }],
    });
  });

  it('is rejected by an approver, and by nobody else', async () => {
    const claim = await claims.submitted(small());
    const at = `/claims/${claim.id}/reject`;
    expect((await open(MTM.finance, at)).text).toContain('You may not reject a claim. Who may: MTM approver.');
    const done = await (
      await open(MTM.approver, at)
    ).press('Reject the claim', { 'Why is it rejected?': 'Not of this programme' });
    expect(done.notice).toContain(`${claim.invoiceNumber} is rejected`);
    expect((await claims.read(BRENT, claim.id)).state).toBe('rejected');
    expect((await open(MTM.approver, at)).text).toContain(
      'A claim is rejected before it is funded. This one is rejected.',
    );
  });

  it('tells of another’s step in words, and does nothing', async () => {
    const claim = await claims.submitted(small());
    const page = await open(MTM.finance, `/claims/${claim.id}/return`);
    await claims.step(BRENT, claim.id, 'withdraw');
    const late = await page.press('Return the claim', { 'What has to be corrected?': 'x' });
    expect(late.text).toContain('Only a claim that waits for review or approval is returned. This one is withdrawn.');
  });
});

describe('an adjustment', () => {
  it('is proposed after a look at what it takes back, and approved by somebody else', async () => {
    const body = claimBody([
      trainerInvoice([training({ trainerDays: '0.2', netPence: 20_000 }), travel(1_000)], { number: nextNumber() }),
    ]);
    const claim = await claims.approved(body);
    const page = await open(MTM.finance, `/claims/${claim.id}/adjust`);
    const nothing = await page.press('See what it takes back', { 'Why is it taken back?': 'x' });
    expect(nothing.errors).toEqual(['Choose at least one line to take back.']);
    const line = claim.trainerInvoices[0]!.lines[0]!.id;
    check(page, line, 'part');
    const empty = await page.press('See what it takes back', { 'Why is it taken back?': 'Credit note 17' });
    expect(empty.errors).toEqual(['Enter the right net amount, or the right trainer-days.']);
    const more = await empty.press('See what it takes back', { 'Right net amount of line 1': '£300' });
    expect(more.errors).toEqual(['The line stands at £200.00 net; an adjustment never raises it.']);
    expect(more.value('Right net amount of line 1')).toBe('£300');
    const look = await more.press('See what it takes back', { 'Right net amount of line 1': '£150' });
    expect(look.text).toContain('£25.00 would be taken back.');
    const proposed = await look.press('Propose to take £25.00 back');
    expect(proposed.path).toMatch(/^\/adjustments\//);
    expect(proposed.text).toContain('You may not approve an adjustment. Who may: MTM approver.');
    expect((await open(MTM.approver, '/queue')).text).toContain('Adjustments to approve (1)');
    const list = await open(MTM.approver, '/adjustments?state=proposed');
    const approved = await (await list.follow(claim.invoiceNumber!)).press('Approve the adjustment');
    expect(approved.notice).toContain('To take £25.00 back is approved');
    expect(approved.text).toContain('£0.00, £25.00 still to come');
  });

  it('is cancelled with a reason, and told to its authority without names', async () => {
    const claim = await claims.approved(small());
    const lines = [{ lineId: claim.trainerInvoices[0]!.lines[0]!.id }];
    const { body } = await service.post<{ id: string }>(MTM.finance, `/claims/${claim.id}/adjustments`, {
      ...{ reason: 'Twice', lines },
    });
    const page = await open(MTM.finance2, `/adjustments/${body.id}`);
    expect((await page.press('Cancel the proposal')).errors).toEqual(['Say why it is cancelled.']);
    const done = await page.press('Cancel the proposal', { 'Why is it cancelled?': 'It was right' });
    expect(done.notice).toBe('The proposal is cancelled');
    const theirs = await open(BRENT, `/adjustments/${body.id}`);
    expect(theirs.text).toContain('by MTM');
    expect(theirs.text).not.toContain('Greta');
  });
});

function check(page: WebPage, line: string, value: string): void {
  for (const radio of page.root.querySelectorAll(`input[name="change.${line}"]`)) {
    if (radio.getAttribute('value') === value) radio.setAttribute('checked', '');
    else radio.removeAttribute('checked');
  }
}
