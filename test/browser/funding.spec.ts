import { afterAll, beforeAll, expect, it, jest } from '@jest/globals';
import { bodyWorth, Funding } from '../integration/funding-support.js';
import { closeBrowser, describeBrowser, faultsOf, personAt } from '../support/browser.js';
import { finance, manager, MTM } from '../support/people.js';
import { Service } from '../support/service.js';

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
  ids[':draft'] = (await funding.draftRequest({ claimIds: [b] })).id;
  ids[':request'] = asked.id;
  ids[':receipt'] = (await funding.recorded(500_00)).id;
  ids[':confirmed'] = (await funding.received(12_00)).id;
  const back = await funding.claims.submitted(bodyWorth('BRENT', 80_00));
  await funding.claims.step(MTM.finance, back.id, 'return', { reason: 'The invoice is missing' });
  await funding.claims.submitted(bodyWorth('BRENT', 90_00));
});
afterAll(async () => {
  await closeBrowser();
  await service?.stop();
});

const REPORTS = ['/reports', '/reports/ageing', '/reports/payment-times', '/reports/cash', '/reports/statement'];
const PREVIEW = 'amount=900&receivedOn-day=2&receivedOn-month=4&receivedOn-year=2018&bankReference=DFE+3';
const LOOKED_AT: Readonly<Record<string, readonly string[]>> = {
  [finance('BRENT')]: ['/', '/funding/queue', ...REPORTS],
  [manager('BRENT')]: ['/'],
  [MTM.finance]: [
    ...['/', '/funding', '/funding/queue', '/funding/queue?state=lost', '/funding/requests', '/funding/requests/new'],
    ...['/funding/requests/choose', '/funding/requests/preview', '/funding/requests/preview?which=hand'],
    ...['/funding/requests/:draft', '/funding/requests/:draft/submit', '/funding/requests/:draft/cancel'],
    ...['/funding/requests/:request', '/funding/receipts', '/funding/receipts/new', '/funding/receipts/preview'],
    ...[`/funding/receipts/preview?${PREVIEW}`, '/funding/receipts/:receipt', '/funding/receipts/:receipt/confirm'],
    ...['/funding/receipts/:confirmed', '/funding/receipts/:confirmed/reverse'],
    ...[...REPORTS, '/reports/statement?authority=BRENT', '/reports/accruals', '/reports/trial-balance'],
    '/reports/payment-times?from=May',
  ],
  [MTM.finance2]: ['/', '/funding/receipts/:receipt/confirm'],
  [MTM.approver]: ['/'],
  [MTM.coordinator]: ['/'],
  [MTM.auditor]: ['/', '/funding', '/funding/receipts/:receipt'],
  [MTM.admin]: ['/'],
};

describeBrowser('funding, reports and the home page in a browser', () => {
  for (const [email, paths] of Object.entries(LOOKED_AT)) {
    it(`are without barriers and without sideways scrolling for ${email}`, async () => {
      const { page } = await personAt(service.base, email);
      const faults: string[] = [];
      for (const path of paths) {
        await page.goto(path.replace(/:[a-z]+/, (name) => ids[name] ?? name));
        faults.push(...(await faultsOf(page, `${path} for ${email}`)));
      }
      expect(faults).toEqual([]);
      await page.context().close();
    });
  }
});
