import { statement } from '#platform/database';
import { accountKey } from '../bank-files/statement-account.js';
import type { StatementEntry } from '../bank-files/statement.js';

type Write = (entry: StatementEntry) => string | number | null;

/** The columns of bank_line that an entry fills, each with its type and how its value is written; never as an empty text. */
const COLUMNS: readonly (readonly [column: string, type: string, write: Write])[] = [
  ['booked_on', 'date', (entry) => entry.bookedOn],
  ['amount_pence', 'bigint', (entry) => entry.amountPence],
  ['value_on', 'date', (entry) => entry.valueOn],
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
  ['transaction_count', 'int', (entry) => entry.transactionCount],
];

/** With the key, so that accounts are compared whichever way a bank writes them. */
const accountJson = (account: NonNullable<StatementEntry['counterpartyAccount']>): string =>
  JSON.stringify({ ...account, key: accountKey(account) });

/** Stands in no text of a bank's: readers let control characters go. */
const SEPARATOR = '\u001f';

const names = COLUMNS.map(([column]) => column).join(', ');
const arrays = COLUMNS.map(([, type], at) => `string_to_array($${at + 5}, E'\\x1f', '')::${type}[]`).join(', ');

/**
 * $1 statement, $2 the number of the line before, $3 currency, then a text a column: its values between separators, nothing for NULL.
 * The first column is the payment that all of the line is: its match is made with the line. An entry of nothing is matched too: nothing
 * is left to explain. COPY would not do: PostgreSQL has none into tables with row-level security.
 */
const INSERT = statement(
  `INSERT INTO bank_line (id, statement_id, seq, currency, named_payment_id, matched_pence, state, ${names})
   SELECT (left($1::text, 28) || lpad(to_hex($2::int + n), 8, '0'))::uuid, $1::uuid, $2::int + n, $3, payment,
          CASE WHEN payment IS NULL THEN 0 ELSE amount_pence END,
          CASE WHEN payment IS NULL AND amount_pence <> 0 THEN 'unmatched' ELSE 'matched' END, ${names}
     FROM unnest(string_to_array($4, E'\\x1f', '')::uuid[], ${arrays}) WITH ORDINALITY AS t(payment, ${names}, n)`,
);

/** A line's id is a UUIDv7 of its statement's with its number in the last 32 bits. */
export const lineIdOf = (statementId: string, seq: number): string =>
  statementId.slice(0, 28) + seq.toString(16).padStart(8, '0');

/** Entries on their way into bank_line, by columns. */
export class LineBatch {
  size = 0;
  private readonly columns = COLUMNS.map((): (string | number | null)[] => []);

  add(entry: StatementEntry): void {
    this.size += 1;
    for (let at = 0; at < COLUMNS.length; at += 1) this.columns[at]!.push(COLUMNS[at]![2](entry));
  }

  /**
   * The one statement that inserts them, with the payments that they are by their places; and their days and amounts, which are
   * what makes the statement that statement.
   */
  insert(statementId: string, linesBefore: number, currency: string, paymentAt: ReadonlyMap<number, string>) {
    const texts = this.columns.map((values) => values.join(SEPARATOR));
    const payments = Array.from({ length: this.size }, (_, at) => paymentAt.get(at)).join(SEPARATOR);
    return {
      sql: INSERT,
      values: [statementId, linesBefore, currency, payments, ...texts],
      figures: `${texts[0]}\n${texts[1]}\n`,
    };
  }
}
