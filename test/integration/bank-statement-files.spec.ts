import { readFileSync } from 'node:fs';
import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readStatements } from '#payments';
import { aMadeEntry, gather } from '../builders/bank-statement.js';
import { MTM } from '../support/people.js';
import { Service } from '../support/service.js';
import { load, loaded, ourCamt, XML, type Loaded, type Statement } from './bank-statements-support.js';

interface DryRun extends Omit<Loaded, 'state' | 'statements'> {
  state: string;
  statements: { ours: boolean; currency: string; lineCount: number; statementId: string | null }[];
  lines: { statement: number; seq: number; amountPence: number; bookedOn: string; bankReference: string | null }[];
  nextFrom: number | null;
}

let service: Service;
beforeAll(async () => {
  service = await Service.start({ env: { STATEMENT_MAX_MB: '2' } });
});
afterAll(() => service?.stop());

const FIXTURES = new URL('../fixtures/', import.meta.url);
const typeOf = (path: string): string => (path.startsWith('camt') ? XML : 'text/plain');
const bytesOf = (path: string): Uint8Array => readFileSync(new URL(path, FIXTURES));
async function shown(path: string, query = ''): Promise<DryRun> {
  const answer = await load<DryRun>(service, bytesOf(path), { type: typeOf(path), query: `?dryRun=true${query}` });
  expect([answer.status, answer.status === 200 ? '' : answer.text]).toEqual([200, '']);
  return answer.body;
}
const rowsOf = async (table: string): Promise<number> =>
  (await service.admin.query(`SELECT FROM ${table}`)).rowCount ?? 0;

/** The samples, with what loading each finds first; none is of our account. */
const SAMPLES: [string, string][] = [
  ['camt/camt053.v2.minimal.xml', 'mixed_currencies'],
  ['camt/camt053.v2.multi.statement.xml', 'unknown_account'],
  ['camt/camt053.v4.xml', 'mixed_currencies'],
  ['camt/camt053.v8.xml', 'mixed_currencies'],
  ['camt/camt053.v2.wrong.xml', 'no_statements'],
  ['mt940/mt940.sta', 'unknown_account'],
  ['mt940/MT940_DK_Example.sta', 'unknown_account'],
  ['mt940/sepa_snippet.sta', 'balance_mismatch'],
  ['mt940/sepa_snippet_broken.sta', 'unexpected_tag'],
];
const UNREADABLE = ['no_statements', 'unexpected_tag'];
const READABLE = SAMPLES.filter(([, code]) => !UNREADABLE.includes(code));

describe('the samples', () => {
  it.each(SAMPLES)('%s is quarantined: %s', async (path, code) => {
    const answer = await loaded(service, bytesOf(path), typeOf(path));
    expect(answer).toMatchObject({ state: 'quarantined', reasonCode: code, lineCount: 0 });
    const file = await service.call(MTM.finance, 'GET', `/bank-statements/${answer.id}/file`);
    expect(Buffer.byteLength(file.text)).toBeGreaterThan(0);
  });

  it.each(READABLE)('%s is shown line by line without being kept', async (path) => {
    const before = [await rowsOf('bank_statement'), await rowsOf('bank_account')];
    const answer = await shown(path);
    const statements = await gather(
      readStatements([bytesOf(path)], { kind: path.startsWith('camt') ? 'camt053' : 'mt940' }, 'well_formed'),
    );
    expect(
      answer.lines.map(({ statement, amountPence, bookedOn, bankReference }) => [
        statement,
        amountPence,
        bookedOn,
        bankReference,
      ]),
    ).toEqual(
      statements.flatMap(({ entries }, at) =>
        entries.map((entry) => [at + 1, entry.amountPence, entry.bookedOn, entry.bankReference]),
      ),
    );
    expect(answer.statements.map(({ statementId, ours }) => [statementId, ours])).toEqual(
      statements.map(({ header }) => [header.statementId, false]),
    );
    expect(answer).toMatchObject({ state: 'quarantined', nextFrom: null, matchedCount: 0 });
    expect([await rowsOf('bank_statement'), await rowsOf('bank_account')]).toEqual(before);
  });

  it('what is wrong with the figures is told, the lines are shown all the same', async () => {
    const answer = await shown('mt940/sepa_snippet.sta');
    expect(answer.lineCount).toBe(11);
    const broken = await shown('mt940/sepa_snippet_broken.sta');
    expect(broken).toMatchObject({ state: 'quarantined', reasonCode: 'unexpected_tag', lines: [] });
  });
});

describe('a dry run of our own statement', () => {
  const entries = Array.from({ length: 1_203 }, (_, at) =>
    aMadeEntry({ amountPence: at + 1, bankReference: `B${at}` }),
  );

  it('answers a thousand lines at a time, and keeps neither line nor file', async () => {
    const file = ourCamt({ entries, statementId: 'DRY', sequence: 77 });
    const first = await load<DryRun>(service, file, { query: '?dryRun=true' });
    expect(first.body).toMatchObject({
      state: 'read',
      reason: null,
      lineCount: 1_203,
      nextFrom: 1_001,
      matchedCount: 0,
    });
    expect(first.body.lines).toHaveLength(1_000);
    expect(first.body.statements).toMatchObject([{ ours: true, currency: 'GBP', lineCount: 1_203 }]);
    const rest = await load<DryRun>(service, file, { query: '?dryRun=true&from=1001' });
    expect(rest.body.lines.map(({ seq }) => seq)).toEqual(Array.from({ length: 203 }, (_, at) => at + 1_001));
    expect(rest.body.nextFrom).toBeNull();
    const { rows } = await service.admin.query('SELECT FROM bank_statement WHERE statement_id = $1', ['DRY']);
    expect(rows).toEqual([]);
  });
});

describe('how a file arrives', () => {
  it('too large is refused, also when nobody says its length beforehand', async () => {
    const large = ourCamt({ entries: Array.from({ length: 5_000 }, () => aMadeEntry()) });
    expect(large.length).toBeGreaterThan(2 * 1024 * 1024);
    for (const query of ['', '?dryRun=true']) {
      expect((await load(service, large, { query })).status).toBe(413);
      expect(await inPieces(large, query)).toBe(413);
    }
  });

  it('without a body or of another type is refused', async () => {
    const none = await service.call<{ code: string }>(MTM.finance, 'POST', '/bank-statements', {
      headers: { 'content-type': XML },
    });
    expect([none.status, none.body.code]).toEqual([400, 'body_missing']);
    expect((await load(service, '{}', { type: 'application/json' })).status).toBe(415);
    expect((await load(service, 'x', { query: '?unknown=1' })).status).toBe(400);
  });

  it('cut off on its way leaves nothing', async () => {
    const before = await rowsOf('bank_statement');
    await cutOff(ourCamt({ statementId: 'CUT', sequence: 88 }));
    expect(await rowsOf('bank_statement')).toBe(before);
  });

  it('a connection of the database lost in the middle leaves nothing; sent again it is read', async () => {
    const entries = Array.from({ length: 2_100 }, (_, at) =>
      aMadeEntry({ amountPence: at + 1, bankReference: `C${at}` }),
    );
    const file = ourCamt({ entries, statementId: 'LOST', sequence: 99 });
    await service.admin.query(
      `CREATE FUNCTION lose() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
       BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NULL; END $$;
       CREATE TRIGGER lose AFTER INSERT ON bank_line FOR EACH STATEMENT EXECUTE FUNCTION lose()`,
    );
    const lost = await load(service, file);
    expect(lost.status).toBeGreaterThanOrEqual(500);
    await service.admin.query('DROP TRIGGER lose ON bank_line; DROP FUNCTION lose()');
    expect((await service.admin.query('SELECT FROM bank_line')).rowCount).toBe(0);
    expect((await service.admin.query(`SELECT FROM bank_statement WHERE statement_id = 'LOST'`)).rowCount).toBe(0);
    expect(await loaded(service, file)).toMatchObject({ state: 'read', lineCount: 2_100 });
  });
});

describe('the database keeps a statement whole, whoever writes', () => {
  let id: string;
  beforeAll(async () => {
    id = (await loaded(service, ourCamt({ statementId: 'WHOLE', sequence: 120, openingOn: '2018-05-09' }))).id;
  });

  it.each([
    [
      'a line is added',
      `INSERT INTO bank_line (id, statement_id, seq, booked_on, amount_pence, currency) VALUES (gen_random_uuid(), $1, 2, '2018-05-02', 1, 'GBP')`,
    ],
    ['a line is changed', 'UPDATE bank_line SET amount_pence = amount_pence + 1 WHERE statement_id = $1'],
    ['a line is taken out', 'DELETE FROM bank_line WHERE statement_id = $1'],
    ['a balance is changed', 'UPDATE bank_statement SET closing_pence = closing_pence + 1 WHERE id = $1'],
    ['it is taken out', 'DELETE FROM bank_statement WHERE id = $1'],
    ['a line is matched without a match', `UPDATE bank_line SET state = 'matched' WHERE statement_id = $1`],
  ])('%s: refused', async (_what, sql) => {
    await expect(service.admin.query(sql, [id])).rejects.toHaveProperty('code', expect.stringMatching(/^23/));
  });

  it('one whose lines do not come to its closing balance is refused at commit', async () => {
    const sql = `INSERT INTO bank_statement (id, programme_code, state, format, file_sha256, file_key, file_size, account_key, currency, opening_pence,
        closing_pence, ends_on, line_count, contents_sha256, loaded_by, loaded_at, updated_at)
      SELECT gen_random_uuid(), programme_code, state, format, repeat('a', 64), file_key, file_size, account_key, currency, 0, 1, ends_on, 0,
             repeat('b', 64), loaded_by, loaded_at, updated_at FROM bank_statement WHERE id = $1`;
    await expect(service.admin.query(sql, [id])).rejects.toMatchObject({ constraint: 'bank_statement_adds_up' });
    const { body } = await service.get<Statement>(MTM.auditor, `/bank-statements/${id}`);
    expect(body).toMatchObject({ state: 'read', lineCount: 1 });
  });
});

async function posting(query: string, headers: Record<string, string>) {
  const { hostname, port } = new URL(service.base);
  const authorization = `Bearer ${await service.token(MTM.finance)}`;
  const path = `/api/v1/bank-statements${query}`;
  return request({ hostname, port, path, method: 'POST', headers: { authorization, 'content-type': XML, ...headers } });
}

/** Sent without a length; the status that is answered. */
async function inPieces(text: string, query: string): Promise<number> {
  const sent = await posting(query, {});
  return new Promise((resolve, reject) => {
    sent.on('response', (answer) => {
      answer.resume();
      resolve(answer.statusCode!);
    });
    sent.on('error', reject);
    for (let from = 0; from < text.length; from += 65_536) sent.write(text.slice(from, from + 65_536));
    sent.end();
  });
}

/** Sends less than it says, and hangs up. */
async function cutOff(text: string): Promise<void> {
  const sent = await posting('', { 'content-length': String(Buffer.byteLength(text) + 10) });
  await new Promise<void>((resolve) => {
    sent.on('error', () => undefined);
    sent.on('close', resolve);
    sent.write(text, () => setTimeout(() => sent.destroy(), 50));
  });
}
