import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { camtOf, type MadeStatement } from '../builders/bank-statement.js';
import { Bank, type Payment } from '../integration/reconciliation-support.js';
import { MTM } from '../support/people.js';
import { Service } from '../support/service.js';
import { type WebPage, type WebVisitor } from '../support/web.js';
import { count, looked, OwnAccount, signedIn, xml } from './bank-visitor.js';

let service: Service;
let bank: Bank;
let ada: WebVisitor;
const account = new OwnAccount();
beforeAll(async () => {
  service = await Service.start({ web: true });
  bank = new Bank(service);
  ada = await signedIn(service, MTM.finance);
});
afterAll(() => service?.stop());

const load = async (made: MadeStatement): Promise<WebPage> =>
  (await looked(ada, xml(camtOf(made)))).press('Load this statement');
const card = (page: WebPage, seq: number): string =>
  page.root.querySelector(`#line-${seq}`)!.structuredText.replace(/\s+/g, ' ');
const line = async (page: WebPage, seq: number): Promise<WebPage> =>
  ada.open(page.root.querySelector(`#heading-${seq} a`)!.getAttribute('href')!);
const label = (page: WebPage, part: string): string =>
  page.root
    .querySelectorAll('label')
    .map((one) => one.text.replace(/\s+/g, ' ').trim())
    .find((text) => text.includes(part))!;

describe('bank statements on the pages, without JavaScript', () => {
  let month: WebPage;
  let brent: Payment;
  let lincs: Payment;
  let part: Payment;

  it('shows what a file holds, records it once it is confirmed, and closes what the books agree with', async () => {
    const claims: string[] = [];
    for (const [authority, pence] of [
      ['BRENT', 100_000],
      ['LINCS', 25_000],
      ['BRENT', 40_000],
    ] as const)
      claims.push((await bank.funding.approved(pence, authority)).id);
    await bank.recorded(165_000, 'DFE WEB 1');
    const made = account.next({
      amountPence: 165_000,
      reference: 'DFE WEB 1',
      counterparty: 'Department for Education',
    });
    const shown = await looked(ada, xml(camtOf(made)));
    expect(shown.heading).toBe('What the file holds');
    expect(shown.text).toContain('Loading it records 1 statement with 1 line');
    expect(shown.text).toContain('£1,650.00 in');
    expect(await count(service, 'bank_statement')).toBe(0);

    const statement = await shown.press('Load this statement');
    expect(statement.notice).toContain('1 statement loaded: 1 line, of which 1 agreed exactly');
    expect(card(statement, 1)).toMatch(/Explained.*Receipt from the funder DFE WEB 1/);
    expect(await bank.funding.states(claims)).toEqual(['funded', 'funded', 'funded']);
    const known = await (await looked(ada, xml(camtOf(made)))).press('Load this statement');
    expect(known.notice).toContain('This statement was loaded before');
    expect(known.path).toBe(statement.path);

    const report = await statement.follow('Compare with the books and close');
    expect(report.text).toContain('Every line is explained and the books agree with the bank.');
    const closed = await report.press('Close this statement');
    expect(closed.notice).toContain('is closed');
    expect((await (await line(closed, 1)).visitor.open(`${(await line(closed, 1)).path}/undo`)).text).toContain(
      'This statement is closed',
    );
    [brent, lincs] = (await bank.run(claims.slice(0, 2))) as [Payment, Payment];
    [part] = (await bank.run(claims.slice(2))) as [Payment];
  });

  it('shows each line beside what it may be, with points and reasons, and pays a run by one line', async () => {
    month = await load(
      account.next(
        { amountPence: -125_000, remittance: 'EIP2-PR-0001', counterparty: 'Various' },
        { amountPence: -15_000, counterparty: 'LB Brent' },
        { amountPence: -25_000, counterparty: 'LB Brent' },
        { amountPence: -500, remittance: 'Account charges' },
        { amountPence: 12_345, counterparty: 'Who knows' },
      ),
    );
    expect(month.notice).toContain('5 lines, of which 0 agreed exactly');
    expect(card(month, 1)).toContain('All payments of run EIP2-PR-0001');
    expect(card(month, 1)).toMatch(/\d+ of 100 The line has the reference EIP2-PR-0001/);
    const choose = month.root.querySelector('#line-1 a[href*="payment_run"]')!.getAttribute('href')!;
    const preview = await ada.open(choose);
    expect(preview.text).toContain(`${brent.reference} is paid: its claims become paid`);
    expect(preview.text).toContain(`${lincs.reference} is paid`);
    expect(preview.text).toContain('Of the £1,250.00 to be explained, nothing is left.');
    expect(await count(service, 'bank_match')).toBe(1);
    const matched = await preview.press('Match');
    expect(matched.notice).toContain('Line 1 is matched');
    expect(await bank.stateOf(brent)).toEqual(['settled', 'paid']);
    expect(await bank.stateOf(lincs)).toEqual(['settled', 'paid']);
    // The same form again, as by a double click: once is enough.
    const twice = await preview.press('Match');
    expect(twice.notice).toContain('Line 1 is matched');
    expect(await count(service, 'bank_match')).toBe(3);
    month = matched;
  });

  it('pays a payment by two lines, and keeps what was typed when it does not fit', async () => {
    const one = await (
      await line(month, 2)
    ).press('See what follows', { [label(await line(month, 2), part.reference)]: true });
    expect(one.text).toContain(`A part of ${part.reference} is paid. It waits for the rest.`);
    const field = `How much of the line is ${part.reference}`;
    const wrong = await one.press('Match', { [field]: 'a lot' });
    expect([wrong.status, wrong.errors]).toEqual([400, ['Enter an amount in pounds and pence, like 1,234.50.']]);
    expect(wrong.value(field)).toBe('a lot');
    const much = await wrong.press('Work it out again', { [field]: '£200.00' });
    expect(much.status).toBe(400);
    expect(much.errors[0]).toContain('more than is left of the line: £150.00');
    expect(much.value(field)).toBe('£200.00');
    const matched = await much.press('Work it out again', { [field]: '150' });
    expect(matched.text).toContain('Of the £150.00 to be explained, nothing is left.');
    const done = await matched.press('Match');
    expect(done.notice).toContain('Line 2 is matched');
    expect((await bank.payment(part.id)).state).toBe('scheduled');

    const second = await (
      await line(done, 3)
    ).press('See what follows', { [label(await line(done, 3), part.reference)]: true });
    expect(second.text).toContain(`${part.reference} is paid: its claims become paid`);
    month = await second.press('Match');
    expect(await bank.stateOf(part)).toEqual(['settled', 'paid']);
    const payment = await month.follow(`Payment ${part.reference}`);
    expect(payment.text).toContain('On bank statements');
  });

  it('books charges, and undoes them with a reason', async () => {
    const charge = month.root.querySelector('#line-4 a[href*="rest=charges"]')!.getAttribute('href')!;
    const preview = await ada.open(charge);
    expect(preview.text).toContain('£5.00: This is booked as bank charges, which are MTM’s.');
    const matched = await preview.press('Match');
    expect(card(matched, 4)).toContain('Bank charges');
    const ask = await ada.open(`${(await line(matched, 4)).path}/undo`);
    const missing = await ask.press('Undo this match', { 'Why is it undone?': ' ' });
    expect([missing.status, missing.errors.length]).toEqual([400, 1]);
    const undone = await missing.press('Undo this match', { 'Why is it undone?': 'It was something else' });
    expect(undone.notice).toContain('The match of line 4 is undone');
    expect(card(undone, 4)).toContain('To decide');
    const stale = await ask.press('Undo this match', { 'Why is it undone?': 'Again' });
    expect(stale.status).toBe(400);
    month = await (await ada.open(charge)).press('Match');
  });

  it('says what differs, puts the rest into suspense, and lets it be explained later', async () => {
    const nothing = await (await line(month, 5)).press('See what follows');
    expect([nothing.status, nothing.errors]).toEqual([400, ['Choose what the line is, or where the rest of it goes.']]);
    const report = await month.follow('Compare with the books and close');
    expect(report.text).toContain('1 line of this statement, £123.45 together, is not explained in full.');
    const csv = await (await ada.raw(`${month.path.split('#')[0]}/report.csv`)).text();
    expect(csv).toContain('lines_unmatched');
    const closed = await report.press('Put the rest into suspense and close');
    expect(closed.notice).toContain('is closed');
    expect(card(closed, 5)).toMatch(/In suspense.*Suspense: to be explained later/);
    await bank.recorded(12_345, 'DFE WEB 2');
    const later = await line(closed, 5);
    const preview = await later.press('See what follows', { [label(later, 'DFE WEB 2')]: true });
    const done = await preview.press('Match');
    expect(card(done, 5)).toContain('Receipt from the funder DFE WEB 2');
    expect(await bank.unexplained()).toBe(0);
  });

  it('takes a payment back that the bank returned', async () => {
    // With one slip in the reference, so that nobody but a person can say it is that.
    const slip = lincs.reference.slice(0, -1) + ((Number(lincs.reference.at(-1)) + 1) % 10);
    const statement = await load(account.next({ amountPence: 25_000, remittance: `RETURNED ${slip}` }));
    expect(card(statement, 1)).toContain(`whose check digits are wrong: it is ${lincs.reference} with one slip`);
    const choose = statement.root.querySelector('#line-1 a[href*="payment_return"]')!.getAttribute('href')!;
    const preview = await ada.open(choose);
    expect(preview.text).toContain(`${lincs.reference} came back: its claims are funded again`);
    await preview.press('Match');
    expect(await bank.stateOf(lincs)).toEqual(['bounced', 'funded']);
    const { rows } = await service.admin.query<{ run_id: string }>('SELECT run_id FROM payment WHERE id = $1', [
      lincs.id,
    ]);
    expect((await ada.open(`/payments/${rows[0]!.run_id}/${lincs.id}`)).text).toContain('Came back');
    const lines = await (await ada.raw(`${statement.path}/lines.csv`)).text();
    expect(lines).toContain(`RETURNED ${slip}`);
  });
});
