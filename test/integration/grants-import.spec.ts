import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { v7 as uuid } from 'uuid';
import { Service } from '../support/service.js';
import { finance, manager, MTM, refusal, type Items, type ProblemBody } from './claims-support.js';
import { AT, Grants, type Entry } from './grants-support.js';

let service: Service;
let grants: Grants;
beforeAll(async () => {
  service = await Service.start();
  grants = new Grants(service);
});
afterAll(() => service?.stop());

const HEADING = 'quarter,amount,description,date,supplier,reference';
const file = (...rows: string[]): string => [HEADING, ...rows].join('\r\n');
const send = (authority: string, body: string | FormData, by = finance(authority), query = '') =>
  service.call<{ id: string; rowCount: number; totalPence: number }>(by, 'POST', `${AT(authority)}/imports${query}`, {
    body,
    headers: { 'idempotency-key': uuid(), ...(typeof body === 'string' ? { 'content-type': 'text/csv' } : {}) },
  });
const entriesOf = async (authority: string): Promise<Entry[]> =>
  (await service.get<Items<Entry>>(finance(authority), `${AT(authority)}/entries`)).body.items;

describe('spending from a CSV file', () => {
  it('is recorded as its template says, once', async () => {
    const template = await service.get(finance('BRENT'), '/grant-imports/template');
    expect(template.headers.get('content-type')).toContain('text/csv');
    const answer = await send('BRENT', template.text);
    expect([answer.status, answer.body]).toEqual([201, { id: expect.any(String), rowCount: 1, totalPence: 925_000 }]);
    expect((await grants.read('BRENT')).spentPence).toBe(925_000);
    expect(refusal(await send('BRENT', template.text))).toEqual([409, 'import_repeated']);
    expect((await send('BRENT', template.text, undefined, '?again=true')).status).toBe(201);
    expect((await entriesOf('BRENT')).map(({ quarter, amountPence }) => [quarter, amountPence])).toEqual([
      ['2018-Q1', 925_000],
      ['2018-Q1', 925_000],
    ]);
    const trail = await service.get<Items<{ action: string; after: object }>>(MTM.auditor, '/audit?chain=BRENT');
    const imported = trail.body.items.filter(({ action }) => action === 'grant.entries_imported');
    expect(imported).toMatchObject([{ after: { rowCount: 1, byQuarter: { '2018-Q1': 925_000 } } }, {}]);
  });

  it('comes in a form as well', async () => {
    const form = new FormData();
    form.append('file', new Blob([file('2018-Q1,1,a,,,', '2018-Q2,2,b,2018-04-01,,')]), 'spending.csv');
    expect((await send('LEICS', form)).body).toMatchObject({ rowCount: 2, totalPence: 300 });
  });

  it('is refused whole for one bad row, every fault named', async () => {
    const answer = await send(
      'LINCS',
      file(
        '2018-Q1,100,good,,,',
        '2018-Q3,1,to come,,,',
        '2017-Q3,1,before the grant,2018-04-04,,',
        '2018-Q1,-5,negative,,,',
        '2018-Q1,200000,absurd,,,',
        '2018-Q1,1,A 😀,,,',
      ),
    );
    const { status, code, errors } = answer.body as unknown as ProblemBody;
    expect([status, code, ...errors.map((one) => `${one.path}: ${one.code}`)]).toEqual([
      ...[422, 'import_rejected', 'row 3, quarter: quarter_not_begun', 'row 4, quarter: quarter_outside_grant'],
      ...['row 4, date: grant_date_in_future', 'row 5, amount: not_an_amount', 'row 6, amount: out_of_range'],
      'row 7, description: unsupported_character',
    ]);
    expect(await entriesOf('LINCS')).toEqual([]);
    expect((await grants.read('LINCS')).spentPence).toBe(0);
  });

  it('is refused whole when it comes to more than the grant', async () => {
    const rows = Array.from({ length: 8 }, (_, at) => `2018-Q1,10000,part ${at},,,`);
    expect(refusal(await send('NORFOLK', file(...rows)))).toEqual([422, 'grant_overspent']);
    expect(await entriesOf('NORFOLK')).toEqual([]);
  });

  it('is the finance officer’s, and nothing of another authority', async () => {
    const text = file('2018-Q1,1,a,,,');
    expect(refusal(await send('SUFFOLK', text, manager('SUFFOLK')))).toEqual([403, 'role_not_allowed']);
    expect(refusal(await send('SUFFOLK', text, MTM.finance))).toEqual([403, 'role_not_allowed']);
    expect(refusal(await send('SUFFOLK', text, finance('BRENT')))).toEqual([404, 'not_found']);
    expect(refusal(await send('SUFFOLK', ''))).toEqual([400, 'file_empty']);
    expect(await entriesOf('SUFFOLK')).toEqual([]);
  });
});
