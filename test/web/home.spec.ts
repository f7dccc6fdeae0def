import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { bodyWorth, Funding } from '../integration/funding-support.js';
import { finance, manager, MTM } from '../support/people.js';
import { Service } from '../support/service.js';
import { WebVisitor, type WebPage } from '../support/web.js';

jest.setTimeout(120_000);

let service: Service;
let funding: Funding;
beforeAll(async () => {
  service = await Service.start({ web: true });
  funding = new Funding(service);
});
afterAll(() => service?.stop());

const home = async (email: string): Promise<WebPage> => {
  const page = await new WebVisitor(service.base).signIn(email);
  expect([page.status, page.path]).toEqual([200, '/']);
  return page;
};
/** What waits, with how much of it. */
const tasks = (page: WebPage): Record<string, string> =>
  Object.fromEntries(
    page.root
      .querySelectorAll('.govuk-task-list__item')
      .map((item) => [
        item.querySelector('a')!.text.trim(),
        item.querySelector('.govuk-task-list__status')!.text.trim(),
      ]),
  );
const card = (page: WebPage, title: string): string =>
  page.root
    .querySelectorAll('.app-card')
    .find((one) => one.querySelector('h3')?.text === title)
    ?.text.replace(/\s+/g, ' ')
    .trim() ?? '';

describe('the home page', () => {
  it('says that nothing waits before anything has been done', async () => {
    const page = await home(finance('BRENT'));
    expect(page.heading).toMatch(/^Hello, /);
    expect(page.text).toContain('Nothing waits for you');
    expect(card(page, 'Claimed and not paid yet')).toContain('£0.00');
    expect(card(page, 'Last payment to you')).toContain('None yet');
    expect(page.text).toContain('There are no claims yet.');
    expect((await home(MTM.finance)).text).toContain('Nothing waits for you: nothing to review');
    expect((await home(MTM.admin)).text).toContain('No job has failed');
  });

  it('tells an authority what to do, what is left, what is owed and when', async () => {
    const [owed] = (await funding.queue(500_00)) as [string];
    const back = await funding.claims.submitted(bodyWorth('BRENT', 80_00));
    await funding.claims.step(MTM.finance, back.id, 'return', { reason: 'The invoice is missing' });
    await funding.claims.draft(bodyWorth('BRENT', 70_00));
    const page = await home(finance('BRENT'));
    const waiting = tasks(page);
    const correct = Object.keys(waiting).find((text) => text.startsWith('Correct '))!;
    expect(waiting[correct]).toBe('Returned');
    expect(Object.keys(waiting).some((text) => text.startsWith('Check and submit'))).toBe(true);
    expect(card(page, 'Claimed and not paid yet')).toContain('£500.00');
    expect(card(page, 'Money expected next')).toContain('Not known yet');
    expect(page.text).toContain('Days left of your allocation');
    expect(page.root.querySelectorAll('svg.app-chart').length).toBeGreaterThan(1);
    expect(page.text).toMatch(/9\.99\d days left of 10/);
    expect((await page.follow(correct)).path).toBe(`/claims/${back.id}`);
    expect((await funding.claims.read(MTM.finance, owed)).state).toBe('approved');
    // A project manager prepares, and does not submit; another authority hears nothing of it.
    const pm = await home(manager('BRENT'));
    expect(Object.keys(tasks(pm)).some((text) => text.startsWith('Check and complete'))).toBe(true);
    expect((await home(finance('BRISTOL'))).text).toContain('Nothing waits for you');
  });

  it('tells an authority when the money should come, once the funder’s usual time is known, and what came', async () => {
    const [paid] = (await funding.queue(30_00)) as [string];
    const request = await funding.submittedRequest({ claimIds: [paid] });
    service.clock.set('2018-04-24T09:00:00.000Z');
    service.signInAgain();
    const body = { ...funding.body(30_00, request.id), receivedOn: '2018-04-24' };
    const receipt = await service.post<{ id: string }>(MTM.finance, '/funding-receipts', body);
    await funding.confirm(receipt.body.id);
    const page = await home(manager('BRENT'));
    expect(card(page, 'Money expected next')).toContain('£500.00');
    expect(card(page, 'Money expected next')).toContain('in May 2018, the first of it about 15 May 2018');
  });

  it('tells MTM finance and its approvers each what waits for them, the most urgent first', async () => {
    const waiting = await funding.claims.submitted(bodyWorth('BRISTOL', 90_00));
    await funding.recorded(10_00);
    const page = await home(MTM.finance2);
    const mine = tasks(page);
    expect(mine['Review claims']).toBe('1');
    expect(mine['Confirm receipts that somebody else recorded']).toBe('1');
    expect(mine['Ask DfE for approved claims']).toBe('1');
    expect(mine['Put funded claims into a payment run']).toBe('1');
    expect(page.text).toContain(`The most urgent, ${waiting.invoiceNumber}, is to be paid by 23 June 2018`);
    expect(card(page, 'Submitted and not paid')).toContain('£620.00 3 claims; none overdue');
    // Whoever recorded it does not confirm it, and reviews or approves nothing that is another's to do.
    expect(tasks(await home(MTM.finance))['Confirm receipts that somebody else recorded']).toBeUndefined();
    const approver = tasks(await home(MTM.approver));
    expect(approver['Review claims']).toBeUndefined();
    await funding.claims.step(MTM.finance, waiting.id, 'review', {});
    expect(tasks(await home(MTM.approver))['Approve or reject reviewed claims']).toBe('1');
    service.clock.set('2018-07-01T09:00:00.000Z');
    service.signInAgain();
    const late = await home(MTM.approver);
    expect(late.text).toContain('was to be paid by 23 June 2018');
    expect(card(late, 'Submitted and not paid')).toContain('overdue');
  });

  it('tells of a prepared run, of bank details to confirm, and counts no longer what is done', async () => {
    const before = await service.get<{ version: number }>(finance('BRISTOL'), '/authorities/BRISTOL/bank-details');
    const account = { accountName: 'Bristol City Council', sortCode: '00-00-01', accountNumber: '11223344' };
    const entered = await service.call(finance('BRISTOL'), 'PUT', '/authorities/BRISTOL/bank-details', {
      body: account,
      headers: { 'if-match': before.headers.get('etag') ?? '*' },
    });
    expect([entered.status, entered.status === 200 ? '' : entered.text]).toEqual([200, '']);
    const told = await home(MTM.finance);
    expect(tasks(told)['Confirm bank details by telephone']).toBe('1');
    expect(told.text).toContain('BRISTOL: nothing is paid there until then');
    expect(tasks(await home(finance('BRISTOL')))['The account you are paid to is being checked']).toBe(
      'Waiting for MTM',
    );
    const run = await service.post(MTM.finance, '/payment-runs');
    expect([run.status, run.status === 201 ? '' : run.text]).toEqual([201, '']);
    expect(tasks(await home(MTM.finance))['Put funded claims into a payment run']).toBeUndefined();
    expect(tasks(await home(MTM.approver2))['Approve or cancel payment runs']).toBe('1');
  });

  it('shows the coordinator, the auditor and the administrator theirs', async () => {
    const coordinator = await home(MTM.coordinator);
    expect(coordinator.text).toContain('No allocation has less than a tenth of its days left.');
    await service.admin.query(
      `UPDATE allocation SET used_days = allotted_days - reserved_days - 0.5 WHERE authority_code = 'BRENT' AND category = 'targeted'`,
    );
    expect((await home(MTM.coordinator)).rows()[0]).toEqual(['BRENT', expect.any(String), '0.5 days of 10']);
    const auditor = await home(MTM.auditor);
    expect(auditor.text).toContain('You may read everything and change nothing.');
    expect(card(auditor, 'Failed jobs')).toContain('0 documents');
    expect(auditor.links().map(({ text }) => text)).toContain('Verify the audit trail');
    await service.admin.query(
      `UPDATE document SET state = 'failed', last_error = 'No space left', touched_at = '2018-07-01T08:00:00Z' WHERE id = (SELECT max(id::text)::uuid FROM document)`,
    );
    const admin = await home(MTM.admin);
    expect(tasks(admin)).toEqual({ 'Retry documents that could not be made': '1' });
    expect(admin.text).toContain('No space left');
    expect(admin.text).not.toContain('Submitted and not paid');
  });
});
