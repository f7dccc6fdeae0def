import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { v7 as uuid } from 'uuid';
import { aMadeEntry, mt940Of } from '../builders/bank-statement.js';
import { finance, MTM } from '../support/people.js';
import { Service } from '../support/service.js';
import { load, loaded, ourCamt, ours, XML, type Statement } from './bank-statements-support.js';

let service: Service;
beforeEach(async () => {
  service = await Service.start();
});
afterEach(() => service?.stop());

const rows = async <T>(sql: string, values: unknown[] = []): Promise<T[]> =>
  (await service.admin.query(sql, values)).rows as T[];
const statement = async (id: string): Promise<Statement> =>
  (await service.get<Statement>(MTM.auditor, `/bank-statements/${id}`)).body;

describe('a camt.053 of our account', () => {
  const entries = [
    aMadeEntry({ amountPence: 250_000, endToEndId: 'E1', bankReference: 'B1' }),
    aMadeEntry({ amountPence: -1_299, endToEndId: 'E2', bankReference: 'B2', counterparty: 'A "Bank" \\ Ltd' }),
    aMadeEntry({ amountPence: 0, endToEndId: 'E3', bankReference: 'B3', bookedOn: '2018-05-03' }),
  ];

  it('is read with its lines', async () => {
    const answer = await loaded(service, ourCamt({ entries }));
    expect(answer).toMatchObject({
      state: 'read',
      reason: null,
      lineCount: 3,
      openingPence: 50_000,
      closingPence: 298_701,
    });
    expect(answer.statements).toHaveLength(1);
    expect(await statement(answer.id)).toMatchObject({
      state: 'read',
      account: { lastFour: '5678' },
      currency: 'GBP',
      statementId: 'S0001',
      sequence: 1,
      gaps: [],
    });
    const { body } = await service.get<{ items: object[] }>(MTM.auditor, `/bank-statements/${answer.id}/lines`);
    expect(body.items).toMatchObject([
      { seq: 1, amountPence: 250_000, endToEndId: 'E1', bankReference: 'B1', bookedOn: '2018-05-02', currency: 'GBP' },
      { seq: 2, amountPence: -1_299, counterparty: 'A "Bank" \\ Ltd', reference: 'EIP2FR0001', state: 'unmatched' },
      { seq: 3, amountPence: 0, state: 'matched', suggestions: [] },
    ]);
  });

  it('gives its lines in pages, by state, and as CSV', async () => {
    const { id } = await loaded(service, ourCamt({ entries }));
    const at = `/bank-statements/${id}/lines`;
    const page = (await service.get<{ items: { seq: number }[]; nextCursor: string }>(MTM.auditor, `${at}?limit=2`))
      .body;
    expect(page.items.map(({ seq }) => seq)).toEqual([1, 2]);
    const next = await service.get<{ items: { seq: number }[] }>(MTM.auditor, `${at}?cursor=${page.nextCursor}`);
    expect(next.body.items.map(({ seq }) => seq)).toEqual([3]);
    const open = await service.get<{ items: { seq: number }[] }>(MTM.auditor, `${at}?state=matched`);
    expect(open.body.items.map(({ seq }) => seq)).toEqual([3]);
    const csv = await service.get(MTM.auditor, at, { accept: 'text/csv' });
    expect(csv.text.split('\r\n')[1]).toContain(',250000,GBP,EIP2FR0001,B1,E1,');
  });

  it('is kept as it came, and given back with its hash', async () => {
    const file = ourCamt({ entries });
    const { id, statements } = await loaded(service, file);
    const answer = await service.get(MTM.auditor, `/bank-statements/${id}/file`);
    expect(answer.text).toBe(file);
    expect(answer.headers.get('content-type')).toContain(XML);
    expect(answer.headers.get('etag')).toBe(`"${statements[0]!.fileSha256}"`);
  });

  it('brings the balance before its first statement into the books, and the difference when an older one comes', async () => {
    const opening = () =>
      rows<{ account: string; pence: number }>(
        `SELECT a.name AS account, sum(p.amount_pence)::int AS pence FROM posting p JOIN ledger_account a ON a.id = p.account_id GROUP BY a.name ORDER BY a.name`,
      );
    await loaded(service, ourCamt({ entries, sequence: 2, openingPence: 70_000, openingOn: '2018-05-02' }));
    expect(await opening()).toEqual([
      { account: 'assets:bank', pence: 70_000 },
      { account: 'equity:adjustments', pence: -70_000 },
    ]);
    await loaded(service, ourCamt({ entries: [], sequence: 3, openingPence: 318_701, openingOn: '2018-05-04' }));
    expect((await opening())[0]).toEqual({ account: 'assets:bank', pence: 70_000 });
    const older = [aMadeEntry({ amountPence: 20_000, bookedOn: '2018-05-01', valueOn: '2018-05-01' })];
    await loaded(service, ourCamt({ entries: older, sequence: 1, openingPence: 50_000, openingOn: '2018-05-01' }));
    expect((await opening())[0]).toEqual({ account: 'assets:bank', pence: 50_000 });
  });

  it('goes into the trail of the programme by its figures', async () => {
    const { id } = await loaded(service, ourCamt({ entries }));
    const [entry] = await rows<{ after: object; chain: string }>(
      `SELECT chain, after FROM audit_entry WHERE action = 'bank_statement.loaded' AND subject_id = $1`,
      [id],
    );
    expect(entry).toMatchObject({
      chain: 'EIP2',
      after: { lineCount: 3, openingPence: 50_000, closingPence: 298_701 },
    });
  });
});

describe('the same statement twice', () => {
  it('is known by its file, under whatever key it is sent', async () => {
    const first = await loaded(service, ourCamt());
    const again = await loaded(service, ourCamt());
    expect(again).toMatchObject({ id: first.id, state: 'known', lineCount: 1, openingPence: 50_000 });
    expect(again.statements).toMatchObject([{ id: first.id, known: true }]);
  });

  it('is known in another file and another format', async () => {
    const first = await loaded(service, ourCamt());
    const spaced = ourCamt().replace('<GrpHdr>', '\n\n<GrpHdr>');
    expect(await loaded(service, spaced)).toMatchObject({ id: first.id, state: 'known' });
    expect(await loaded(service, mt940Of(ours()), 'text/plain')).toMatchObject({ state: 'known', id: first.id });
    expect(await rows('SELECT FROM bank_line')).toHaveLength(1);
  });

  it('with other entries contradicts the first and is quarantined', async () => {
    await loaded(service, ourCamt());
    const other = ourCamt({ entries: [aMadeEntry({ amountPence: 120_001 })] });
    expect(await loaded(service, other)).toMatchObject({ state: 'quarantined', reasonCode: 'statement_contradicts' });
  });

  it('sent twice under one key is one request; the key with another file is refused', async () => {
    const key = uuid();
    const first = await load(service, ourCamt(), { key });
    const again = await load(service, ourCamt(), { key });
    expect(again.headers.get('idempotency-hit')).toBe('true');
    expect(again.body).toEqual(first.body);
    const reused = await load<{ code: string }>(service, ourCamt({ statementId: 'S2' }), { key });
    expect([reused.status, reused.body.code]).toEqual([422, 'idempotency_key_reused']);
  });

  it('by many at once is loaded once', async () => {
    const answers = await Promise.all(Array.from({ length: 6 }, () => loaded(service, ourCamt())));
    expect(answers.map(({ state }) => state).sort()).toEqual([...Array<string>(5).fill('known'), 'read']);
    expect(new Set(answers.map(({ id }) => id)).size).toBe(1);
    const different = Array.from({ length: 4 }, (_, at) => ourCamt().replace('M1', `M1-${at}`));
    const others = await Promise.all(different.map((file) => loaded(service, file)));
    expect(others.map(({ state }) => state)).toEqual(Array<string>(4).fill('known'));
    expect(await rows('SELECT FROM bank_statement')).toHaveLength(1);
  });

  it('of two files at once that differ in bytes alone, one is loaded', async () => {
    const files = Array.from({ length: 5 }, (_, at) => ourCamt().replace('M1', `M1-${at}`));
    const answers = await Promise.all(files.map((file) => loaded(service, file)));
    expect(answers.filter(({ state }) => state === 'read')).toHaveLength(1);
    expect(await rows('SELECT FROM bank_line')).toHaveLength(1);
  });
});

describe('a file that is not taken', () => {
  const refusals: [string, string, string][] = [
    ['broken XML', ourCamt().replace('</Stmt>', ''), 'not_well_formed'],
    ['cut off', ourCamt().slice(0, -60), 'truncated'],
    [
      'with a sum that is wrong',
      ourCamt().replace('<Amt Ccy="GBP">1200.00</Amt>', '<Amt Ccy="GBP">1200.01</Amt>'),
      'balance_mismatch',
    ],
    ['of another account', ourCamt({ iban: 'GB33BUKB20201555555555' }), 'unknown_account'],
    ['in another currency', ourCamt({ currency: 'EUR' }), 'other_currency'],
    ['with a document type', ourCamt().replace('<Document', '<!DOCTYPE x><Document'), 'dtd_not_allowed'],
  ];

  it.each(refusals)(
    '%s is quarantined with the reason, can be downloaded, and leaves no line',
    async (_what, file, code) => {
      const answer = await loaded(service, file);
      expect(answer).toMatchObject({ state: 'quarantined', reasonCode: code, lineCount: 0, openingPence: null });
      expect(answer.reason).toBeTruthy();
      expect((await service.get(MTM.finance, `/bank-statements/${answer.id}/file`)).text).toBe(file);
      const list = await service.get<{ items: Statement[] }>(MTM.auditor, '/bank-statements?state=quarantined');
      expect(list.body.items).toMatchObject([{ id: answer.id, reasonCode: code }]);
      for (const table of ['bank_line', 'bank_account', 'journal'])
        expect(await rows(`SELECT FROM ${table}`)).toEqual([]);
    },
  );

  it('leaves nothing of the statements before the wrong one, nor of a hundred batches', async () => {
    const entries = Array.from({ length: 5_000 }, (_, at) =>
      aMadeEntry({ amountPence: at + 1, bankReference: `B${at}` }),
    );
    const whole = ourCamt({ entries });
    const second = ourCamt({ sequence: 2, statementId: 'S2' }).match(/<Stmt>.*<\/Stmt>/s)![0];
    const file = whole.replace('</BkToCstmrStmt>', `${second.replace('1200.00', '1200.50')}</BkToCstmrStmt>`);
    expect(await loaded(service, file)).toMatchObject({ state: 'quarantined', reasonCode: 'balance_mismatch' });
    expect(await rows('SELECT FROM bank_line')).toEqual([]);
    expect(await rows(`SELECT FROM bank_statement WHERE state <> 'quarantined'`)).toEqual([]);
  });

  it('refused again is one entry of the quarantine; read later it is out of it', async () => {
    const file = ourCamt({ iban: 'GB33BUKB20201555555555' });
    const first = await loaded(service, file);
    expect(await loaded(service, file)).toMatchObject({ id: first.id, state: 'quarantined' });
    await service.admin.query('UPDATE demo_debtor_account SET account = $1', [
      JSON.stringify({ name: 'MTM', iban: 'GB33BUKB20201555555555', bic: 'BUKBGB22' }),
    ]);
    const read = await loaded(service, file);
    expect(read).toMatchObject({ state: 'read', lineCount: 1 });
    expect(await statement(first.id)).toMatchObject({ state: 'quarantined', replacedBy: read.id });
    const list = await service.get<{ items: Statement[] }>(MTM.auditor, '/bank-statements?state=quarantined');
    expect(list.body.items).toEqual([]);
    expect(await loaded(service, file)).toMatchObject({ state: 'known', id: read.id });
  });
});

describe('several statements', () => {
  const day = (sequence: number, openingPence: number, amountPence: number): string =>
    ourCamt({
      sequence,
      statementId: `S${sequence}`,
      openingPence,
      openingOn: `2018-05-0${sequence}`,
      entries: [aMadeEntry({ amountPence, bookedOn: `2018-05-0${sequence}`, valueOn: `2018-05-0${sequence}` })],
    });

  it('in one file are told of together and one by one; one that was there before stays', async () => {
    const first = await loaded(service, day(1, 0, 500));
    const both = day(1, 0, 500).replace(
      '</BkToCstmrStmt>',
      `${day(2, 500, -200).match(/<Stmt>.*<\/Stmt>/s)![0]}</BkToCstmrStmt>`,
    );
    const answer = await loaded(service, both);
    expect(answer).toMatchObject({ id: first.id, state: 'read', lineCount: 2, openingPence: 0, closingPence: 300 });
    expect(answer.statements.map(({ known, sequence }) => [known, sequence])).toEqual([
      [true, 1],
      [false, 2],
    ]);
    expect(await rows('SELECT FROM bank_line')).toHaveLength(2);
    const again = await loaded(service, both);
    expect(again.state).toBe('known');
  });

  it('that leave one out say so, until it comes', async () => {
    await loaded(service, day(1, 0, 500));
    const third = await loaded(service, day(3, 400, 100));
    const gaps = [
      { code: 'sequence_missing', missingFrom: 2, missingTo: 2 },
      { code: 'opening_differs', expectedPence: 500, foundPence: 400 },
    ];
    expect(third.statements[0]!.gaps).toMatchObject(gaps);
    expect((await statement(third.id)).gaps).toMatchObject(gaps);
    await loaded(service, day(2, 500, -100));
    expect((await statement(third.id)).gaps).toEqual([]);
  });

  it('are listed last loaded first, by day and by file, and as CSV', async () => {
    const one = await loaded(service, day(1, 0, 500));
    const two = await loaded(service, day(2, 500, 100));
    const list = async (query: string): Promise<string[]> =>
      (await service.get<{ items: Statement[] }>(MTM.finance, `/bank-statements${query}`)).body.items.map(
        ({ id }) => id,
      );
    expect(await list('')).toEqual([two.id, one.id]);
    expect(await list('?from=2018-05-02&state=read')).toEqual([two.id]);
    expect(await list('?to=2018-05-01')).toEqual([one.id]);
    expect(await list(`?fileSha256=${one.statements[0]!.fileSha256}`)).toEqual([one.id]);
    const csv = await service.get(MTM.finance, '/bank-statements', { accept: 'text/csv' });
    expect(csv.text.split('\r\n')[2]).toContain(`${one.id},EIP2,read,camt053,5678,GBP,S1,1,`);
  });
});

describe('who may', () => {
  it('load: MTM finance alone; read: MTM and the auditor; to an authority nothing is there', async () => {
    const { id } = await loaded(service, ourCamt());
    for (const who of [MTM.auditor, MTM.coordinator, MTM.approver, finance('BRENT')]) {
      expect((await load(service, ourCamt({ statementId: 'S2' }), { who })).status).toBe(403);
      expect((await load(service, ourCamt(), { who, query: '?dryRun=true' })).status).toBe(403);
    }
    for (const path of ['', '/lines', '/file']) {
      expect((await service.get(MTM.coordinator, `/bank-statements/${id}${path}`)).status).toBe(200);
      expect((await service.get(finance('BRENT'), `/bank-statements/${id}${path}`)).status).toBe(404);
    }
    expect((await service.get(finance('BRENT'), '/bank-statements')).status).toBe(403);
    expect(await rows('SELECT FROM bank_statement')).toHaveLength(1);
  });
});
