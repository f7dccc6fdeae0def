import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Service } from '../support/service.js';
import { Claims, finance, manager, MTM, refusal, simpleBody, type Items } from './claims-support.js';
import { allocationDifferences, poolDifferences } from './claims-invariants.js';

interface Allocation {
  category: string;
  label: string;
  allottedDays: string;
  reservedDays: string;
  usedDays: string;
  drawnDays: string;
  leftDays: string;
  forecast: { runsOutOn: string | null; daysPerMonth: string | null; text: string };
}

let service: Service;
let claims: Claims;
beforeAll(async () => {
  service = await Service.start();
  claims = new Claims(service);
});
afterAll(() => service?.stop());

const move = (to: string, body: object, who: string = MTM.coordinator) =>
  service.post<Record<string, unknown>>(who, `/authorities/${to}/allocations/moves`, {
    programme: 'EIP2',
    category: 'practice_leader',
    days: '1',
    reason: 'Agreed with both',
    ...body,
  });

const allotted = async (authority: string, category = 'practice_leader'): Promise<string> => {
  const answer = await service.get<Items<Allocation>>(MTM.coordinator, `/authorities/${authority}/allocations`);
  return answer.body.items.find((item) => item.category === category)!.allottedDays;
};
const reserve = async (category = 'practice_leader'): Promise<string> => {
  const { rows } = await service.admin.query<{ days: string }>(
    `SELECT trim_scale(reserve_days)::text AS days FROM allocation_pool WHERE category = $1`,
    [category],
  );
  return rows[0]!.days;
};
const session = (authority: string, trainerDays: string) =>
  simpleBody(authority, {
    category: 'practice_leader',
    trainerDays,
    netPence: Math.round(Number(trainerDays) * 100_000),
  });

describe('moving days', () => {
  it('starts from 156 allotted and 4 in reserve of 160', async () => {
    expect(await reserve()).toBe('4');
    expect(await poolDifferences(service.admin)).toEqual([]);
  });

  it('from the reserve, from another authority, and back to the reserve', async () => {
    const first = await move('BRENT', { days: '1.5' });
    expect([first.status, first.body]).toMatchObject([201, { from: null, to: 'BRENT', days: '1.5' }]);
    expect([await allotted('BRENT'), await reserve()]).toEqual(['9.5', '2.5']);

    expect((await move('BRENT', { from: 'NORFOLK', days: '0.125' })).status).toBe(201);
    expect([await allotted('BRENT'), await allotted('NORFOLK')]).toEqual(['9.625', '27.875']);
    expect((await move('BRENT', { from: 'BRENT', to: 'NORFOLK', days: '0.125' })).status).toBe(201);
    expect([await allotted('BRENT'), await allotted('NORFOLK')]).toEqual(['9.5', '28']);

    const back = await move('BRENT', { to: 'RESERVE', days: '1.5' });
    expect([back.status, back.body]).toMatchObject([201, { from: 'BRENT', to: null, days: '1.5' }]);
    expect([await allotted('BRENT'), await reserve()]).toEqual(['8', '4']);
    expect(await poolDifferences(service.admin)).toEqual([]);
    expect(await allocationDifferences(service.admin)).toEqual([]);
  });

  it('never below what is drawn, and never a negative reserve', async () => {
    await claims.submitted(session('WOKINGHAM', '3.5'));
    const refused = await move('LINCS', { from: 'WOKINGHAM', days: '0.501' });
    expect(refusal(refused)).toEqual([422, 'allocation_not_enough_left']);
    expect(refused.body['detail']).toContain('0.5 days left');
    expect(refusal(await move('WOKINGHAM', { to: 'RESERVE', days: '1' }))).toEqual([422, 'allocation_not_enough_left']);
    expect(refusal(await move('LINCS', { days: '4.001' }))).toEqual([422, 'reserve_not_enough']);
    expect(refusal(await move('LINCS', { category: 'targeted', days: '0.001' }))).toEqual([422, 'reserve_not_enough']);
    expect((await move('LINCS', { from: 'WOKINGHAM', days: '0.5' })).status).toBe(201);
    expect((await move('WOKINGHAM', { from: 'LINCS', days: '0.5' })).status).toBe(201);
  });

  it('by the coordinator only', async () => {
    for (const who of [finance('BRENT'), manager('BRENT'), ...Object.values(MTM)]) {
      if (who === MTM.coordinator) continue;
      expect([who, ...refusal(await move('BRENT', {}, who))]).toEqual([who, 403, 'role_not_allowed']);
    }
    expect(refusal(await move('BRISTOL', {}, finance('BRENT')))).toEqual([404, 'not_found']);
    expect(await allotted('BRENT')).toBe('8');
  });

  it.each([
    ['from itself', { from: 'BRENT' }, 400],
    ['between two others', { from: 'NORFOLK', to: 'LINCS' }, 400],
    ['from the reserve to it', { from: 'RESERVE', to: 'RESERVE' }, 400],
    ['without a reason', { reason: '' }, 400],
    ['nothing', { days: '0' }, 400],
    ['less than nothing', { days: '-1' }, 400],
    ['a thousandth of a thousandth', { days: '0.0001' }, 400],
    ['a number', { days: 1 }, 400],
    ['with a field nobody knows', { force: true }, 400],
    ['from nobody', { from: 'NOWHERE' }, 404],
    ['to nobody', { from: 'BRENT', to: 'NOWHERE', days: '9999' }, 404],
    ['of another programme', { programme: 'OTHER' }, 404],
    ['of a category that is none', { category: 'travel' }, 404],
  ] as const)('not %s', async (_, body, status) => {
    expect((await move('BRENT', body)).status).toBe(status);
    expect(await allotted('BRENT')).toBe('8');
  });

  it('is in both authorities’ trails and in both lists, once', async () => {
    const reason = 'Two sessions fewer at Leicestershire';
    const made = await move('SUFFOLK', { from: 'LEICS', days: '1', reason });
    for (const code of ['SUFFOLK', 'LEICS']) {
      const trail = await service.get<Items<{ action: string; reason: string; subjectId: string; after: object }>>(
        finance(code),
        '/audit',
      );
      const entries = trail.body.items.filter((entry) => entry.reason === reason);
      expect(entries).toMatchObject([
        {
          action: 'allocation.moved',
          subjectId: made.body['id'],
          after: { category: 'practice_leader', from: 'LEICS', to: 'SUFFOLK', days: '1' },
        },
      ]);
      const list = await service.get<Items<object>>(finance(code), `/authorities/${code}/allocations/moves`);
      expect(list.body.items[0]).toEqual(made.body);
      const csv = await service.get(finance(code), `/authorities/${code}/allocations/moves`, { accept: 'text/csv' });
      expect(csv.text).toContain(reason);
    }
    expect((await service.get(finance('BRENT'), '/audit')).text).not.toContain(reason);
  });

  it('at once, beside submissions, keeps what is allotted and the reserve at the maximum', async () => {
    const codes = ['NORFOLK', 'LINCS', 'WSUSSEX'];
    const drafts = await Promise.all(
      codes.flatMap((code) => Array.from({ length: 4 }, () => claims.draft(session(code, '4')))),
    );
    const moves = Array.from({ length: 36 }, (_, at) => {
      const [to, from] = [codes[at % 3]!, codes[(at + 1 + (at % 2)) % 3]!];
      if (at % 4 === 0) return move(to, { days: '2' });
      if (at % 4 === 1) return move(to, { to: 'RESERVE', days: '2' });
      return move(to, { from, days: '3.5' });
    });
    const submissions = drafts.map(({ id, authority }) => claims.tryStep(finance(authority), id, 'submit'));
    const answers = await Promise.all([...moves, ...submissions]);
    for (const answer of answers) expect([200, 201, 422]).toContain(answer.status);
    expect(answers.filter(({ status }) => status === 201).length).toBeGreaterThan(0);
    expect(await poolDifferences(service.admin)).toEqual([]);
    expect(await allocationDifferences(service.admin)).toEqual([]);
  });
});

describe('what is left', () => {
  const read = async (authority: string) =>
    (await service.get<Items<Allocation>>(finance(authority), `/authorities/${authority}/allocations`)).body.items;

  it('counts what is reserved, used, released and forecast', async () => {
    const targeted = async () => (await read('TOWERHAM')).find(({ category }) => category === 'targeted')!;
    expect(await targeted()).toEqual({
      category: 'targeted',
      label: 'Targeted training',
      allottedDays: '10',
      reservedDays: '0',
      usedDays: '0',
      drawnDays: '0',
      leftDays: '10',
      forecast: { runsOutOn: null, daysPerMonth: null, text: 'No days have been drawn yet.' },
    });
    const days = (trainerDays: string) =>
      simpleBody('TOWERHAM', { trainerDays, netPence: Math.round(Number(trainerDays) * 100_000) });
    await claims.approved(days('2'));
    await claims.submitted(days('0.5'));
    const back = await claims.submitted(days('1'));
    expect(await targeted()).toMatchObject({ reservedDays: '1.5', usedDays: '2', drawnDays: '3.5', leftDays: '6.5' });
    await claims.step(MTM.finance, back.id, 'return', { reason: 'Not legible' });
    expect((await targeted()).forecast.text).toBe(
      'Too early to tell: the first days were drawn less than 30 days ago.',
    );
    // 2.5 days in 50: 1.5 in 30; 7.5 left last 150 days more.
    service.clock.set('2018-05-23T09:00:00.000Z');
    expect(await targeted()).toMatchObject({
      reservedDays: '0.5',
      usedDays: '2',
      leftDays: '7.5',
      forecast: { runsOutOn: '2018-10-20', daysPerMonth: '1.5' },
    });
    service.clock.set('2018-04-03T09:00:00.000Z');
  });

  it('is three categories, in pages, and as CSV', async () => {
    const all = await read('BRISTOL');
    expect(all.map(({ category }) => category)).toEqual(['coaching_qa', 'practice_leader', 'targeted']);
    const first = await service.get<Items<Allocation>>(MTM.auditor, '/authorities/BRISTOL/allocations?limit=2');
    expect(first.body.items).toEqual(all.slice(0, 2));
    const next = `/authorities/BRISTOL/allocations?limit=2&cursor=${first.body.nextCursor}`;
    expect((await service.get<Items<Allocation>>(MTM.auditor, next)).body).toEqual({
      items: all.slice(2),
      nextCursor: null,
    });
    const csv = await service.get(finance('BRISTOL'), '/authorities/BRISTOL/allocations', { accept: 'text/csv' });
    expect(csv.text.split('\r\n').slice(0, 2)).toEqual([
      'category,label,allottedDays,reservedDays,usedDays,drawnDays,leftDays,forecast.runsOutOn,forecast.text',
      expect.stringMatching(/^coaching_qa,.+,2,0,0,0,2,,No days have been drawn yet\.$/),
    ]);
  });
});

describe('bank details and address', () => {
  const account = (accountNumber: string) => ({
    accountName: 'London Borough of Brent',
    sortCode: '010203',
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
    await change({ ...account('55554321'), sortCode: '01-02-04' });
    const abroad = { accountName: 'London Borough of Brent', iban: 'GB94BARC10201530093459', bic: 'BARCGB22' };
    await change(abroad);

    const { rows } = await service.admin.query<{ version: number; kept: string }>(
      `SELECT version, concat_ws(' ', sort_code, account_number, iban, bic) AS kept FROM bank_details
        WHERE authority_code = 'BRENT' AND version >= $1 ORDER BY version`,
      [first.version],
    );
    expect(rows.map(({ kept }) => kept)).toEqual([
      '010203 55554321',
      '010204 55554321',
      'GB94BARC10201530093459 BARCGB22',
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
      after: { lastFour: '3459', fieldsChanged: ['sortCode', 'accountNumber', 'iban', 'bic'] },
    });
    expect(trail.text).not.toMatch(/010204|55554321|GB94BARC/);
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
      `SELECT model -> 'account' ->> 'lastFour' AS four, model::text AS model FROM claim_document
        WHERE claim_id = ANY ($1::uuid[]) ORDER BY id`,
      [[before.id, after.id]],
    );
    expect(rows[0]!.four).not.toBe('1234');
    expect(rows[1]!.four).toBe('1234');
    expect(rows.map(({ model }) => model).join()).not.toContain('98761234');
  });
});
