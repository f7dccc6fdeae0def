import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { aCsvMapping, aMadeEntry, camtOf, csvOf, mt940Of } from '../builders/bank-statement.js';
import { MTM } from '../support/people.js';
import { Service } from '../support/service.js';
import { load, loaded, OUR_ACCOUNT, ours } from './bank-statements-support.js';

let service: Service;
beforeEach(async () => {
  service = await Service.start();
});
afterEach(() => service?.stop());

describe('CSV', () => {
  const mapping = aCsvMapping({ account: { value: OUR_ACCOUNT } });
  const save = (name: string, body: unknown, headers: Record<string, string> = { 'if-match': '*' }) =>
    service.call<{ code: string; version: number; errors: { path: string }[] }>(
      MTM.finance,
      'PUT',
      `/bank-statement-mappings/${name}`,
      { body, headers },
    );

  it('is read by a saved mapping, the one named or the only one', async () => {
    const file = csvOf(ours(), mapping);
    const none = await load<{ errors: object[] }>(service, file, { type: 'text/csv' });
    expect([none.status, none.body.errors]).toMatchObject([400, [{ path: 'mapping', code: 'required' }]]);
    expect((await save('our-bank', mapping)).status).toBe(200);
    expect(await loaded(service, file, 'text/csv')).toMatchObject({
      state: 'read',
      closingPence: 170_000,
      lineCount: 1,
    });
    expect(await loaded(service, file, 'text/csv', '?mapping=our-bank')).toMatchObject({ state: 'known' });
    expect((await load(service, file, { type: 'text/csv', query: '?mapping=other' })).status).toBe(404);
    const shifted = await loaded(service, file.replace('Balance', 'Saldo'), 'text/csv');
    expect(shifted).toMatchObject({ state: 'quarantined', reasonCode: 'column_missing' });
  });

  it('is known by what it tells when it came in another format, whichever is first', async () => {
    expect((await save('our-bank', mapping)).status).toBe(200);
    const [out, back] = [aMadeEntry({ amountPence: -900 }), aMadeEntry({ amountPence: 900 })];
    const [first, second, third] = [
      ours({ openingOn: '2018-05-03', sequence: 7 }),
      ours({ openingPence: 170_000, sequence: 8, openingOn: '2018-05-02' }),
      ours({ openingPence: 290_000, sequence: 9, openingOn: '2018-05-02', entries: [out, back] }),
    ];
    const camt = await loaded(service, camtOf(first));
    expect(await loaded(service, csvOf(first, mapping), 'text/csv')).toMatchObject({ state: 'known', id: camt.id });
    const csv = await loaded(service, csvOf(second, mapping), 'text/csv');
    expect(csv.state).toBe('read');
    expect(await loaded(service, camtOf(second))).toMatchObject({ state: 'known', id: csv.id });
    // Two numbers are two statements, and two cannot begin alike: somebody has to look.
    const numbered = mt940Of({ ...first, sequence: 207 });
    expect(await loaded(service, numbered, 'text/plain')).toMatchObject({
      state: 'quarantined',
      reasonCode: 'statement_overlaps',
    });
    expect((await loaded(service, camtOf(third))).state).toBe('read');
    expect(await loaded(service, csvOf(third, mapping), 'text/csv')).toMatchObject({ state: 'known' });
    expect((await loaded(service, camtOf({ ...third, sequence: 10 }))).state).toBe('read');
  });

  it('of a day that went to and fro is told from its first by the references of the bank, or because it goes on', async () => {
    expect((await save('our-bank', mapping)).status).toBe(200);
    const { bankReference: _, endToEndId: _id, ...columns } = mapping.columns as Record<string, string>;
    const bare = { ...mapping, columns: columns as unknown as typeof mapping.columns };
    expect((await save('bare', bare)).status).toBe(200);
    const paid = (of: string): object[] => [aMadeEntry({ amountPence: -300, bankReference: of, endToEndId: of })];
    const day = (openingPence: number, entries: object[]) =>
      csvOf(ours({ openingPence, entries: entries as ReturnType<typeof aMadeEntry>[] }), mapping);
    const load = async (file: string, named = 'our-bank'): Promise<string> =>
      (await loaded(service, file, 'text/csv', `?mapping=${named}`)).state;
    expect(await load(day(900, paid('P1')))).toBe('read');
    expect(await load(day(900, paid('P1')).replaceAll('\n', '\r\n'))).toBe('known');
    // The bank paid it back and once more; the statement between is not there yet.
    expect(await load(day(900, paid('P2')))).toBe('quarantined');
    expect(await load(day(600, [aMadeEntry({ amountPence: 300, bankReference: 'R1' })]))).toBe('read');
    expect(await load(day(900, paid('P2')))).toBe('read');
    expect(await load(day(900, paid('P2')).replaceAll('\n', '\r\n'))).toBe('known');
    // Without references: the same as long as it does not go on where the last one ended.
    expect(await load(day(900, paid('X')).replaceAll('\n', '\n\n'), 'bare')).toBe('known');
    expect(await load(day(600, [aMadeEntry({ amountPence: 300, bankReference: 'R2' })]))).toBe('read');
    expect(await load(day(900, paid('X')), 'bare')).toBe('read');
  });

  it('mappings are replaced by who has seen them, and whole', async () => {
    expect((await save('our-bank', mapping, {})).status).toBe(428);
    expect((await save('our-bank', mapping)).body).toMatchObject({ version: 1 });
    expect((await save('our-bank', mapping, {})).status).toBe(428);
    expect((await save('our-bank', mapping, { 'if-match': '"v1"' })).body).toMatchObject({ version: 2 });
    expect((await save('our-bank', mapping, { 'if-match': '"v1"' })).status).toBe(412);
    const { amount: _, ...columns } = mapping.columns as unknown as Record<string, string>;
    const wrong = await save('other', { ...mapping, columns, account: {} });
    expect([wrong.status, wrong.body.errors.map(({ path }) => path)]).toEqual([400, ['account', 'columns.amount']]);
    expect((await save('Not a name', mapping)).status).toBe(404);
    const read = await service.get(MTM.auditor, '/bank-statement-mappings/our-bank');
    expect(read.body).toMatchObject({ ...mapping, name: 'our-bank', version: 2 });
    const list = await service.get<{ items: object[] }>(MTM.auditor, '/bank-statement-mappings');
    expect(list.body.items).toMatchObject([{ name: 'our-bank' }]);
  });

  it('of one mapping made by many at once, the first stands', async () => {
    const answers = await Promise.all(
      Array.from({ length: 4 }, () => save('our-bank', mapping, { 'if-match': '"v0"' })),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 412, 412, 412]);
  });
});
