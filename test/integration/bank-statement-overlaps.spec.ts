import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { aCsvMapping, aMadeEntry, csvOf, mt940Of, type MadeStatement } from '../builders/bank-statement.js';
import { MTM } from '../support/people.js';
import { Service } from '../support/service.js';
import { loaded, OUR_ACCOUNT, ourCamt, ours } from './bank-statements-support.js';

let service: Service;
beforeEach(async () => {
  service = await Service.start();
});
afterEach(() => service?.stop());

/** What the account moved by on the days of May 2018. */
const MOVES: Record<number, readonly number[]> = { 1: [500], 2: [-200, 90], 3: [-40], 4: [1_000] };
const on = (day: number): string => `2018-05-0${day}`;
const before = (day: number): number =>
  Object.entries(MOVES)
    .filter(([one]) => Number(one) < day)
    .flatMap(([, pence]) => pence)
    .reduce((sum, pence) => sum + pence, 0);

/** The statement of those days, as the bank would write it. */
const of = (from: number, to: number, given: Partial<MadeStatement> = {}): MadeStatement =>
  ours({
    openingOn: on(from),
    openingPence: before(from),
    sequence: to,
    statementId: `S${from}-${to}`,
    entries: Object.entries(MOVES)
      .filter(([day]) => Number(day) >= from && Number(day) <= to)
      .flatMap(([day, all]) =>
        all.map((amountPence, at) =>
          aMadeEntry({
            amountPence,
            bookedOn: on(Number(day)),
            valueOn: on(Number(day)),
            bankReference: `B${day}${at}`,
          }),
        ),
      ),
    ...given,
  });
/** camt.053 whose closing balance is of its last day. */
const camt = (from: number, to: number, given: Partial<MadeStatement> = {}): string =>
  ourCamt(of(from, to, given)).replace(/(<Cd>CLBD<.*?<Dt><Dt>)[\d-]+/s, `$1${on(to)}`);
const linesRead = async (): Promise<number> => (await service.admin.query('SELECT FROM bank_line')).rowCount ?? 0;

describe('a statement of several days', () => {
  it.each([
    ['the days one by one', [1, 2, 3], [1, 3, { sequence: 90 }]],
    ['some of its days', [2], [1, 3, { sequence: 90 }]],
    ['its first day', [1], [1, 3, { sequence: 90 }]],
    ['its last day, and the day after', [3, 4], [1, 3, { sequence: 90 }]],
    ['a day of it, under a number that is later', [2, 3], [1, 3, { sequence: 1 }]],
  ] as const)('is refused in words when %s were read', async (_what, days, [from, to, given]) => {
    for (const day of days) expect((await loaded(service, camt(day, day))).state).toBe('read');
    const lines = await linesRead();
    const answer = await loaded(service, camt(from, to, given));
    expect(answer).toMatchObject({ state: 'quarantined', reasonCode: 'statement_overlaps', lineCount: 0 });
    expect(answer.reason).toContain(`${on(from)} to ${on(to)}`);
    expect(answer.reason).toMatch(/number [123], of 2018-05-0[123],/);
    expect(await linesRead()).toBe(lines);
  });

  it('is refused as well when its bank books as one what the days had one by one', async () => {
    for (const day of [1, 2, 3]) await loaded(service, camt(day, day));
    const entries = [aMadeEntry({ amountPence: 350, bookedOn: on(3), valueOn: on(3) })];
    expect(await loaded(service, camt(1, 3, { entries, sequence: 90 }))).toMatchObject({
      reasonCode: 'statement_overlaps',
    });
    const batch = [aMadeEntry({ amountPence: -110, bookedOn: on(2), valueOn: on(2) })];
    const other = mt940Of(of(2, 2, { entries: batch, sequence: 207 }));
    expect(await loaded(service, other, 'text/plain')).toMatchObject({ reasonCode: 'statement_overlaps' });
  });

  it('keeps out the days it told of, and lets those before and after it in', async () => {
    expect((await loaded(service, camt(2, 3))).state).toBe('read');
    for (const day of [2, 3]) {
      expect(await loaded(service, camt(day, day, { sequence: 40 + day }))).toMatchObject({
        reasonCode: 'statement_overlaps',
      });
    }
    expect((await loaded(service, camt(4, 4))).state).toBe('read');
    const first = await loaded(service, camt(1, 1));
    expect(first.state).toBe('read');
    expect(first.statements[0]!.gaps).toEqual([]);
  });

  it('as a CSV of the last days is refused when it goes back before the last that was read', async () => {
    const mapping = aCsvMapping({ account: { value: OUR_ACCOUNT } });
    const saved = { body: mapping, headers: { 'if-match': '"v0"' } };
    expect((await service.call(MTM.finance, 'PUT', '/bank-statement-mappings/our-bank', saved)).status).toBe(200);
    for (const day of [1, 2]) await loaded(service, camt(day, day));
    expect(await loaded(service, csvOf(of(1, 3), mapping), 'text/csv')).toMatchObject({
      state: 'quarantined',
      reasonCode: 'statement_overlaps',
    });
    expect((await loaded(service, csvOf(of(3, 4), mapping), 'text/csv')).state).toBe('read');
    expect(await linesRead()).toBe(5);
  });
});

describe('several statements of one day', () => {
  const part = (sequence: number, openingPence: number, amountPence: number): string =>
    camt(1, 1, {
      ...{ sequence, statementId: `P${sequence}`, openingPence },
      entries: [aMadeEntry({ amountPence, bookedOn: on(1), valueOn: on(1), bankReference: `P${sequence}` })],
    });

  it('are each read: paid, brought back and paid again, though the first and the third look alike', async () => {
    const states: string[] = [];
    for (const file of [part(1, 900, -300), part(2, 600, 300), part(3, 900, -300)]) {
      states.push((await loaded(service, file)).state);
    }
    expect(states).toEqual(['read', 'read', 'read']);
    expect(await linesRead()).toBe(3);
  });

  it('are read in any order; of two that begin alike the later waits for the one between', async () => {
    expect((await loaded(service, part(1, 900, -300))).state).toBe('read');
    expect(await loaded(service, part(3, 900, -300))).toMatchObject({ reasonCode: 'statement_overlaps' });
    expect((await loaded(service, part(4, 600, 50))).state).toBe('read');
    expect((await loaded(service, part(2, 600, 300))).state).toBe('read');
    const third = await loaded(service, part(3, 900, -300));
    expect(third.state).toBe('read');
    expect(third.statements[0]!.gaps).toEqual([]);
  });
});
