import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Adjustments } from '../integration/adjustments-support.js';
import { Bank } from '../integration/reconciliation-support.js';
import { MTM, finance } from '../support/people.js';
import { Service } from '../support/service.js';
import { WebVisitor, type WebPage } from '../support/web.js';

let service: Service;
let bank: Bank;
beforeAll(async () => {
  service = await Service.start({ web: true });
  bank = new Bank(service);
});
afterAll(() => service?.stop());

async function signedIn(email: string): Promise<WebVisitor> {
  const visitor = new WebVisitor(service.base);
  await visitor.signIn(email);
  return visitor;
}
const buttons = (page: WebPage): string[] =>
  page.root.querySelectorAll('main form button, main a.govuk-button').map((one) => one.text.trim());

describe('a payment run on the pages, without JavaScript', () => {
  it('shows what would be paid, is prepared by one and approved by another, and gives the bank file', async () => {
    const ada = await signedIn(MTM.finance);
    const nothing = await ada.open('/payments/new');
    expect(nothing.text).toContain('Nothing can be paid now. No claim is funded and not on hold.');
    expect(nothing.status).toBe(200);

    await bank.fundedClaims(['BRENT', 100_000], ['LINCS', 25_000]);
    const list = await ada.open('/payments');
    const preview = await list.follow('Prepare a payment run');
    expect(preview.rows().map((row) => row.slice(1, 4))).toEqual([
      ['£1,000.00 of Brent 1 claim', '–', '£1,000.00'],
      [expect.stringMatching(/^£250.00/), '–', '£250.00'],
    ]);
    expect(preview.text).toContain('2 payments for 2 claims, £1,250.00 together');
    const csv = await ada.raw('/payments/new.csv');
    expect(await csv.text()).toContain('BRENT,Brent,100000,0,100000,1,');

    const run = await preview.press('Prepare this run');
    expect(run.notice).toMatch(/^EIP2-PR-\d{4} is prepared: 2 payments, £1,250.00 together/);
    expect(run.text).toContain('Waiting for an approver');
    expect(run.text).toMatch(/Prepared by Fatima|Prepared\s+by \w+/);
    expect(run.text).toContain('Who prepared a run does not approve it');
    expect(buttons(run)).not.toContain('Approve this run');

    // The one who approved the claims may not approve the run, and is told so before being refused.
    const first = await (await signedIn(MTM.approver)).open(run.path);
    expect(first.text).toContain('You gave the earlier approval yourself; another person must approve this.');
    expect(buttons(first)).not.toContain('Approve this run');
    expect(first.text).toMatch(/may not: approved a claim in this run/);

    const ben = await signedIn(MTM.approver2);
    const confirm = await (await ben.open(run.path)).follow('Approve this run');
    expect(confirm.text).toContain('Once it is approved a run cannot be cancelled');
    const approved = await confirm.press('Approve £1,250.00');
    expect(approved.notice).toMatch(/is approved: £1,250.00/);
    expect(approved.text).toContain('2 payments of 2 wait to be seen on a bank statement');
    const file = await ben.raw(`${run.path.split('?')[0]}/bank-file`);
    expect([file.status, file.headers.get('content-type')]).toEqual([200, 'application/xml']);
    expect(await file.text()).toContain('<CtrlSum>1250.00</CtrlSum>');
    const rows = await (await ben.raw(`${run.path}/payments.csv`)).text();
    expect(rows.split('\r\n')).toHaveLength(4);

    const payment = await approved.follow('Brent');
    expect(payment.text).toContain('The bank was asked for it. It is paid once a bank statement shows it.');
    expect(payment.rows()[0]!.at(-1)).toBe('£1,000.00');
    expect(payment.links().map(({ text }) => text)).not.toContain('Record that the bank refused it');
  });

  it('does once what is sent twice, and nothing when something changed since it was looked at', async () => {
    await bank.fundedClaims(['BRENT', 10_000]);
    const ada = await signedIn(MTM.finance);
    const preview = await ada.open('/payments/new');
    await bank.fundedClaims(['BRENT', 20_000]);
    const again = await preview.press('Prepare this run');
    expect([again.status, again.errors]).toEqual([
      400,
      ['Something changed since you looked, so nothing was prepared. Look at what would be paid now.'],
    ]);
    expect(again.text).toContain('1 payment for 2 claims, £300.00 together');
    const count = async () =>
      (await service.admin.query('SELECT count(*)::int AS n FROM payment_run')).rows[0].n as number;
    const before = await count();
    const [one, two] = await Promise.all([again.press('Prepare this run'), again.press('Prepare this run')]);
    expect(await count()).toBe(before + 1);
    expect(one.path).toBe(two.path);
  });

  it('is cancelled with a reason, which is asked for again when it is missing', async () => {
    const ada = await signedIn(MTM.finance);
    const run = await (await ada.open('/payments?state=prepared')).follow('EIP2-PR-');
    const ask = await run.follow('Cancel this run');
    const missing = await ask.press('Cancel this run', { 'Why is it cancelled?': '  ' });
    expect(missing.status).toBe(400);
    expect(missing.title).toMatch(/^Error: /);
    expect(missing.root.querySelector('#reason')?.getAttribute('aria-describedby')).toContain('reason-error');
    const cancelled = await missing.press('Cancel this run', { 'Why is it cancelled?': 'The wrong claims' });
    expect(cancelled.notice).toMatch(/is cancelled/);
    expect(cancelled.text).toContain('The wrong claims');
    expect(buttons(cancelled)).toEqual([]);
    // Somebody still has the old page open.
    const late = await ask.press('Cancel this run', { 'Why is it cancelled?': 'Twice' });
    expect(late.status).toBe(400);
    expect(late.errors).toHaveLength(1);
  });

  it('lets the bank’s refusal be recorded, so that the claims are paid by the next run', async () => {
    const [paid] = await bank.scheduled(['BRENT', 5_000]);
    const { rows } = await service.admin.query<{ run_id: string }>('SELECT run_id FROM payment WHERE id = $1', [
      paid!.id,
    ]);
    const ada = await signedIn(MTM.finance);
    const payment = await ada.open(`/payments/${rows[0]!.run_id}/${paid!.id}`);
    const ask = await payment.follow('Record that the bank refused it');
    const missing = await ask.press('Record as refused');
    expect(missing.status).toBe(400);
    const done = await missing.press('Record as refused', { 'What did the bank say?': 'The account is closed' });
    expect(done.notice).toContain(`${paid!.reference} over`);
    expect(done.text).toContain('Refused by the bank');
    expect(await bank.funding.states(paid!.claimIds)).toEqual(['funded']);
    const all = await ada.open('/payments/all?state=refused');
    expect(all.rows().map(([reference]) => reference)).toEqual([paid!.reference]);
  });

  it('shows an authority what it was paid and what is still due, and nothing of the others’', async () => {
    const [brent] = await bank.scheduled(['BRENT', 7_000], ['LINCS', 8_000]);
    await bank.statement({
      amountPence: -brent!.amountPence,
      reference: brent!.reference,
      endToEndId: brent!.endToEndId,
    });
    const officer = await signedIn(finance('BRENT'));
    const page = await officer.open('/payments-to-us');
    expect(page.text).toContain(brent!.reference);
    expect(page.text).toContain('Approved and not yet paid');
    const { rows } = await service.admin.query<{ reference: string; id: string; run_id: string }>(
      `SELECT reference, id, run_id FROM payment WHERE authority_code = 'LINCS'`,
    );
    for (const { reference } of rows) expect(page.html).not.toContain(reference);
    const one = await page.follow(brent!.reference);
    expect(one.text).toContain('Paid');
    expect(one.links().filter(({ href }) => href.startsWith('/bank/'))).toEqual([]);
    expect((await officer.open(`/payments-to-us/${rows[0]!.id}`)).status).toBe(404);
    expect((await officer.open(`/payments/${rows[0]!.run_id}`)).status).toBe(404);
    expect((await officer.open('/payments')).status).toBe(403);
    expect((await officer.open('/bank')).status).toBe(403);
    const due = await (await officer.raw('/payments-to-us/due.csv')).text();
    expect(due).toContain('invoiceNumber,state,amountPence');
    const csv = await (await officer.raw('/payments-to-us/download')).text();
    expect(csv).toContain(brent!.reference);
    expect(csv).not.toContain(rows[0]!.reference);
  });

  it('says what is set off, and who is left out and why', async () => {
    const adjustments = new Adjustments(service);
    const [paid] = await adjustments.funded('BRENT', 400);
    await adjustments.bankPaid(await adjustments.paidRun([paid!]));
    await adjustments.takenBack(paid!, 300);
    await adjustments.funded('BRENT', 1_000);
    await adjustments.funded('LINCS', 2_000);
    const path = '/authorities/LINCS/bank-details';
    const { headers } = await service.get(finance('LINCS'), path);
    service.clock.set('2018-04-03T10:00:00.000Z');
    const body = { accountName: 'Another account', sortCode: '00-00-01', accountNumber: '87654321' };
    const put = await service.call(finance('LINCS'), 'PUT', path, {
      body,
      headers: { 'if-match': headers.get('etag')! },
    });
    expect(put.status).toBe(200);
    const ada = await signedIn(MTM.finance);
    const preview = await ada.open('/payments/new');
    const row = preview.rows().find(([authority]) => authority === 'Brent')!;
    expect(row[2]).toBe('-£3.00 1 adjustment');
    expect(preview.text).toContain('Left out, and why');
    expect(preview.text).toContain('The account LINCS entered last is not confirmed');
    const run = await preview.press('Prepare this run');
    expect(run.notice).toContain('1 authority is left out.');
    const payment = await run.follow('Brent');
    expect(payment.text).toContain('Taken off for what was paid too much before');
  });

  it('answers who may not read a list, or asks for nonsense, with a page and never half a file', async () => {
    const officer = await signedIn(finance('BRENT'));
    for (const path of ['/payments/download', '/bank/download', '/bank/mappings/download', '/bank/reports/download']) {
      const page = await officer.open(path);
      expect([path, page.status, page.heading]).toEqual([path, 403, 'You may not do this']);
    }
    const ada = await signedIn(MTM.finance);
    expect((await ada.open('/payments/download?state=bogus')).status).toBe(400);
    const wrong = await ada.open('/payments/all?authority=the+borough');
    expect([wrong.status, wrong.errors.length, wrong.value('Authority’s code')]).toEqual([400, 1, 'THE BOROUGH']);
    expect((await ada.open('/payments/all?authority=brent')).rows().length).toBeGreaterThan(0);
    expect((await ada.open('/payments-to-us')).path).toBe('/payments/all');
  });

  it('lets the auditor look and change nothing', async () => {
    const auditor = await signedIn(MTM.auditor);
    const list = await auditor.open('/payments');
    expect(buttons(list)).toEqual(['Show']);
    const run = await list.follow('EIP2-PR-');
    expect(buttons(run).filter((text) => text !== 'Download the bank file')).toEqual([]);
    expect((await auditor.open('/payments/new')).status).toBe(403);
    expect((await auditor.open(`${run.path}/cancel`)).status).toBe(403);
  });
});
