import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Service } from '../support/service.js';
import { finance, MTM, refusal } from './claims-support.js';

let service: Service;
beforeAll(async () => {
  service = await Service.start();
  service.clock.set('2018-04-04T09:00:00.000Z');
});
afterAll(() => service?.stop());

const call = { calledNumber: '020 7946 0991', spokeTo: 'Head of exchequer services' };
const DIFFERS = [422, 'bank_details_read_back_differs', 'bank_details_read_back_differs'];

async function enter(code: string, numbers: object): Promise<void> {
  const path = `/authorities/${code}/bank-details`;
  const before = await service.get(finance(code), path);
  const answer = await service.call(finance(code), 'PUT', path, {
    body: { accountName: 'Some authority', ...numbers },
    headers: { 'if-match': before.headers.get('etag')! },
  });
  expect([answer.status, answer.status === 200 ? '' : answer.text]).toEqual([200, '']);
}

const confirm = (code: string, readBack?: object, more: object = {}, headers: Record<string, string> = {}) =>
  service.post<{ confirmedAt: string | null }>(
    MTM.finance,
    `/authorities/${code}/bank-details/confirm`,
    { ...call, ...(readBack === undefined ? {} : { readBack }), ...more },
    headers,
  );

async function trail(code: string) {
  const { rows } = await service.admin.query<{ action: string; before: unknown; after: unknown }>(
    `SELECT action, before, after FROM audit_entry
      WHERE chain = $1 AND (action LIKE 'authority.bank_details_read%' OR action = 'authority.bank_details_confirmed') ORDER BY seq`,
    [code],
  );
  return rows.slice(1);
}

describe('what was read out in the call', () => {
  it('confirms the account when it is the one entered, however it is grouped, and the trail says so', async () => {
    await enter('BRENT', { sortCode: '00-00-01', accountNumber: '55554321' });
    const answer = await confirm('BRENT', { sortCode: '00 00 01', accountNumber: '5555-4321' });
    expect([answer.status, answer.body.confirmedAt]).toEqual([200, '2018-04-04T09:00:00.000Z']);
    expect(await trail('BRENT')).toEqual([
      {
        action: 'authority.bank_details_confirmed',
        before: null,
        after: { version: 2, lastFour: '4321', readBack: 'agreed' },
      },
    ]);
    await enter('NORFOLK', { iban: 'DE89370400440532013000', bic: 'COBADEFFXXX' });
    expect((await confirm('NORFOLK', { iban: 'DE89 3704 0044 0532 0130 00', bic: 'cobadeff' })).status).toBe(200);
  });

  it('is refused, whichever digit differs, and says nothing of which', async () => {
    await enter('LINCS', { sortCode: '00-00-01', accountNumber: '66661111' });
    const others = [
      { sortCode: '00-00-02', accountNumber: '66661111' },
      { sortCode: '90-00-01', accountNumber: '66661111' },
      { sortCode: '00-00-01', accountNumber: '76661111' },
      { sortCode: '00-00-01', accountNumber: '66661112' },
      { iban: 'DE89370400440532013000', bic: 'COBADEFF' },
    ];
    const told = new Set<string>();
    for (const other of others) {
      const answer = await confirm('LINCS', other);
      expect(refusal(answer)).toEqual(DIFFERS);
      const { detail, errors } = answer.body as unknown as { detail: string; errors: unknown };
      told.add(JSON.stringify([detail, errors]));
    }
    expect(told.size).toBe(1);
    expect([...told][0]).toContain('Ring the authority again');
    expect([...told][0]).not.toMatch(/\d{4}/);
    const after = { version: 2, lastFour: '1111' };
    const differed = { action: 'authority.bank_details_read_back_differed', before: null, after };
    expect(await trail('LINCS')).toEqual(others.map(() => differed));
    const { body } = await service.get<{ confirmedAt: string | null }>(MTM.finance, '/authorities/LINCS/bank-details');
    expect(body.confirmedAt).toBeNull();
  });

  it('differs when digits of an IBAN were swapped, though no bank gives such a one', async () => {
    await enter('BRISTOL', { iban: 'NL91ABNA0417164300', bic: 'ABNANL2A' });
    expect(refusal(await confirm('BRISTOL', { iban: 'NL91ABNA0417163400', bic: 'ABNANL2A' }))).toEqual(DIFFERS);
  });

  it('is compared anew under the same Idempotency-Key, which keeps no refusal', async () => {
    await enter('LEICS', { sortCode: '00-00-01', accountNumber: '77771111' });
    const key = { 'idempotency-key': 'ring-leics' };
    const wrong = { sortCode: '00-00-01', accountNumber: '77771112' };
    for (let i = 0; i < 2; i++) expect(refusal(await confirm('LEICS', wrong, {}, key))).toEqual(DIFFERS);
    const { rows } = await service.admin.query(`SELECT 1 FROM idempotency_key WHERE key = 'ring-leics'`);
    expect(rows).toEqual([]);
    expect((await confirm('LEICS', { ...wrong, accountNumber: '77771111' }, {}, key)).status).toBe(200);
  });

  it('does not help a call to a number that was not held before, and may be left out', async () => {
    await enter('WSUSSEX', { sortCode: '00-00-01', accountNumber: '88881111' });
    const right = { sortCode: '000001', accountNumber: '88881111' };
    expect(refusal(await confirm('WSUSSEX', right, { calledNumber: '01632 960 000' }))).toEqual([
      ...[422, 'number_not_held_before', 'number_not_held_before'],
    ]);
    expect((await confirm('WSUSSEX')).status).toBe(200);
    expect((await trail('WSUSSEX')).map(({ after }) => after)).toEqual([{ version: 2, lastFour: '1111' }]);
  });

  it('is malformed when it is a part of an account, or none', async () => {
    for (const part of [{}, { sortCode: '000001' }, { sortCode: '000001', iban: 'NL91ABNA0417164300' }, { pin: '1' }]) {
      expect([part, (await confirm('WOKINGHAM', part)).status]).toEqual([part, 400]);
    }
    for (const sortCode of ['00000', '0000011', '--', '00.00.01', '']) {
      const answer = await confirm('WOKINGHAM', { sortCode, accountNumber: '88881111' });
      expect([sortCode, answer.status]).toEqual([sortCode, 400]);
    }
  });

  it('is kept nowhere, right or wrong', async () => {
    await enter('WAKEFIELD', { sortCode: '00-00-01', accountNumber: '31415926' });
    await confirm('WAKEFIELD', { sortCode: '00-00-01', accountNumber: '27182818' });
    await confirm('WAKEFIELD', { sortCode: '00-00-01', accountNumber: '31415926' });
    const { rows: tables } = await service.admin.query<{ name: string }>(
      `SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema')`,
    );
    const kept: string[] = [];
    for (const { name } of tables) {
      const { rows } = await service.admin.query(`SELECT 1 FROM ${name} t WHERE t::text ~ '27182818|31415926' LIMIT 1`);
      if (rows.length > 0) kept.push(name);
    }
    expect(kept).toEqual(['public.bank_details']);
  });
});
