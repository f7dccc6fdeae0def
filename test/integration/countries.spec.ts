import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { DomainError } from '#kernel';
import { UnitOfWork } from '#platform/database';
import { loadProgramme } from '#programme';
import { importTemplate } from '../../libs/claims/imports/import-columns.js';
import { Service, type Reply } from '../support/service.js';
import { Claims, finance, simpleBody, type ProblemBody } from './claims-support.js';

const BRENT = finance('BRENT');
const ANY = { 'if-match': '*' };
let service: Service;
let claims: Claims;
beforeAll(async () => {
  service = await Service.start();
  claims = new Claims(service);
});
afterAll(() => service?.stop());

/** Reserved, for users, unassigned, withdrawn, and Kosovo's, which is not of ISO 3166-1. */
const UNASSIGNED = ['UK', 'XX', 'ZZ', 'EU', 'SU', 'XK'];

const problems = (answer: Reply<unknown>) => (answer.body as ProblemBody).errors;
const from = (country: string) => {
  const body = simpleBody('BRENT', { vatRate: '0', vatPence: 0 });
  body.trainerInvoices[0]!.trainer = { name: 'A Trainer', country };
  return body;
};

describe('a country', () => {
  it.each(UNASSIGNED)('of a trainer is not %s', async (code) => {
    const draft = await claims.draft(from('FR'));
    const answers = [
      await service.post(BRENT, '/claims', from(code)),
      await service.post(BRENT, '/calculations', from(code)),
      await service.call(BRENT, 'PUT', `/claims/${draft.id}`, { body: from(code), headers: ANY }),
    ];
    for (const answer of answers) {
      expect([answer.status, problems(answer)]).toEqual([
        400,
        [
          {
            path: 'trainerInvoices[0].trainer.country',
            code: 'country_unknown',
            message: expect.stringContaining('GB'),
          },
        ],
      ]);
    }
  });

  it('is GB where somebody writes UK, and the answer says so', async () => {
    const [uk] = problems(await service.post(BRENT, '/calculations', from('UK')));
    const [other] = problems(await service.post(BRENT, '/calculations', from('XX')));
    expect(uk!.message).toMatch(/^Use GB/);
    expect(other!.message).not.toMatch(/^Use GB/);
  });

  it('of a trainer is any that is assigned, in capitals', async () => {
    for (const code of ['GB', 'IM', 'IE', 'AU', 'SS', 'AX']) {
      const answer = await service.post(BRENT, '/calculations', from(code));
      expect([code, answer.status]).toEqual([code, 200]);
    }
    expect(problems(await service.post(BRENT, '/calculations', from('gb')))).toMatchObject([{ code: 'wrong_form' }]);
  });

  it('is told by row and column of an import', async () => {
    const file = importTemplate().replace(',GB,', ',UK,');
    const headers = { 'content-type': 'text/csv' };
    const answer = await service.post(BRENT, '/claim-imports', file, headers);
    expect([answer.status, problems(answer)]).toMatchObject([
      422,
      [{ path: 'row 2, country', code: 'country_unknown', message: expect.stringMatching(/^Use GB/) }],
    ]);
  });

  it.each([
    ['BARCUK22', /use GB/],
    ['BARCXX22XXX', /no country/],
    ['BARCZZ22', /no country/],
  ])('is in a BIC: not in %s', async (bic, message) => {
    const body = { accountName: 'Brent', iban: 'GB94BARC10201530093459', bic };
    const answer = await service.call(BRENT, 'PUT', '/authorities/BRENT/bank-details', { body, headers: ANY });
    expect([answer.status, problems(answer)]).toEqual([
      400,
      [{ path: 'bic', code: 'bic_invalid', message: expect.stringMatching(message) }],
    ]);
  });

  it('is in an IBAN: GB, not UK', async () => {
    const body = { accountName: 'Brent', iban: 'UK94BARC10201530093459', bic: 'BARCGB22' };
    const answer = await service.call(BRENT, 'PUT', '/authorities/BRENT/bank-details', { body, headers: ANY });
    expect([answer.status, problems(answer)]).toEqual([
      400,
      [{ path: 'iban', code: 'iban_invalid', message: expect.stringMatching(/use GB/) }],
    ]);
  });

  it('is in a BIC: of Kosovo’s banks XK', async () => {
    const body = { accountName: 'Brent', iban: 'XK051212012345678906', bic: 'NCBVXKPR' };
    const answer = await service.call(BRENT, 'PUT', '/authorities/BRENT/bank-details', { body, headers: ANY });
    expect([answer.status, answer.body]).toMatchObject([200, { lastFour: '8906' }]);
  });

  it('of a payer and of authorities is checked when their programme is loaded, every one named', async () => {
    const fixture = new URL('../fixtures/programmes/second.json', import.meta.url);
    const file = JSON.parse(readFileSync(fixture, 'utf8')) as {
      terms: { payer: { country: string } }[];
      authorities: { country?: string }[];
    };
    file.terms[1]!.payer.country = 'ZZ';
    file.authorities[0]!.country = 'UK';
    const refused = await loadProgramme(service.app.get(UnitOfWork), file).then(
      () => null,
      (thrown: unknown) => thrown as DomainError,
    );
    expect(refused).toMatchObject({ kind: 'malformed', code: 'terms_invalid' });
    expect(refused!.problems.map(({ path, code }) => `${path}: ${code}`)).toEqual([
      'terms[1].payer.country: country_unknown',
      'authorities[0].country: country_unknown',
    ]);
    expect(refused!.message).toMatch(/authorities\[0\]\.country: Use GB/);
  });
});
