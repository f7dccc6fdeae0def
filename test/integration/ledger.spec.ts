import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { InvalidValue } from '#kernel';
import { systemActor } from '#platform/database';
import { aJournal, Books, BRISTOL } from './ledger-support.js';

let books: Books;
beforeAll(async () => {
  books = await Books.open();
});
afterAll(() => books?.close());

const count = async (table: string): Promise<number> =>
  (await books.admin.query<{ n: number }>(`SELECT count(*)::int AS n FROM ${table}`)).rows[0]!.n;

describe('posting', () => {
  it('writes a journal with its postings, at the instant of the transaction and on London’s date', async () => {
    books.clock.set('2018-04-03T23:30:00.456Z');
    const journal = aJournal({ event: 'first' });
    expect(await books.post([journal])).toBe(1);
    const { rows } = await books.admin.query(
      `SELECT j.booked_on, j.at, j.authority_code, a.name, a.type, p.amount_pence, p.authority_code AS whose
         FROM journal j JOIN posting p ON p.journal_id = j.id JOIN ledger_account a ON a.id = p.account_id
        WHERE j.event = 'first' ORDER BY p.position`,
    );
    const common = { booked_on: '2018-04-04', at: new Date('2018-04-03T23:30:00.456Z'), authority_code: 'BRENT' };
    expect(rows).toEqual([
      { ...common, name: 'liabilities:payable:BRENT', type: 'liability', amount_pence: 100, whose: 'BRENT' },
      { ...common, name: 'assets:restricted cash', type: 'asset', amount_pence: -100, whose: null },
    ]);
  });

  it('posts an event once, whoever comes again, also at the same time', async () => {
    const before = await count('posting');
    const journals = [aJournal(), aJournal()];
    const posted = await Promise.all([books.post(journals), books.post(journals), books.post(journals)]);
    expect(posted.sort()).toEqual([0, 0, 2]);
    expect(await books.post([...journals, aJournal()])).toBe(1);
    expect(await count('posting')).toBe(before + 6);
  });

  it('refuses what does not balance, has one posting, a posting of nothing, or two authorities', async () => {
    const bank = 'assets:bank';
    const brent = { account: bank, amountPence: 1, authority: 'BRENT' };
    const wrong = [
      [brent, { account: bank, amountPence: -2 }],
      [{ account: bank, amountPence: 0 }],
      [brent, { account: bank, amountPence: -1 }, { account: bank, amountPence: 0 }],
      [brent, { account: bank, amountPence: -1, authority: 'BRISTOL' }],
      [brent, { account: 'bank  account', amountPence: -1 }],
    ];
    for (const postings of wrong) {
      await expect(books.post([aJournal({ postings })])).rejects.toBeInstanceOf(InvalidValue);
    }
  });
});

describe('reversing', () => {
  it('posts the opposite, once', async () => {
    const journal = aJournal();
    await books.post([journal]);
    const before = await books.sums();
    expect(await books.reverse([journal.event])).toBe(1);
    const after = await books.sums();
    expect(after['liabilities:payable:BRENT']).toBe(before['liabilities:payable:BRENT']! - 100);
    expect(await Promise.all([books.reverse([journal.event]), books.reverse([journal.event])])).toEqual([0, 0]);
    expect(await books.sums()).toEqual(after);
    const { rows } = await books.admin.query(
      `SELECT j.kind, j.reason, r.event AS of FROM journal j JOIN journal r ON r.id = j.reverses WHERE j.event = $1`,
      [`reversal:${journal.event}`],
    );
    expect(rows).toEqual([{ kind: 'test_reversed', reason: 'Booked by mistake', of: journal.event }]);
  });

  it('refuses what is not in the books, or is a reversal', async () => {
    const journal = aJournal();
    await books.post([journal]);
    await books.reverse([journal.event]);
    for (const event of ['nobody:knows', `reversal:${journal.event}`]) {
      await expect(books.reverse([journal.event, event])).rejects.toBeInstanceOf(InvalidValue);
    }
  });
});

/** Straight into the tables as a superuser, round every function; `make` gets the id of the new journal. */
async function insert(make: (id: number) => string, postingCount = 2): Promise<void> {
  await books.admin.query('BEGIN');
  try {
    const { rows } = await books.admin.query<{ id: number }>(
      `INSERT INTO journal (event, kind, programme_code, authority_code, booked_on, at, description, posting_count, actor_id)
       VALUES (gen_random_uuid()::text, 'test', 'EIP2', 'BRENT', '2018-05-01', '2018-05-01T12:00:00Z', 'x', $1, gen_random_uuid())
       RETURNING id`,
      [postingCount],
    );
    const sql = make(rows[0]!.id);
    if (sql !== '') await books.admin.query(sql);
    await books.admin.query('COMMIT');
  } catch (error) {
    await books.admin.query('ROLLBACK');
    throw error;
  }
}

const postings = (id: number, rows: [position: number, amount: number, authority?: string, at?: string][]): string =>
  `INSERT INTO posting (journal_id, position, account_id, authority_code, amount_pence, at) VALUES ${rows
    .map(
      ([position, amount, authority = 'BRENT', at = '2018-05-01T12:00:00Z']) =>
        `(${id}, ${position}, (SELECT min(id) FROM ledger_account), '${authority}', ${amount}, '${at}')`,
    )
    .join()}`;

describe('the database', () => {
  const balanced = { constraint: 'journal_balanced' };
  const whole = { constraint: 'journal_whole' };

  it('takes at commit what balances and is whole', async () => {
    await insert((id) =>
      postings(id, [
        [1, 7],
        [2, -7],
      ]),
    );
  });

  it.each([
    ['does not balance', (id: number) => postings(id, [[1, 7], [2, -6]]), balanced], // prettier-ignore
    ['has no postings', () => '', whole],
    ['has fewer than it says', (id: number) => postings(id, [[1, 7], [2, -7]]), whole, 3], // prettier-ignore
    ['has one of another authority', (id: number) => postings(id, [[1, 7, 'BRISTOL'], [2, -7]]), whole], // prettier-ignore
    ['has one of another instant', (id: number) => postings(id, [[1, 7, 'BRENT', '2018-05-02'], [2, -7]]), whole], // prettier-ignore
  ] as const)('refuses at commit a journal that %s', async (_, make, violation, most: number = 2) => {
    await expect(insert(make, most)).rejects.toMatchObject(violation);
  });

  it('refuses more postings in a journal of before, though they balance', async () => {
    let journal = 0;
    await insert((id) => {
      journal = id;
      return postings(id, [[1, 7], [2, -7]]); // prettier-ignore
    });
    const more = books.admin.query(postings(journal, [[3, 5], [4, -5]])); // prettier-ignore
    await expect(more).rejects.toMatchObject(whole);
  });

  it('refuses to change, delete or empty any of it, to its owner and to a superuser too', async () => {
    const tables = {
      journal: "description = 'y'",
      posting: 'amount_pence = 1',
      ledger_account: "name = 'assets:other'",
      ledger_snapshot: 'at = at',
      ledger_snapshot_balance: 'debit_pence = 0',
    };
    for (const [table, change] of Object.entries(tables)) {
      for (const sql of [`UPDATE ${table} SET ${change}`, `DELETE FROM ${table}`, `TRUNCATE ${table} CASCADE`]) {
        await expect(books.admin.query(sql)).rejects.toMatchObject({ code: '42501' });
        await expect(books.uow.run(systemActor, (tx) => tx.query(sql))).rejects.toMatchObject({ code: '42501' });
      }
    }
  });

  it('lets the processes insert through its functions alone', async () => {
    for (const sql of [postings(1, [[9, 5]]), `INSERT INTO ledger_account (name) VALUES ('assets:x')`]) {
      await expect(books.uow.run(systemActor, (tx) => tx.query(sql))).rejects.toMatchObject({ code: '42501' });
    }
  });

  it('shows an authority its own alone, and nothing of the payer’s', async () => {
    await books.post([aJournal({ postings: [{ account: 'assets:bank', amountPence: 5 }, { account: 'liabilities:suspense', amountPence: -5 }] })]); // prettier-ignore
    const own = [
      { account: 'liabilities:payable:BRISTOL', amountPence: 3, authority: 'BRISTOL' },
      { account: 'assets:bank', amountPence: -3 },
    ];
    await books.post([aJournal({ event: 'bristols', postings: own })]);
    const seen = await books.uow.read(BRISTOL, async (tx) => [
      await tx.query('SELECT event, authority_code FROM journal'),
      await tx.query('SELECT authority_code, amount_pence FROM posting'),
    ]);
    expect(seen).toEqual([
      [{ event: 'bristols', authority_code: 'BRISTOL' }],
      [{ authority_code: 'BRISTOL', amount_pence: 3 }],
    ]);
  });
});
