import { v7 as uuid } from 'uuid';
import { statement } from '#platform/database';
import { accountKey } from '../bank-files/statement-account.js';
import type { StatementEntry } from '../bank-files/statement.js';

type Write = (entry: StatementEntry) => string | null;

/** The columns of bank_line that an entry fills, each with its type and how its value is written. */
const COLUMNS: readonly (readonly [column: string, type: string, write: Write])[] = [
  ['id', 'uuid', () => uuid()],
  ['booked_on', 'date', (entry) => entry.bookedOn],
  ['value_on', 'date', (entry) => entry.valueOn],
  ['amount_pence', 'bigint', (entry) => String(entry.amountPence)],
  ['reversal', 'boolean', (entry) => (entry.reversal ? 't' : 'f')],
  ['reference', 'text', (entry) => entry.reference],
  ['bank_reference', 'text', (entry) => entry.bankReference],
  ['end_to_end_id', 'text', (entry) => entry.endToEndId],
  ['instruction_id', 'text', (entry) => entry.instructionId],
  ['payment_information_id', 'text', (entry) => entry.paymentInformationId],
  ['counterparty', 'text', (entry) => entry.counterparty],
  ['counterparty_account', 'jsonb', ({ counterpartyAccount: account }) => account && accountJson(account)],
  ['remittance', 'text', (entry) => entry.remittance],
  ['transaction_code', 'text', (entry) => entry.transactionCode],
  ['return_reason', 'text', (entry) => entry.returnReason],
  ['narrative', 'text', (entry) => entry.narrative],
  ['batch', 'jsonb', (entry) => entry.batch && JSON.stringify(entry.batch)],
  ['transaction_count', 'int', (entry) => String(entry.transactionCount)],
];

/** With the key, so that accounts are compared whichever way a bank writes them. */
const accountJson = (account: NonNullable<StatementEntry['counterpartyAccount']>): string =>
  JSON.stringify({ ...account, key: accountKey(account) });

const names = COLUMNS.map(([column]) => column).join(', ');
const arrays = COLUMNS.map(([, type], at) => `$${at + 4}::${type}[]`).join(', ');

/**
 * $1 statement, $2 the number of the line before, $3 currency, then an array a column. An entry of nothing is matched: nothing is left
 * to explain. COPY would not do: PostgreSQL has none into tables with row-level security.
 */
const INSERT = statement(
  `INSERT INTO bank_line (statement_id, seq, currency, state, ${names})
   SELECT $1, $2::int + n, $3, CASE WHEN amount_pence = 0 THEN 'matched' ELSE 'unmatched' END, ${names}
     FROM unnest(${arrays}) WITH ORDINALITY AS t(${names}, n)`,
);

/** Entries on their way into bank_line, as the array literals of PostgreSQL: one text a column, made as the entries come. */
export class LineBatch {
  size = 0;
  private readonly columns: string[] = COLUMNS.map(() => '');

  add(entry: StatementEntry): void {
    const comma = this.size === 0 ? '' : ',';
    this.size += 1;
    for (let at = 0; at < COLUMNS.length; at += 1) {
      const value = COLUMNS[at]![2](entry);
      this.columns[at] += comma + (value === null ? 'NULL' : quoted(value));
    }
  }

  /** The one statement that inserts them. */
  insert(statementId: string, linesBefore: number, currency: string) {
    const literals = this.columns.map((column) => `{${column}}`);
    return { sql: INSERT, values: [statementId, linesBefore, currency, ...literals] };
  }
}

const SPECIAL = /["\\]/;
const quoted = (value: string): string => (SPECIAL.test(value) ? `"${value.replace(/["\\]/g, '\\$&')}"` : `"${value}"`);
