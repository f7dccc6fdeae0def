import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { claimBody, training, trainerInvoice, travel } from '../builders/claim-body.js';
import { MTM, nextNumber } from '../integration/claims-support.js';
import { Funding } from '../integration/funding-support.js';
import { WebVisitor, type WebPage } from '../support/web.js';
import { BRENT, ReviewWorld, small, twoLines } from './review-support.js';

let world: ReviewWorld;
beforeAll(async () => {
  world = await ReviewWorld.open();
}, 60_000);
afterAll(() => world?.service.stop());

function check(page: WebPage, line: string, value: string): void {
  for (const radio of page.root.querySelectorAll(`input[name="change.${line}"]`)) {
    if (radio.getAttribute('value') === value) radio.setAttribute('checked', '');
    else radio.removeAttribute('checked');
  }
}

describe('an approval', () => {
  it('shows who made what and what is approved, and says what happened', async () => {
    const claim = await world.claims.reviewed(small());
    const page = await world.open(MTM.approver, `/claims/${claim.id}/approve`);
    expect(page.text).toContain('Greta Ledger (demo) (MTM): reviewed');
    expect(page.text).toContain('Amira Vale (demo) (BRENT): submitted');
    expect(page.text).toContain('All of £5.00 would be approved.');
    const done = await page.press('Approve £5.00');
    expect(done.notice).toContain(`${claim.invoiceNumber} is approved: £5.00 Next: MTM to ask DfE for the money.`);
    expect(done.path).toBe('/queue?show=approve');
    expect((await world.claims.read(MTM.finance, claim.id)).state).toBe('approved');
  });

  it('done twice at once is done once', async () => {
    const claim = await world.claims.reviewed(small());
    const page = await world.open(MTM.approver, `/claims/${claim.id}/approve`);
    const answers = await Promise.all([page.press('Approve £5.00'), page.press('Approve £5.00')]);
    expect(answers.map(({ status }) => status).filter((status) => status >= 500)).toEqual([]);
    const { rows } = await world.service.admin.query('SELECT 1 FROM audit_entry WHERE claim_id = $1 AND action = $2', [
      ...[claim.id, 'claim.approved'],
    ]);
    expect(rows).toHaveLength(1);
  });

  it('is kept from who made the claim, in words, and names who may', async () => {
    await world.service.admin.query(`UPDATE user_account SET roles = '{mtm_finance,mtm_approver}' WHERE email = $1`, [
      MTM.finance2,
    ]);
    const both = new WebVisitor(world.service.base);
    await both.signIn(MTM.finance2);
    const claim = await world.claims.submitted(small());
    await world.claims.step(MTM.finance2, claim.id, 'review');
    const page = await both.open(`/claims/${claim.id}/approve`);
    expect(page.text).toContain('You cannot approve this claim. You edited, prepared or reviewed this yourself');
    expect(page.text).toContain('Who may approve this one: Anselm Grant (demo), Winifred Seal (demo).');
    expect(page.root.querySelectorAll('main form')).toHaveLength(0);
    const forced = await both.post(
      `/claims/${claim.id}/approve`,
      new URLSearchParams({ _csrf: page.root.querySelector('input[name=_csrf]')!.getAttribute('value')! }),
    );
    expect([forced.status, forced.errors.length]).toEqual([400, 1]);
    expect((await world.claims.read(MTM.finance, claim.id)).state).toBe('reviewed');
    await world.service.admin.query(`UPDATE user_account SET roles = '{mtm_finance}' WHERE email = $1`, [MTM.finance2]);
  });

  it('waits for what it lacks, which MTM finance records', async () => {
    const claim = await world.claims.reviewed(twoLines());
    const page = await world.open(MTM.approver, `/claims/${claim.id}/approve`);
    expect(page.text).toContain('Needed before it can be approved');
    expect(page.root.querySelectorAll('main form')).toHaveLength(0);
    const findings = await (await world.open(MTM.finance, `/claims/${claim.id}/approve`)).follow('Record findings');
    const nothing = await findings.press('Record what I found');
    expect(nothing.errors).toEqual(['Enter when a trainer was paid, or why an invoice is another one.']);
    const done = await findings.press('Record what I found', { Day: '28', Month: '3', Year: '2018' });
    expect(done.notice).toBe(`What you found of ${claim.invoiceNumber} is recorded`);
    expect((await world.open(MTM.approver, `/claims/${claim.id}/approve`)).text).not.toContain('Needed before');
  });
});

describe('what else becomes of a claim', () => {
  it('is returned with reasons beside its lines, held and released, rejected', async () => {
    const claim = await world.claims.submitted(twoLines());
    const at = `/claims/${claim.id}`;
    const held = await (
      await world.open(MTM.finance, `${at}/hold`)
    ).press('Put on hold', { 'Why is it held?': 'Asking' });
    expect(held.notice).toContain(`${claim.invoiceNumber} is on hold`);
    expect((await world.open(MTM.finance, '/queue?show=held')).text).toContain('Asking');
    expect((await world.open(MTM.finance, `${at}/review`)).text).toContain('The claim is on hold. Release it first.');
    expect((await (await world.open(MTM.finance, `${at}/release`)).press('Release the claim')).notice).toContain(
      'is released',
    );
    const page = await world.open(MTM.finance, `${at}/return`);
    expect(page.text).toContain('A credit note of £578.20');
    const why = await page.press('Return the claim', { 'Line 2: Rail': 'No ticket' });
    expect([why.status, why.errors, why.value('Line 2: Rail')]).toEqual([400, ['Say why.'], 'No ticket']);
    const done = await why.press('Return the claim', { 'What has to be corrected?': 'The ticket is missing.' });
    expect(done.notice).toContain(`${claim.invoiceNumber} is returned`);
    expect(await world.claims.read(BRENT, claim.id)).toMatchObject({
      state: 'returned',
      returnNotes: [{ path: 'trainerInvoices[0].lines[1]', reason: 'No ticket' }],
    });
    const theirs = await world.open(BRENT, at);
    expect(theirs.rows().flat()).toContain('To correct No ticket');
  });

  it('is rejected by an approver, and by nobody else', async () => {
    const claim = await world.claims.submitted(small());
    const at = `/claims/${claim.id}/reject`;
    expect((await world.open(MTM.finance, at)).text).toContain('You may not reject a claim. Who may: MTM approver.');
    const done = await (
      await world.open(MTM.approver, at)
    ).press('Reject the claim', { 'Why is it rejected?': 'Not of this programme' });
    expect(done.notice).toContain(`${claim.invoiceNumber} is rejected`);
    expect((await world.claims.read(BRENT, claim.id)).state).toBe('rejected');
    expect((await world.open(MTM.approver, at)).text).toContain(
      'A claim is rejected before it is funded. This one is rejected.',
    );
  });

  it('tells of another’s step in words, and does nothing', async () => {
    const claim = await world.claims.submitted(small());
    const page = await world.open(MTM.finance, `/claims/${claim.id}/return`);
    await world.claims.step(BRENT, claim.id, 'withdraw');
    const late = await page.press('Return the claim', { 'What has to be corrected?': 'x' });
    expect(late.text).toContain('Only a claim that waits for review or approval is returned. This one is withdrawn.');
  });
});

describe('the funding of a claim', () => {
  it('is taken back by MTM finance with a reason, from the claim’s page', async () => {
    const funding = new Funding(world.service);
    await funding.clear();
    const [id] = (await funding.queue(700_00)) as [string];
    const at = `/claims/${id}`;
    expect((await world.open(MTM.finance, `${at}/unfund`)).text).toContain(
      'Only the funding of a claim that is funded and in no payment run is taken back. This one is approved.',
    );
    await funding.received(700_00);
    expect((await world.open(MTM.approver, `${at}/unfund`)).text).toContain('You may not take a claim’s funding back.');
    const page = await (await world.open(MTM.finance, at)).follow('Take its funding back');
    expect(page.text).toContain('The £700.00 set aside for this claim is free again.');
    expect(page.text).toContain('put the claim on hold first');
    const why = await page.press('Take the funding back');
    expect([why.status, why.errors]).toEqual([400, ['Say why.']]);
    const done = await why.press('Take the funding back', { 'Why is its funding taken back?': 'Asked for another' });
    expect([done.path, done.notice]).toEqual([at, expect.stringContaining('is no longer funded It is approved')]);
    expect(done.text).toContain('Funding taken back');
    expect(done.text).toContain('Asked for another');
    expect(await funding.states([id])).toEqual(['approved']);
    // What somebody else did meanwhile is told, and nothing done again.
    const late = await page.press('Take the funding back', { 'Why is its funding taken back?': 'Twice' });
    expect([late.status, late.text]).toEqual([409, expect.stringContaining('This one is approved.')]);
  });
});

describe('an adjustment', () => {
  it('is proposed after a look at what it takes back, and approved by somebody else', async () => {
    const body = claimBody([
      trainerInvoice([training({ trainerDays: '0.2', netPence: 20_000 }), travel(1_000)], { number: nextNumber() }),
    ]);
    const claim = await world.claims.approved(body);
    const page = await world.open(MTM.finance, `/claims/${claim.id}/adjust`);
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
    expect((await world.open(MTM.approver, '/queue')).text).toContain('Adjustments to approve (1)');
    const list = await world.open(MTM.approver, '/adjustments?state=proposed');
    const approved = await (await list.follow(claim.invoiceNumber!)).press('Approve the adjustment');
    expect(approved.notice).toContain('To take £25.00 back is approved');
    expect(approved.text).toContain('£0.00, £25.00 still to come');
  });

  it('does not leave a line at which its right amount was typed, nor forget what was typed', async () => {
    const body = claimBody([
      trainerInvoice([training({ trainerDays: '0.2', netPence: 20_000 }), travel(1_000)], { number: nextNumber() }),
    ]);
    const claim = await world.claims.approved(body);
    const page = await world.open(MTM.finance, `/claims/${claim.id}/adjust`);
    const [first, second] = claim.trainerInvoices[0]!.lines;
    check(page, second!.id, 'whole');
    const typed = { 'Why is it taken back?': 'Credit note 17', 'Right net amount of line 1': '£150' };
    const which = await page.press('See what it takes back', typed);
    expect([which.status, which.errors]).toEqual([
      400,
      [expect.stringContaining('You gave figures for this line, but chose to leave it.')],
    ]);
    const field = which.root.querySelector(`#net-${first!.id}`)!;
    expect([field.getAttribute('value'), which.value('Why is it taken back?')]).toEqual(['£150', 'Credit note 17']);
    expect(field.getAttribute('aria-describedby')).toContain('error');
    const chosen = which.root
      .querySelectorAll('input[type=radio][checked]')
      .map((radio) => radio.getAttribute('value'));
    expect(chosen).toEqual(['keep', 'whole']);
    check(which, first!.id, 'part');
    const look = await which.press('See what it takes back');
    expect(look.text).toContain('£30.00 would be taken back.');
  });

  it('is cancelled with a reason, and told to its authority without names', async () => {
    const claim = await world.claims.approved(small());
    const lines = [{ lineId: claim.trainerInvoices[0]!.lines[0]!.id }];
    const { body } = await world.service.post<{ id: string }>(MTM.finance, `/claims/${claim.id}/adjustments`, {
      ...{ reason: 'Twice', lines },
    });
    const page = await world.open(MTM.finance2, `/adjustments/${body.id}`);
    expect((await page.press('Cancel the proposal')).errors).toEqual(['Say why it is cancelled.']);
    const done = await page.press('Cancel the proposal', { 'Why is it cancelled?': 'It was right' });
    expect(done.notice).toBe('The proposal is cancelled');
    const theirs = await world.open(BRENT, `/adjustments/${body.id}`);
    expect(theirs.text).toContain('by MTM');
    expect(theirs.text).not.toContain('Greta');
  });
});
