import { afterAll, beforeAll, expect, it, jest } from '@jest/globals';
import { bodyWorth, Funding } from '../integration/funding-support.js';
import { closeBrowser, describeBrowser } from '../support/browser.js';
import { finance, manager, MTM } from '../support/people.js';
import { Service } from '../support/service.js';
import { faultsOfAll, type Places } from './look.js';
import { notLookedAt } from './looked-at.js';

jest.setTimeout(300_000);

let service: Service;
/** What stands for an id in an address. */
const ids: Record<string, string> = {};

beforeAll(async () => {
  if (!process.env['TEST_CHROMIUM']) return;
  service = await Service.start({ web: true });
  const funding = new Funding(service);
  const [a, b] = (await funding.queue(1000_00, 2345_67, 150_00)) as [string, string];
  await funding.approved(800_00, 'BRISTOL');
  const asked = await funding.submittedRequest({ claimIds: [a] });
  await funding.received(1000_00, asked.id);
  ids['draft'] = (await funding.draftRequest({ claimIds: [b] })).id;
  ids['request'] = asked.id;
  ids['receipt'] = (await funding.recorded(500_00)).id;
  ids['confirmed'] = (await funding.received(12_00)).id;
  const back = await funding.claims.submitted(bodyWorth('BRENT', 80_00));
  await funding.claims.step(MTM.finance, back.id, 'return', { reason: 'The invoice is missing' });
  await funding.claims.submitted(bodyWorth('BRENT', 90_00));
});
afterAll(async () => {
  await closeBrowser();
  await service?.stop();
});

const REPORTS = ['/reports', '/reports/ageing', '/reports/payment-times', '/reports/cash'];
const PREVIEW = 'amount=900&receivedOn-day=2&receivedOn-month=4&receivedOn-year=2018&bankReference=DFE+3';
/** Everybody's home page; what an authority sees, and MTM's finance with more in it. */
const LOOKED_AT: Places = {
  [finance('BRENT')]: ['/', '/funding/queue', '/reports/cash', '/reports/statement'],
  [manager('BRENT')]: ['/'],
  [MTM.finance]: [
    ...['/', '/funding', '/funding/queue', '/funding/queue?state=lost', '/funding/requests', '/funding/requests/new'],
    ...['/funding/requests/choose', '/funding/requests/choose?authority=NORFOLK'],
    ...['/funding/requests/choose > See what it comes to', '/funding/requests/preview?which=all'],
    ...['/funding/requests/:draft', '/funding/requests/:draft/submit'],
    ...['/funding/requests/:draft/cancel > Cancel the draft', '/funding/requests/:request', '/funding/receipts'],
    ...[
      '/funding/receipts/new',
      '/funding/receipts/new > See what it would fund',
      `/funding/receipts/preview?${PREVIEW}`,
    ],
    ...['/funding/receipts/:receipt', '/funding/receipts/:receipt/confirm'],
    ...['/funding/receipts/:confirmed', '/funding/receipts/:confirmed/reverse'],
    ...[...REPORTS, '/reports/statement', '/reports/statement?authority=BRENT', '/reports/accruals'],
    ...['/reports/warnings', '/reports/warnings?level=old'],
    ...['/reports/trial-balance', '/reports/payment-times?from=May', '/reports/ageing?authority=SUFFOLK'],
    ...['/reports/ageing/claims', '/reports/ageing/claims?band=overdue'],
  ],
  [MTM.finance2]: ['/funding/receipts/:receipt/confirm > Confirm the receipt'],
  [MTM.approver]: ['/'],
  [MTM.coordinator]: ['/'],
  [MTM.auditor]: ['/'],
  [MTM.admin]: ['/'],
};

describeBrowser('funding, reports and the home page in a browser', () => {
  for (const [email, places] of Object.entries(LOOKED_AT)) {
    it(`are without barriers and without sideways scrolling for ${email}`, async () => {
      expect(await faultsOfAll(service, email, places, ids)).toEqual([]);
    });
  }

  it('were looked at', () => {
    expect(notLookedAt('funding')).toEqual([]);
  });
});
