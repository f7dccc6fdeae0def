import pg from 'pg';
import { type DataSource } from 'typeorm';
import { v7 as uuid } from 'uuid';
import { postJournals, reverseJournals, type Journal, type Posting } from '#ledger';
import { createDataSource, systemActor, UnitOfWork, type Actor } from '#platform/database';
import { createTestDatabase, type TestDatabase } from '../support/postgres.js';

export const BRISTOL: Actor = {
  userId: '01890a5d-ac96-774b-bcce-b302099a8011',
  organisation: 'BRISTOL',
  scope: 'BRISTOL',
  roles: ['la_finance'],
};

/** A database with a programme and two authorities, and the books on it. */
export class Books {
  private at = new Date('2018-04-03T09:00:00.123Z');
  readonly clock = {
    now: () => this.at,
    set: (iso: string) => {
      this.at = new Date(iso);
    },
  };
  uow: UnitOfWork;
  source: DataSource;
  admin: pg.Client;
  private database: TestDatabase;

  static async open(): Promise<Books> {
    const books = new Books();
    books.database = await createTestDatabase();
    books.source = await createDataSource(books.database.url, { poolSize: 6 }).initialize();
    books.uow = new UnitOfWork(books.source, books.clock);
    books.admin = new pg.Client({ connectionString: books.database.adminUrl });
    await books.admin.connect();
    await books.admin.query(
      `INSERT INTO programme (code, name, created_at) VALUES ('EIP2', 'EIP2', now());
       INSERT INTO authority (code, name, ons_code)
         VALUES ('BRENT', 'Brent', 'E09000005'), ('BRISTOL', 'Bristol', 'E06000023');`,
    );
    return books;
  }

  post = (journals: readonly Journal[]): Promise<number> =>
    this.uow.run(systemActor, (tx) => postJournals(tx, journals));

  reverse = (events: readonly string[], reason = 'Booked by mistake'): Promise<number> =>
    this.uow.run(systemActor, (tx) => reverseJournals(tx, events, reason));

  /** What the two tables hold, by plain addition. */
  async sums(asOf: Date = new Date('2999-01-01')): Promise<Record<string, number>> {
    const { rows } = await this.admin.query<{ name: string; sum: number }>(
      `SELECT a.name, sum(p.amount_pence)::bigint AS sum FROM posting p JOIN ledger_account a ON a.id = p.account_id
        WHERE p.at <= $1 GROUP BY a.name ORDER BY a.name COLLATE "C"`,
      [asOf],
    );
    return Object.fromEntries(rows.map(({ name, sum }) => [name, sum]));
  }

  async close(): Promise<void> {
    await this.source?.destroy();
    await this.admin?.end();
    await this.database?.drop();
  }
}

/** A journal of a hundred pence from cash to Brent's payable unless told otherwise, of an event of its own. */
export const aJournal = (over: Partial<Journal> = {}): Journal => ({
  event: `test:${uuid()}`,
  kind: 'test',
  programme: 'EIP2',
  description: 'A test',
  postings: [
    { account: 'liabilities:payable:BRENT', amountPence: 100, authority: 'BRENT' },
    { account: 'assets:restricted cash', amountPence: -100 },
  ] satisfies Posting[],
  ...over,
});
