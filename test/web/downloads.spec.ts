import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Adjustments } from '../integration/adjustments-support.js';
import { Claims, type Claim, finance, MTM, simpleBody } from '../integration/claims-support.js';
import { Service } from '../support/service.js';
import { tablesWithoutFile } from '../support/table-files.js';
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
      '/search?q=:number',
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
  '/queue',
  '/allocations/moves',
  '/funding/requests',
  '/funding/receipts',
  '/jobs',
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
      for (const path of paths) {
        const page = await visitor.open(path.replace(':claim', claim.id).replace(':number', claim.invoiceNumber!));
        if (page.status !== 200) broken.push(`${path}: ${page.status}`);
        for (const caption of await tablesWithoutFile(page.html, visitor))
          broken.push(`${caption} on ${path}: no file`);
        const offered = page.links().flatMap(({ href }) => (/\/download|\.csv/.test(href) ? [href] : []));
        const files = new Set([...offered, ...(EMPTY_HERE.has(path) ? [`${path}/download`] : [])]);
        if (files.size === 0) broken.push(`${path}: offers none`);
        for (const href of files) {
          const file = await visitor.raw(href);
          await file.arrayBuffer();
          const type = file.headers.get('content-type') ?? '';
          if (file.status !== 200 || !type.startsWith('text/csv')) broken.push(`${href} on ${path}: ${file.status}`);
        }
      }
      expect(broken).toEqual([]);
    });
  }

  it('are of one table each where a page has several, in figures, for whoever may see the page', async () => {
    const visitor = new WebVisitor(service.base);
    await visitor.signIn(finance('BRENT'));
    const file = await visitor.raw(`/claims/${claim.id}?part=1&table=categories`);
    expect(file.headers.get('content-disposition')).toBe('attachment; filename="categories.csv"');
    const [head, row, ...rest] = (await file.text()).split('\r\n');
    expect(head).toBe('code,label,days,netPence,eligiblePence,reimbursementPence');
    expect(row).toMatch(/^\w+,[^,]+,[\d.]*,\d+,\d+,\d+$/);
    expect(rest).toEqual(['']);
    expect((await visitor.raw(`/claims/${claim.id}?table=others`)).status).toBe(404);
    const stranger = new WebVisitor(service.base);
    await stranger.signIn(finance('LINCS'));
    expect((await stranger.raw(`/claims/${claim.id}?table=categories`)).status).toBe(404);
  });

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

  it('hold all of a list of which the page shows the beginning, and the page says so', async () => {
    const adjustments = new Adjustments(service);
    const of = await adjustments.claims.approved(simpleBody('NORFOLK', { trainerDays: '0.01', netPence: 1_000 }));
    const lineId = of.trainerInvoices[0]!.lines[0]!.id;
    let pence = 0;
    for (let netPence = 600; netPence > 600 - 26 * 4; netPence -= 4) {
      pence += (await adjustments.approved(of.id, [{ lineId, netPence }])).amountPence;
    }
    const visitor = new WebVisitor(service.base);
    await visitor.signIn(finance('NORFOLK'));
    const page = await visitor.open('/payments-to-us');
    expect(page.text).toContain('These are the newest. Download what is to be taken off as CSV');
    const owed = async () =>
      (await (await visitor.raw('/payments-to-us/owed.csv')).text()).trim().split('\r\n').length - 1;
    expect(await owed()).toBe(26);
    // What a payment takes is not to be taken any more: all but the newest, of two pence.
    await adjustments.funding.received(10_000_000);
    await adjustments.prepared(await adjustments.funded('NORFOLK', pence - 2));
    expect(await owed()).toBe(1);
    expect((await visitor.open('/payments-to-us')).text).not.toContain('These are the newest');
  });
});
