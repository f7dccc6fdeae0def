import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { runMigrations } from '#platform/database';
import { MIGRATIONS } from '#migrations';
import { aCsvMapping, aMadeEntry, camtOf, csvOf, type MadeStatement } from '../builders/bank-statement.js';
import { brokenInvariants } from '../support/invariants.js';
import { MTM } from '../support/people.js';
import { Service } from '../support/service.js';
import { loaded, OUR_ACCOUNT, ours, type Loaded, type Statement } from './bank-statements-support.js';

const mapping = aCsvMapping({ account: { value: OUR_ACCOUNT } });
let service: Service;
beforeEach(async () => {
  service = await Service.start();
  const saved = { body: mapping, headers: { 'if-match': '"v0"' } };
  expect((await service.call(MTM.finance, 'PUT', '/bank-statement-mappings/our-bank', saved)).status).toBe(200);
});
afterEach(async () => {
  expect(await brokenInvariants(service.admin)).toEqual({});
  await service?.stop();
});

let serial = 0;
/** A statement of a day of May that goes from one balance to another by one entry. */
const from = (openingPence: number, closingPence: number, sequence = 1, day = 2): MadeStatement => {
  const on = `2018-05-0${day}`;
  const amountPence = closingPence - openingPence;
  const entry = aMadeEntry({ amountPence, bookedOn: on, valueOn: on, bankReference: `BO${++serial}`, reference: '' });
  const entries = amountPence === 0 ? [] : [{ ...entry, endToEndId: 'NOTPROVIDED', remittance: 'Somebody' }];
  return ours({ openingPence, openingOn: on, sequence, statementId: `S${sequence}`, entries });
};
const camt = (made: MadeStatement): Promise<Loaded> => loaded(service, camtOf(made));
const csv = (made: MadeStatement): Promise<Loaded> => loaded(service, csvOf(made, mapping), 'text/csv');

const rows = async <Row extends object>(sql: string, values: unknown[] = []): Promise<Row[]> =>
  (await service.admin.query<Row>(sql, values)).rows;
/** The account as it is told: its statements in their order. */
const chain = async (): Promise<string> =>
  (
    await rows<{ told: string }>(
      `SELECT opening_pence || '-' || closing_pence AS told FROM bank_statement WHERE state <> 'quarantined' ORDER BY ends_on, day_place`,
    )
  )
    .map(({ told }) => told)
    .join(' ');
/** What was posted as the balance before the first statement, one posting after the other. */
const openings = async (): Promise<number[]> =>
  (
    await rows<{ pence: number }>(
      `SELECT p.amount_pence::int AS pence FROM posting p JOIN journal j ON j.id = p.journal_id JOIN ledger_account a ON a.id = p.account_id
        WHERE j.kind = 'bank_opening' AND a.name = 'assets:bank' ORDER BY j.id`,
    )
  ).map(({ pence }) => pence);
const gaps = async ({ id }: { id: string }) =>
  (await service.get<Statement>(MTM.auditor, `/bank-statements/${id}`)).body.gaps.map(({ code }) => code);
const differences = async ({ id }: { id: string }) =>
  (
    await service.get<{ differences: { code: string }[] }>(MTM.auditor, `/bank-statements/${id}/report`)
  ).body.differences.map(({ code }) => code);
const close = async ({ id }: { id: string }) =>
  (await service.post<{ state: string }>(MTM.finance2, `/bank-statements/${id}/close`, { rest: 'suspense' })).body;

describe('statements of one day without numbers', () => {
  it.each(['the numbered one first', 'the CSV first'])('go on from the numbered one: %s', async (which) => {
    const [one, two] = [from(50_000, 170_000), from(170_000, 160_000)];
    const first = which.startsWith('the CSV') ? null : await camt(one);
    const next = await csv(two);
    const camtRead = first ?? (await camt(one));
    expect(await chain()).toBe('50000-170000 170000-160000');
    expect(await openings()).toEqual(first ? [50_000] : [170_000, -120_000]);
    expect([await gaps(camtRead), await gaps(next)]).toEqual([[], []]);
    expect(await differences(next)).not.toContain('statements_missing');
    expect(await close(next)).toMatchObject({ code: 'statement_differs' });
    expect(await close(camtRead)).toMatchObject({ state: 'closed' });
    expect(await close(next)).toMatchObject({ state: 'closed' });
    expect([await differences(camtRead), await differences(next)]).toEqual([[], []]);
  });

  it('are put in their order as each comes, also with an entry of one amount in all', async () => {
    const third = await csv(from(30, 20));
    await csv(from(40, 30));
    expect(await chain()).toBe('40-30 30-20');
    await csv(from(65, 50));
    expect(await chain()).toBe('40-30 30-20 65-50');
    await csv(from(50, 40));
    expect(await chain()).toBe('65-50 50-40 40-30 30-20');
    expect(await gaps(third)).toEqual([]);
    await camt(from(20, 90, 1, 3));
    expect(await chain()).toBe('65-50 50-40 40-30 30-20 20-90');
    expect(await openings()).toEqual([30, 10, 25]);
  });

  it('stand between numbers, and follow the days beside them', async () => {
    await camt(from(10, 20, 1));
    const second = await camt(from(30, 45, 2));
    expect(await gaps(second)).toEqual(['opening_differs']);
    await csv(from(20, 30));
    expect(await gaps(second)).toEqual([]);
    // What goes to and fro begins where the day before ended, also when that is loaded later.
    await csv(from(60, 90, 0, 5));
    await csv(from(90, 60, 0, 5));
    expect(await chain()).toBe('10-20 20-30 30-45 60-90 90-60');
    await camt(from(45, 90, 3, 4));
    expect(await chain()).toBe('10-20 20-30 30-45 45-90 90-60 60-90');
    expect(await openings()).toEqual([10]);
  });

  it('that fit nowhere are read with the gap told, and the books are opened once', async () => {
    const first = await camt(from(50_000, 170_000));
    const stray = await csv(from(300, 310));
    expect(stray).toMatchObject({ state: 'read', statements: [{ gaps: [{ code: 'opening_differs' }] }] });
    expect(await chain()).toBe('50000-170000 300-310');
    expect(await openings()).toEqual([50_000]);
    expect(await close(first)).toMatchObject({ state: 'closed' });
    expect(await differences(stray)).toContain('statements_missing');
    await csv(from(170_000, 300));
    expect(await chain()).toBe('50000-170000 170000-300 300-310');
    expect([await gaps(stray), await openings()]).toEqual([[], [50_000]]);
  });
});

describe('a closed statement', () => {
  it('keeps its place: what would come before it is quarantined, what goes on is read', async () => {
    const closed = await camt(from(170_000, 160_000, 2));
    expect(await close(closed)).toMatchObject({ state: 'closed' });
    const places = () => rows(`SELECT day_place FROM bank_statement WHERE state = 'closed'`);
    for (const late of [await csv(from(50_000, 170_000)), await camt(from(40, 45, 1))]) {
      expect(late).toMatchObject({ state: 'quarantined', reasonCode: 'before_closed', lineCount: 0 });
      expect(late.reason).toContain('Number 2 stays where it is');
    }
    const next = await csv(from(160_000, 170_000));
    expect(next.state).toBe('read');
    expect([await chain(), await gaps(next), await differences(closed)]).toEqual([
      '170000-160000 160000-170000',
      [],
      [],
    ]);
    expect([await places(), await openings()]).toEqual([[{ day_place: 1 }], [170_000]]);
    await expect(service.admin.query('UPDATE bank_statement SET day_place = day_place + 1')).rejects.toMatchObject({
      constraint: 'bank_statement_keeps_place',
    });
  });
});

/** As the database was before places were kept, as far as the migration changes it. */
const BEFORE = `
  ALTER TABLE bank_statement DROP COLUMN day_place CASCADE;
  DROP TRIGGER IF EXISTS bank_statement_keeps_place ON bank_statement;
  DROP FUNCTION bank_statement_keeps_place() CASCADE;
  CREATE INDEX bank_statement_of_account ON bank_statement (programme_code, account_key, ends_on, coalesce(sequence, 0), id);
  DELETE FROM migrations WHERE name = 'StatementOrder1514764800030'`;

describe('the migration that keeps places', () => {
  it('places what is there by its balances, but for what is closed, and goes on', async () => {
    const closed = await camt(from(90, 50_000, 6, 1));
    expect(await close(closed)).toMatchObject({ state: 'closed' });
    await camt(from(50_000, 170_000, 7));
    await csv(from(170_000, 160_000));
    await csv(from(180_000, 190_000, 0, 3));
    await csv(from(160_000, 180_000, 0, 3));
    const order = await chain();
    expect(order).toBe('90-50000 50000-170000 170000-160000 160000-180000 180000-190000');
    await service.admin.query(BEFORE);
    expect(await runMigrations(service.database.adminUrl, MIGRATIONS)).toEqual(['StatementOrder1514764800030']);
    expect(await chain()).toBe(order);
    expect((await csv(from(190_000, 5, 0, 3))).statements[0]!.gaps).toEqual([]);
    expect(await chain()).toBe(`${order} 190000-5`);
  });
});
