import { afterAll, beforeAll, expect, it, jest } from '@jest/globals';
import { Claims, finance, MTM, simpleBody } from '../integration/claims-support.js';
import { closeBrowser, describeBrowser, faultsOf, personAt } from '../support/browser.js';
import { Service } from '../support/service.js';

jest.setTimeout(120_000);

let service: Service;
/** What stands for `:claim`, `:user` and `:document` in the addresses below. */
const ids: Record<string, string> = {};
const [ADMIN, AUDITOR] = ['admin@mtm.example', 'auditor@mtm.example'];

beforeAll(async () => {
  service = await Service.start({ web: true });
  const claims = new Claims(service);
  ids['claim'] = (await claims.approved(simpleBody('BRENT'))).id;
  await claims.submitted(simpleBody('LINCS'));
  const { rows: documents } = await service.admin.query<{ id: string }>(
    `UPDATE document SET state = 'failed', attempts = 8, last_error = 'RangeError: a font is missing' RETURNING id`,
  );
  ids['document'] = documents[0]!.id;
  const user = await service.admin.query<{ id: string }>('SELECT id FROM user_account WHERE email = $1', [
    finance('BRENT'),
  ]);
  ids['user'] = user.rows[0]!.id;
});
afterAll(async () => {
  await closeBrowser();
  await service.stop();
});

/** Pages that each person can open from the navigation or by an address they were given. */
const LOOKED_AT: Readonly<Record<string, readonly string[]>> = {
  [finance('BRENT')]: [
    ...['/', '/claims', '/claims/:claim', '/claims/:claim/withdraw', '/nowhere'],
    ...['/allocations', '/allocations/BRENT/targeted', '/authorities/BRENT', '/authorities/BRENT/edit'],
    ...['/grants', '/grants/BRENT/edit', '/grants/BRENT/quarters/2018-Q1', '/grants/BRENT/entries'],
    ...['/grants/BRENT/entries/new', '/grants/BRENT/import'],
    ...['/bank-details', '/bank-details/BRENT/change', '/bank-details/BRENT/change?kind=abroad'],
  ],
  [MTM.finance]: [
    ...['/', '/claims', '/claims/:claim'],
    ...['/allocations', '/allocations?low=true&authority=BRENT', '/allocations/BRENT', '/allocations/moves'],
    ...['/grants', '/grants/BRENT', '/authorities', '/authorities/BRENT'],
    ...['/bank-details', '/bank-details/BRENT', '/bank-details/BRENT/confirm'],
  ],
  [MTM.coordinator]: [
    ...['/allocations', '/allocations/move', '/allocations/move/preview'],
    '/allocations/move/preview?category=targeted&from=LINCS&to=BRENT&days=9.5',
    '/allocations/move/preview?category=targeted&from=LINCS&to=BRENT&days=99',
  ],
  [ADMIN]: [
    ...['/account', '/users', '/users/new', '/users/:user', '/users/:user/edit', '/users/:user/deactivate'],
    ...['/users/:user/reset-second-factor', '/jobs', '/jobs/document/:document', '/audit/verify', '/help'],
  ],
  [AUDITOR]: [
    ...[
      '/account',
      '/users',
      '/users/:user',
      '/jobs',
      '/audit',
      '/audit?from=2018-02-30',
      '/audit/verify',
      '/programme',
    ],
    ...['/help', '/help/role/la_finance', '/help/accessibility', '/help/privacy'],
  ],
};

describeBrowser('every page', () => {
  for (const [email, paths] of Object.entries(LOOKED_AT)) {
    it(`is without barriers and without sideways scrolling for ${email}`, async () => {
      const { page } = await personAt(service.base, email);
      const faults: string[] = [];
      for (const path of paths) {
        await page.goto(path.replace(/:(\w+)/g, (_, what: string) => ids[what] ?? ''));
        faults.push(...(await faultsOf(page, path)));
      }
      expect(faults).toEqual([]);
      await page.context().close();
    });
  }
});
