import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, it, jest } from '@jest/globals';
import { loadConfirmed } from '#programme';
import { UnitOfWork } from '#platform/database';
import { Claims, finance, MTM, simpleBody } from '../integration/claims-support.js';
import { Grants } from '../integration/grants-support.js';
import { closeBrowser, describeBrowser, faultsOf, personAt } from '../support/browser.js';
import { Service } from '../support/service.js';
import { Accounts } from '../web/accounts-support.js';
import { failedJobs } from '../web/failed-jobs.js';
import { faultsOfAll, type Places } from './look.js';
import { notLookedAt } from './looked-at.js';

jest.setTimeout(400_000);

let service: Service;
/** What stands for `:claim`, `:user` and the like in the addresses below. */
const ids: Record<string, string> = {};
const [ADMIN, AUDITOR] = ['admin@mtm.example', 'auditor@mtm.example'];

beforeAll(async () => {
  if (!process.env['TEST_CHROMIUM']) return;
  service = await Service.start({ web: true });
  await theClaims();
  await theRest();
});
afterAll(async () => {
  await closeBrowser();
  await service?.stop();
});

/** The id that a query finds. */
async function idBy(sql: string, ...parameters: string[]): Promise<string> {
  const { rows } = await service.admin.query<{ id: string }>(sql, parameters);
  return rows[0]!.id;
}

async function made(by: string, path: string, body: object): Promise<string> {
  const answer = await service.post<{ id: string }>(by, path, body);
  expect([path, answer.status]).toEqual([path, 201]);
  return answer.body.id;
}

async function theClaims(): Promise<void> {
  const claims = new Claims(service);
  const [approved, waits, back] = [
    await claims.approved(simpleBody('BRENT')),
    await claims.submitted(simpleBody('LINCS')),
    await claims.submitted(simpleBody('BRENT')),
  ];
  const reason = 'The invoice is missing. Without it nothing can be approved.';
  await claims.step(MTM.finance, back.id, 'return', { reason });
  await made(finance('BRENT'), `/claims/${approved.id}/messages`, { text: 'When is it paid?\nThe year ends soon.' });
  await made(MTM.finance, `/claims/${approved.id}/messages`, { text: 'As soon as DfE has paid us.' });
  ids['unsent'] = await failedJobs(service, 'failed');
  ids['unconfirmed'] = await failedJobs(service, 'unconfirmed');
  Object.assign(ids, { claim: approved.id, waits: waits.id, returned: back.id });
  ids['document'] = await idBy(`SELECT id FROM document WHERE state = 'failed' ORDER BY id LIMIT 1`);
  ids['failed'] = await idBy('SELECT claim_id AS id FROM document WHERE id = $1', ids['document']);
}

async function theRest(): Promise<void> {
  const moves = '/authorities/BRENT/allocations/moves';
  const move = { programme: 'EIP2', category: 'practice_leader', days: '1.5', reason: 'A ninth group' };
  ids['move'] = await made(MTM.coordinator, moves, move);
  const grants = new Grants(service);
  await grants.entry('BRENT');
  await grants.entry('BRENT', { amountPence: 2_000_000, description: 'Recruitment, advertised twice' });
  // Demo contacts are held from the start; what is entered comes after them.
  service.clock.set('2018-04-04T09:00:00.000Z');
  service.signInAgain();
  const accounts = new Accounts(service);
  const { user } = await accounts.member();
  ids['gone'] = user.id;
  await service.post(ADMIN!, `/users/${user.id}/deactivate`);
  ids['user'] = await idBy('SELECT id FROM user_account WHERE email = $1', finance('BRENT'));
}

const PREVIEW = '/allocations/move/preview?category=targeted&from=LINCS&to=BRENT';
const LOOKED_AT: Places = {
  [finance('BRENT')]: [
    ...['/claims', '/claims?state=rejected', '/claims?state=lost', '/claims/:claim', '/claims/:returned'],
    ...['/claims/:claim/timeline', '/claims/:claim/messages'],
    ...['/claims/:claim > Send the message', '/claims/:failed/withdraw'],
    ...['/search', '/search?q=Nobody', '/search?q=a+trainer', '/nowhere', '/users'],
    ...['/claims/:failed/documents/:document/pdf', '/allocations/BRENT', '/allocations/BRENT/targeted'],
    ...[
      '/authorities/BRENT',
      '/authorities/BRENT/edit',
      '/authorities/BRENT/edit > Save',
      '/grants/BRENT',
      '/grants/BRENT/edit',
    ],
    ...['/grants/BRENT/quarters/2018-Q1', '/grants/BRENT/entries', '/grants/BRENT/entries?quarter=2019-Q1'],
    ...['/grants/BRENT/entries/new > Record it', '/grants/BRENT/import > Import', '/bank-details/BRENT'],
    ...['/bank-details/BRENT/change > Save the account', '/bank-details/BRENT/change?kind=abroad'],
  ],
  [MTM.finance]: [
    ...['/claims', '/claims/:waits', '/allocations?low=true&authority=BRENT', '/allocations/moves', '/grants'],
    ...['/grants/WOKINGHAM', '/authorities', '/bank-details', '/bank-details/BRENT/confirm'],
  ],
  [MTM.coordinator]: [
    ...['/allocations', '/allocations/BRENT', '/allocations/moves/:move', '/allocations/moves/:move/undo'],
    ...['/allocations/move', '/allocations/move > See what it changes', `${PREVIEW}&days=9.5`, `${PREVIEW}&days=99`],
  ],
  [ADMIN!]: [
    ...['/users', '/users?active=false&role=auditor', '/users/new > Add the user', '/users/:user', '/users/:user/edit'],
    ...['/users/:user/deactivate', '/users/:user/reset-second-factor', '/users/:gone', '/jobs', '/audit/verify'],
    ...['/jobs/document/:document', '/jobs/delivery/:unsent', '/jobs/delivery/:unconfirmed', '/help'],
  ],
  [AUDITOR!]: [
    ...['/audit', '/audit?from=2018-02-30', '/audit?chain=NORFOLK&action=claim.paid', '/programme/EIP2'],
    ...['/help/role/la_finance', '/help/accessibility', '/help/privacy'],
  ],
};

describeBrowser('every page', () => {
  for (const [email, places] of Object.entries(LOOKED_AT)) {
    it(`is without barriers and without sideways scrolling for ${email}`, async () => {
      expect(await faultsOfAll(service, email, places, ids)).toEqual([]);
    });
  }

  it('is so with an account that waits for the call, and when it was recorded wrongly', async () => {
    const account = { accountName: 'London Borough', sortCode: '000001', accountNumber: '55554321' };
    const headers = { 'if-match': '*' };
    const to = '/authorities/BRENT/bank-details';
    const saved = await service.call(finance('BRENT'), 'PUT', to, { body: account, headers });
    expect([saved.status, saved.status === 200 ? '' : saved.text]).toEqual([200, '']);
    const places = ['/bank-details', '/bank-details/BRENT', '/bank-details/BRENT/confirm > They confirmed the account'];
    expect(await faultsOfAll(service, MTM.finance, places, ids)).toEqual([]);
  });

  it('is so with terms to come and more programmes than one', async () => {
    const read = (path: string) =>
      JSON.parse(readFileSync(new URL(path, import.meta.url), 'utf8')) as { terms: object[] };
    const accounts = new Accounts(service);
    const one = await accounts.create('MTM', ['administrator']);
    const people = { loadedBy: one.email, confirmedBy: ADMIN! };
    const file = read('../../seeds/eip2.json');
    const next = { ...file.terms[0], version: 2, inForceFrom: '2018-09-01' };
    const uow = service.app.get(UnitOfWork);
    await loadConfirmed(uow, { ...file, terms: [...file.terms, next] }, people);
    await loadConfirmed(uow, read('../fixtures/programmes/second.json'), people);
    expect(await faultsOfAll(service, AUDITOR!, ['/programme', '/programme/EIP2?version=2'], ids)).toEqual([]);
    // Which programme is meant has to be asked for now.
    expect(await faultsOfAll(service, MTM.finance, ['/funding'], ids)).toEqual([]);
  });

  it('is so when the service fails', async () => {
    const { page, context } = await personAt(service.base, MTM.finance);
    await service.admin.query('ALTER TABLE allocation_move RENAME TO gone');
    const answer = await page.goto('/allocations/moves');
    await service.admin.query('ALTER TABLE gone RENAME TO allocation_move');
    expect(answer?.status()).toBe(500);
    expect(await faultsOf(page, 'failure')).toEqual([]);
    await context.close();
  });

  it('was looked at', () => {
    expect(notLookedAt('pages')).toEqual([]);
  });
});
