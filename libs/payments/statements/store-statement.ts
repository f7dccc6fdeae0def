import { createHash } from 'node:crypto';
import { v7 as uuid } from 'uuid';
import { londonDate } from '#kernel';
import { type Tx } from '#platform/database';
import type { ExactLines, FoundExactly, NamingLine } from '../reconciliation/exact-lines.js';
import type { StatementClosing, StatementEntry, StatementHeader } from '../bank-files/statement.js';
import { loadedBefore } from './known-statement.js';
import { LineBatch } from './line-batch.js';
import { placeStatement } from './place-statement.js';

/** Lines that go to the database at once: while it takes them in, the next are read. */
const LINES_OF_A_BATCH = 2_000;

/** A file in storage that is being read. */
export interface FileBeingRead {
  programme: string;
  format: 'camt053' | 'mt940' | 'csv';
  key: string;
  sha256: string;
  size: number;
}

/** A statement of the file: there before, or stored now with what its lines were found to be. */
export interface Finished {
  id: string;
  found: FoundExactly | null;
}

/**
 * One statement on its way into the database, inside the savepoint `one_statement`: found to be known at its end, it is undone.
 * What `send` started goes on while more is added; `finish` waits for all.
 */
export class StoreStatement {
  readonly id = uuid();
  private batch = new LineBatch();
  private naming: NamingLine[] = [];
  private lines = 0;
  private firstOn: string | null = null;
  private lastOn: string | null = null;
  private readonly hash = createHash('sha256');
  private sending: Promise<unknown> = Promise.resolve();

  private constructor(
    private readonly tx: Tx,
    private readonly file: FileBeingRead,
    private readonly key: string,
    private readonly header: StatementHeader,
    private readonly exact: ExactLines,
  ) {}

  static async begin(
    tx: Tx,
    file: FileBeingRead,
    { key, header, place, exact }: { key: string; header: StatementHeader; place: number; exact: ExactLines },
  ): Promise<StoreStatement> {
    const store = new StoreStatement(tx, file, key, header, exact);
    await tx.execute('SAVEPOINT one_statement');
    await tx.execute(
      `INSERT INTO bank_statement (id, programme_code, state, format, file_sha256, file_key, file_size, place, account_key, currency, statement_id,
          message_id, sequence, from_on, to_on, opening_on, loaded_by, loaded_at, updated_at)
       VALUES ($1, $2, 'read', $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $17)`,
      [
        ...[store.id, file.programme, file.format, file.sha256, file.key, file.size, place, key, header.currency],
        ...[header.statementId, header.messageId, header.sequence, header.fromOn, header.toOn, header.openingOn],
        ...[tx.actor.userId, tx.now],
      ],
    );
    return store;
  }

  /** Only what is booked moved money. True when a batch is full: then `send` before adding more. */
  add(entry: StatementEntry): boolean {
    if (entry.status !== 'booked') return false;
    const naming = this.exact.read(entry, this.batch.size);
    if (naming) this.naming.push(naming);
    this.batch.add(entry);
    if (this.lastOn === null || entry.bookedOn > this.lastOn) this.lastOn = entry.bookedOn;
    if (this.firstOn === null || entry.bookedOn < this.firstOn) this.firstOn = entry.bookedOn;
    return this.batch.size >= LINES_OF_A_BATCH;
  }

  /** Starts inserting what was added, once the batch before is in. */
  async send(): Promise<void> {
    await this.sending;
    const { batch, naming } = this;
    if (batch.size === 0) return;
    const payments = await this.exact.take(naming, this.lines);
    const { sql, values, figures } = batch.insert(this.id, this.lines, this.header.currency, payments);
    this.lines += batch.size;
    this.batch = new LineBatch();
    this.naming = [];
    this.sending = this.tx.execute(sql, values);
    // It is awaited by the next call; until then its failure is nobody's.
    this.sending.catch(() => undefined);
    this.hash.update(figures);
  }

  /** Waits until nothing is on its way, whatever became of it: before a savepoint is gone back to. */
  async settled(): Promise<void> {
    await this.sending.catch(() => undefined);
  }

  /** The statement is whole. Answers the one that was there before, when it says the same; then nothing of this is kept. */
  async finish(closing: StatementClosing): Promise<Finished> {
    await this.send();
    await this.sending;
    const endsOn = closing.closingOn ?? this.header.toOn ?? this.lastOn ?? this.header.openingOn;
    const last = endsOn ?? londonDate(this.tx.now);
    const contents = this.contentsHash(closing, last);
    const known = await this.before(closing, last, contents);
    if (known) {
      await this.tx.execute('ROLLBACK TO SAVEPOINT one_statement');
      await this.tx.execute('RELEASE SAVEPOINT one_statement');
      this.exact.forget();
      return { id: known, found: null };
    }
    await this.tx.execute(
      `UPDATE bank_statement SET opening_pence = $2, closing_pence = $3, closing_on = $4, ends_on = $5, line_count = $6, contents_sha256 = $7
        WHERE id = $1`,
      [this.id, closing.openingPence, closing.closingPence, closing.closingOn, last, this.lines, contents],
    );
    await placeStatement(this.tx, { id: this.id, programme: this.file.programme, key: this.key, endsOn: last });
    await this.tx.execute('RELEASE SAVEPOINT one_statement');
    return { id: this.id, found: this.exact.keep() };
  }

  /**
   * Of what makes it that statement whichever file or format it comes in: account, number, balances and booked entries. Without a number
   * or name it is of itself alone: two that look the same may be two.
   */
  private contentsHash({ openingPence, closingPence }: StatementClosing, endsOn: string): string {
    const { sequence, statementId, currency } = this.header;
    const number = sequence ?? statementId ?? this.id;
    this.hash.update(JSON.stringify([this.key, currency, number, openingPence, closingPence, endsOn, this.lines]));
    return this.hash.digest('hex');
  }

  private before(closing: StatementClosing, endsOn: string, contents: string): Promise<string | null> {
    const { id, key, header, lines } = this;
    const said = [header.openingOn, header.fromOn, this.firstOn].filter((day) => day !== null);
    const startsOn = said.sort().at(-1) ?? endsOn;
    const span = {
      ...{
        startsOn: startsOn < endsOn ? startsOn : endsOn,
        endsOn,
        sequence: header.sequence,
        format: this.file.format,
      },
      ...{ openingPence: closing.openingPence!, closingPence: closing.closingPence! }, // a file that is kept was proved
    };
    return loadedBefore(this.tx, { id, programme: this.file.programme, key, header, span, lines, contents });
  }
}
