import type pg from 'pg';
import { dropIndexes, FILLING, keptDatabase } from '../support/kept-database.js';
import { type Database, type Services } from '../support/services.js';
import { ACCOUNTS, daysOf, JOURNALS, journalsOf, POSTINGS, SNAPSHOTS } from './generate-sql.js';
import { proveBooks } from './prove.js';

/** A database whose books have so many postings, kept from an earlier run when nothing has changed since. */
export const booksDatabase = (services: Services, postings: number, say: (line: string) => void): Promise<Database> =>
  keptDatabase(
    services,
    {
      name: `books_${postings}`,
      madeBy: ['dist/bench/books'],
      what: `books of ${postings.toLocaleString('en-GB')} postings`,
      fill: (client) => generate(client, postings),
    },
    say,
  );

/** As superuser with triggers off: the books are proved afterwards instead. */
async function generate(client: pg.Client, postings: number): Promise<void> {
  const journals = journalsOf(postings);
  await client.query(FILLING);
  await client.query('BEGIN');
  const indexes = await dropIndexes(client, ['journal', 'posting']);
  await client.query(ACCOUNTS);
  await client.query(JOURNALS.replaceAll('$1', String(journals)));
  await client.query(POSTINGS.replaceAll('$1', String(journals)));
  await client.query(`SELECT setval(pg_get_serial_sequence('journal', 'id'), $1)`, [journals]);
  await client.query(SNAPSHOTS.replaceAll('$1', String(daysOf(postings))));
  for (const definition of indexes) await client.query(definition);
  await client.query('COMMIT');
  await client.query('VACUUM ANALYZE');
  await proveBooks(client, postings);
}
