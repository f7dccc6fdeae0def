import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Service } from '../support/service.js';
import { Claims, finance, MTM, refusal, simpleBody, type Items } from './claims-support.js';

let service: Service;
let claims: Claims;
beforeAll(async () => {
  service = await Service.start();
  claims = new Claims(service);
});
afterAll(() => service?.stop());

describe('bank details and address', () => {
  const account = (accountNumber: string) => ({
    accountName: 'London Borough of Brent',
    sortCode: '000001',
    accountNumber,
  });
  const put = (path: string, body: unknown, etag: string) =>
    service.call<{ lastFour: string; version: number }>(finance('BRENT'), 'PUT', path, {
      body,
      headers: { 'if-match': etag },
    });

  it('let one of several writers at once through', async () => {
    const answers = await Promise.all(
      ['11111111', '22222222', '33333333', '44444444'].map((number) =>
        put('/authorities/BRENT/bank-details', account(number), '"b1"'),
      ),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 412, 412, 412]);
    const written = answers.find(({ status }) => status === 200)!.body;
    const now = await service.get<{ bankDetails: object }>(finance('BRENT'), '/authorities/BRENT');
    expect(now.body.bankDetails).toEqual(written);
    const address = { legalName: 'London Borough of Brent', addressLines: ['1 Way'], postcode: 'HA9 0ZZ' };
    const addresses = await Promise.all([1, 2, 3].map(() => put('/authorities/BRENT', address, '"v1"')));
    expect(addresses.map(({ status }) => status).sort()).toEqual([200, 412, 412]);
  });

  it('keep every account, and say in the trail which parts changed, also when the last four digits stay', async () => {
    const path = '/authorities/BRENT/bank-details';
    const change = async (body: object) => {
      const { headers } = await service.get(finance('BRENT'), path);
      const answer = await put(path, body, headers.get('etag')!);
      expect([answer.status, answer.headers.get('etag')]).toEqual([200, `"b${answer.body.version}"`]);
      return answer.body;
    };
    const first = await change(account('55554321'));
    await change({ ...account('55554321'), sortCode: '00-00-02' });
    const abroad = { accountName: 'London Borough of Brent', iban: 'DE89370400440532013000', bic: 'COBADEFF' };
    await change(abroad);

    const { rows } = await service.admin.query<{ version: number; kept: string }>(
      `SELECT version, concat_ws(' ', sort_code, account_number, iban, bic) AS kept FROM bank_details
        WHERE authority_code = 'BRENT' AND version >= $1 ORDER BY version`,
      [first.version],
    );
    expect(rows.map(({ kept }) => kept)).toEqual([
      '000001 55554321',
      '000002 55554321',
      'DE89370400440532013000 COBADEFF',
    ]);
    const trail = await service.get<Items<{ action: string; before: object; after: object }>>(
      MTM.auditor,
      '/audit?chain=BRENT',
    );
    const [toIban, toSortCode] = trail.body.items.filter(({ action }) => action.includes('bank_details'));
    const version = first.version + 1;
    expect(toSortCode).toMatchObject({
      before: { version: first.version, lastFour: '4321' },
      after: { version, lastFour: '4321', fieldsChanged: ['sortCode'] },
    });
    expect(toIban).toMatchObject({
      before: { version, lastFour: '4321' },
      after: { lastFour: '3000', fieldsChanged: ['sortCode', 'accountNumber', 'iban', 'bic'] },
    });
    expect(trail.text).not.toMatch(/000002|55554321|DE893704/);
  });

  it('never change an account that was entered', async () => {
    for (const sql of [`UPDATE bank_details SET account_name = 'x'`, 'DELETE FROM bank_details']) {
      const asRole = `SET LOCAL role = claims_app; SET LOCAL app.authority = '*'; ${sql}`;
      await expect(service.admin.query(asRole)).rejects.toMatchObject({ code: '42501' });
      await expect(service.admin.query(sql)).rejects.toMatchObject({ code: '23001' });
    }
  });

  it('have ETags of their own: the address’s is stale for the account, and the other way round', async () => {
    const [address, bank] = ['/authorities/BRISTOL', '/authorities/BRISTOL/bank-details'];
    const etag = async (path: string) => (await service.get(finance('BRISTOL'), path)).headers.get('etag')!;
    expect([await etag(address), await etag(bank)]).toEqual(['"v1"', '"b1"']);
    const replace = (path: string, body: object, ifMatch: string) =>
      service.call(finance('BRISTOL'), 'PUT', path, { body, headers: { 'if-match': ifMatch } });
    expect(refusal(await replace(bank, account('12345678'), '"v1"'))).toEqual([412, 'version_stale']);
    const sender = { legalName: 'Bristol City Council', addressLines: ['1 Way'], postcode: 'BS1 0ZZ' };
    expect(refusal(await replace(address, sender, '"b1"'))).toEqual([412, 'version_stale']);
    expect((await replace(bank, account('12345678'), '"b1"')).status).toBe(200);
  });

  it.each([
    ['its check digits', 'GB49BARC10201530093459', 'iban_invalid'],
    ['its length for the country', 'DE8937040044053201300', 'iban_invalid'],
    ['its country', 'XX89370400440532013000', 'iban_invalid'],
    ['its form', 'GB94 BARC 1020 1530 0934 59', 'wrong_form'],
  ])('refuse an IBAN by %s', async (_, iban, code) => {
    const body = { accountName: 'Brent', iban, bic: 'BARCGB22' };
    const answer = await put('/authorities/BRENT/bank-details', body, '"b1"');
    expect([...refusal(answer)]).toEqual([400, 'malformed', code]);
  });

  it('are on invoices issued from then on, the account by its last four digits', async () => {
    const before = await claims.submitted(simpleBody('BRENT'));
    const now = await service.get(finance('BRENT'), '/authorities/BRENT/bank-details');
    const etag = now.headers.get('etag')!;
    expect((await put('/authorities/BRENT/bank-details', account('98761234'), etag)).status).toBe(200);
    const after = await claims.submitted(simpleBody('BRENT'));
    const { rows } = await service.admin.query<{ four: string; model: string }>(
      `SELECT model -> 'account' ->> 'lastFour' AS four, model::text AS model FROM document
        WHERE claim_id = ANY ($1::uuid[]) ORDER BY id`,
      [[before.id, after.id]],
    );
    expect(rows[0]!.four).not.toBe('1234');
    expect(rows[1]!.four).toBe('1234');
    expect(rows.map(({ model }) => model).join()).not.toContain('98761234');
  });
});
