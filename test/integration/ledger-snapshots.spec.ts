import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { ExportJournal, postJournals, StatementOfAccount, TakeSnapshot, TrialBalance, type Journal } from '#ledger';
import { systemActor } from '#platform/database';
import { aJournal, Books } from './ledger-support.js';

const MINUTE = 60_000;
let books: Books;
let snapshot: TakeSnapshot;
let trial: TrialBalance;
let statement: StatementOfAccount;
beforeAll(async () => {
  books = await Books.open();
  snapshot = new TakeSnapshot(books.uow);
  trial = new TrialBalance(books.uow);
  statement = new StatementOfAccount(books.uow);
});
afterAll(() => books?.close());

const balancesAsOf = async (at: Date): Promise<Record<string, number>> => {
  const { accounts } = await trial.run(systemActor, { asOf: at.toISOString() });
  return Object.fromEntries(accounts.map(({ account, balancePence }) => [account, balancePence]));
};

const snapshots = async (): Promise<Date[]> =>
  (await books.admin.query<{ at: Date }>('SELECT at FROM ledger_snapshot ORDER BY at')).rows.map(({ at }) => at);

/** A journal of two to four postings on a few accounts, Brent's own among them. */
const journals = fc
  .array(
    fc.tuple(
      fc.constantFrom('assets:bank', 'income:grant:DfE', 'liabilities:payable:BRENT'),
      fc.integer({ min: -9_999, max: 9_999 }).filter((n) => n !== 0),
    ),
    { minLength: 1, maxLength: 3 },
  ) // prettier-ignore
  .map((lines): Journal => {
    const postings = lines.map(([account, amountPence]) => ({
      account,
      amountPence,
      ...(account.endsWith('BRENT') && { authority: 'BRENT' }),
    }));
    const rest = -postings.reduce((sum, { amountPence }) => sum + amountPence, 0);
    const last = { account: 'equity:adjustments', amountPence: rest };
    return aJournal({ postings: rest === 0 ? [...postings, { ...last, amountPence: 1 }, { ...last, amountPence: -1 }] : [...postings, last] }); // prettier-ignore
  });

/** What happens between one instant and the next. */
const steps = fc.array(
  fc.record({ minutes: fc.integer({ min: 0, max: 40 }), journals: fc.array(journals, { maxLength: 3 }), snapshot: fc.boolean() }), // prettier-ignore
  { minLength: 3, maxLength: 12 },
);

describe('balances', () => {
  it('from snapshots and tail are the plain sums, whatever was posted, at whatever instant', async () => {
    let at = Date.parse('2018-04-03T09:00:00.123Z');
    const property = fc.asyncProperty(steps, fc.array(fc.integer({ min: 0, max: 500 }), { minLength: 4 }), async (days, asked) => {
      const start = at;
      for (const step of days) {
        at += step.minutes * MINUTE + 1;
        books.clock.set(new Date(at).toISOString());
        await books.post(step.journals);
        if (step.snapshot) await snapshot.run();
      }
      const instants = [...(await snapshots()), ...asked.map((minutes) => new Date(start + minutes * MINUTE))];
      for (const instant of instants) expect(await balancesAsOf(instant)).toEqual(await books.sums(instant));
      await expectStatement();
      at += 11 * MINUTE;
    }); // prettier-ignore
    await fc.assert(property, { numRuns: 15 });
    expect((await snapshots()).length).toBeGreaterThan(5);
  });

  /** Every page of Brent's statement of this day and the next, with its running balance, from its own plain sum. */
  async function expectStatement(): Promise<void> {
    const query = { from: '2018-04-03', to: '2018-04-30', limit: '7' };
    let balance: number | null = null;
    let cursor: string | null = null;
    do {
      const page = await statement.run(systemActor, 'BRENT', { ...query, ...(cursor && { cursor }) });
      balance ??= page.openingPence;
      for (const entry of page.items) {
        balance += entry.amountPence;
        expect(entry.balancePence).toBe(balance);
      }
      cursor = page.nextCursor;
      if (cursor === null) {
        expect(page.closingPence).toBe(balance);
        expect(balance).toBe(-((await books.sums())['liabilities:payable:BRENT'] ?? 0));
      }
    } while (cursor !== null);
  }
});

describe('a snapshot', () => {
  it('is taken when the tail is a day old, ten minutes behind, and not again', async () => {
    books.clock.set('2018-06-01T09:00:00.000Z');
    await books.post([aJournal()]);
    books.clock.set('2018-06-02T07:59:00.000Z');
    const before = await snapshots();
    await snapshot.run(); // what the other tests left
    books.clock.set('2018-06-02T09:00:00.000Z');
    await books.post([aJournal()]);
    books.clock.set('2018-06-03T07:00:00.000Z');
    expect(await snapshot.runIfDue()).toBe(false);
    books.clock.set('2018-06-03T08:10:00.000Z');
    expect(await Promise.all([snapshot.runIfDue(), snapshot.runIfDue()])).toContain(true);
    expect(await snapshot.runIfDue()).toBe(false);
    expect((await snapshots()).slice(before.length)).toEqual([
      new Date('2018-06-02T07:49:00.000Z'),
      new Date('2018-06-03T08:00:00.000Z'),
    ]);
  });

  it('closes the books: nothing is posted at its instant or before', async () => {
    books.clock.set('2018-06-03T08:00:00.000Z');
    await expect(books.post([aJournal()])).rejects.toMatchObject({
      code: '40001',
      message: expect.stringMatching(/^ledger_closed: /),
    });
    books.clock.set('2018-06-03T08:00:00.001Z');
    expect(await books.post([aJournal()])).toBe(1);
  });

  it('waits for whoever is posting, and lets no posting fall between', async () => {
    books.clock.set('2018-06-05T09:00:00.000Z');
    let posted: () => void = () => undefined;
    const late = new Promise<void>((go) => {
      posted = go;
    });
    let began: () => void = () => undefined;
    const begun = new Promise<void>((go) => {
      began = go;
    });
    const slow = books.uow.run(systemActor, async (tx) => {
      await postJournals(tx, [aJournal({ event: 'slow' })]);
      began();
      await late;
    });
    await begun;
    books.clock.set('2018-06-05T10:00:00.000Z');
    // The slow one lies before the snapshot's instant and has not committed: no snapshot, rather than one without it.
    expect(await snapshot.run()).toBe(false);
    posted();
    await slow;
    expect(await snapshot.run()).toBe(true);
    const now = new Date('2018-06-05T10:00:00.000Z');
    expect(await balancesAsOf(now)).toEqual(await books.sums(now));

    // And the other way round: who began before the snapshot and posts after it does not fall behind it.
    books.clock.set('2018-06-06T09:00:00.000Z');
    let attempts = 0;
    await books.uow.run(systemActor, async (tx) => {
      if (++attempts === 1) {
        books.clock.set('2018-06-06T10:00:00.000Z');
        expect(await snapshot.run()).toBe(true);
      }
      await postJournals(tx, [aJournal({ event: 'overtaken' })]);
    });
    expect(attempts).toBe(2);
    const { rows } = await books.admin.query(`SELECT at FROM journal WHERE event = 'overtaken'`);
    expect(rows).toEqual([{ at: new Date('2018-06-06T10:00:00.000Z') }]);
    expect(await balancesAsOf(new Date('2018-06-07'))).toEqual(await books.sums());
  });
});

describe('an export', () => {
  it('is of one state of the books, and one at a time', async () => {
    books.clock.set('2018-06-08T09:00:00.000Z');
    await books.post([aJournal({ description: 'Before the export' })]);
    const exporting = new ExportJournal(books.uow);
    let text = '';
    await exporting.run(systemActor, {}, async (piece) => {
      if (text === '') {
        await books.post([aJournal({ description: 'Meanwhile' })]);
        const second = exporting.run(systemActor, {}, () => Promise.resolve());
        await expect(second).rejects.toMatchObject({ kind: 'conflict', code: 'export_running' });
      }
      text += piece;
    });
    expect(text).toContain('Before the export');
    expect(text).not.toContain('Meanwhile');
    let again = '';
    await exporting.run(systemActor, {}, async (piece) => {
      again += piece;
    });
    expect(again).toContain('Meanwhile');
  });

  it('ends when its reader fails, and holds nobody up', async () => {
    const exporting = new ExportJournal(books.uow);
    const gone = new Error('the reader went away');
    await expect(exporting.run(systemActor, {}, () => Promise.reject(gone))).rejects.toBe(gone);
    await exporting.run(systemActor, {}, () => Promise.resolve());
  });
});
