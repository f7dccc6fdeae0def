import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Claims, type Claim, finance, MTM, simpleBody } from '../integration/claims-support.js';
import { Service } from '../support/service.js';
import { WebVisitor } from '../support/web.js';

/** Every page with a list, by who reads it. */
const LISTS: readonly (readonly [email: string, paths: readonly string[]])[] = [
  [
    MTM.finance,
    [
      ...[
        '/claims',
        '/queue',
        '/adjustments',
        '/allocations',
        '/allocations/moves',
        '/grants',
        '/bank-details',
        '/authorities',
      ],
      ...['/funding', '/funding/requests', '/funding/receipts', '/funding/queue', '/reports/ageing', '/audit'],
      '/funding/requests/preview?which=all',
      '/funding/receipts/preview?amount=1&receivedOn-day=2&receivedOn-month=4&receivedOn-year=2018&bankReference=D1',
      ...['/payments', '/payments/all', '/bank', '/bank/reports', '/bank/mappings', '/assurance', '/assurance/asked'],
      '/reports/warnings',
    ],
  ],
  [
    finance('BRENT'),
    [
      '/claims',
      '/claims/:claim',
      '/search?q=500.00',
      '/claim-imports',
      '/payments-to-us',
      '/reports/ageing',
      '/allocations',
      '/grants',
      '/assurance/asked',
    ],
  ],
  [MTM.admin, ['/users', '/jobs']],
];

/** Lists that are empty here, and offer nothing yet: their file is where listLinks() says. */
const EMPTY_HERE = new Set([
  '/payments',
  '/payments/all',
  '/bank',
  '/bank/reports',
  '/bank/mappings',
  '/payments-to-us',
  '/reports/warnings',
]);

let service: Service;
let claim: Claim;
beforeAll(async () => {
  service = await Service.start({ web: true });
  claim = await new Claims(service).approved(simpleBody('BRENT'));
});
afterAll(() => service?.stop());

describe('the downloads of pages', () => {
  for (const [email, paths] of LISTS) {
    it(`lead somewhere, wherever a page offers one to ${email}`, async () => {
      const visitor = new WebVisitor(service.base);
      await visitor.signIn(email);
      const broken: string[] = [];
      let followed = 0;
      for (const path of paths) {
        const page = await visitor.open(path.replace(':claim', claim.id));
        if (page.status !== 200) broken.push(`${path}: ${page.status}`);
        const offered = page.links().flatMap(({ href }) => (/\/download|\.csv/.test(href) ? [href] : []));
        for (const href of new Set([...offered, ...(EMPTY_HERE.has(path) ? [`${path}/download`] : [])])) {
          followed++;
          const file = await visitor.raw(href);
          await file.arrayBuffer();
          const type = file.headers.get('content-type') ?? '';
          if (file.status !== 200 || !type.startsWith('text/csv')) broken.push(`${href} on ${path}: ${file.status}`);
        }
      }
      expect(broken).toEqual([]);
      expect(followed).toBeGreaterThan(0);
    });
  }

  it('hold what the page shows: a claim’s lines a row each, and what a search found', async () => {
    const visitor = new WebVisitor(service.base);
    await visitor.signIn(finance('BRENT'));
    const lines = await (await visitor.raw(`/claims/${claim.id}/lines.csv`)).text();
    const { number, lines: of } = claim.trainerInvoices[0]!;
    expect(lines.trim().split('\r\n')).toHaveLength(1 + of.length);
    expect(lines).toContain(`,${number},`);
    const found = await (await visitor.raw(`/search/download?q=${claim.invoiceNumber}`)).text();
    expect(found.trim().split('\r\n')[1]).toContain(`${claim.invoiceNumber},BRENT,approved,`);
    const nothing = await (await visitor.raw('/search/download?q=LINCS')).text();
    expect(nothing.trim().split('\r\n')).toHaveLength(1);
  });
});
