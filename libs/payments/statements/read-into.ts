import { v7 as uuid } from 'uuid';
import { type Tx } from '#platform/database';
import type { StatementEvent, StatementHeader } from '../bank-files/statement.js';
import { whichOwnAccount } from '../debtor-account.js';
import { ExactLines, type FoundExactly } from '../reconciliation/exact-lines.js';
import { FileRefused } from './refusal.js';
import { StoreStatement, type FileBeingRead, type Finished } from './store-statement.js';

/** A file of a bank holds a day or a month of some accounts. */
export const MOST_STATEMENTS_OF_A_FILE = 1_000;

/** Whoever loaded this file a moment ago: it became known while this transaction waited for the account. */
export class FileKnown extends Error {
  override name = 'FileKnown';
}

/** A statement of the file, there before or now. */
export interface Stored {
  id: string;
  known: boolean;
  /** Of one that is there now, what its lines were found to be. */
  found?: FoundExactly;
}

/** The statements of a file as they were read. */
export interface ReadFile {
  stored: Stored[];
  /** Set when parts of a payment come before all of it: what was read is to be undone, and read again with these. */
  wholesTooLate: ReadonlySet<string> | null;
}

/**
 * Reads a file's statements into the database as they come, in the order of the file. Accounts are row-locked as they come too, and
 * after the first the programme's funding.
 * Throws BankFileError, FileRefused and FileKnown: then what it wrote is to be undone.
 */
export async function readInto(
  tx: Tx,
  file: FileBeingRead,
  { own, wholes }: { own: ReadonlyMap<string, string>; wholes?: ReadonlySet<string> },
  pieces: AsyncIterable<StatementEvent[]>,
): Promise<ReadFile> {
  const intake = new Intake(tx, file, own, wholes);
  try {
    for await (const events of pieces) await intake.take(events);
    return intake.read();
  } catch (error) {
    await intake.settled();
    throw error;
  }
}

class Intake {
  private readonly stored: Stored[] = [];
  private open: StoreStatement | null = null;
  private exact: ExactLines | null = null;

  constructor(
    private readonly tx: Tx,
    private readonly file: FileBeingRead,
    private readonly own: ReadonlyMap<string, string>,
    private readonly wholes: ReadonlySet<string> | undefined,
  ) {}

  read(): ReadFile {
    return { stored: this.stored, wholesTooLate: this.exact?.wholesTooLate ?? null };
  }

  /** Entries are taken without waiting, but for the database when it is a batch behind. */
  async take(events: readonly StatementEvent[]): Promise<void> {
    for (const event of events) {
      if (event.type === 'header') this.open = await this.begin(event.header);
      else if (event.type === 'closing') this.stored.push(storedOf(await this.open!.finish(event.closing)));
      else if (this.open!.add(event.entry)) await this.open!.send();
    }
  }

  /** Nothing is on its way any more. */
  async settled(): Promise<void> {
    await this.open?.settled();
  }

  private async begin(header: StatementHeader): Promise<StoreStatement> {
    const { tx, file, stored } = this;
    const key = requireOwn(this.own, header);
    await lockAccount(tx, file, key, header.currency);
    // Only now is it sure: who loaded the same file meanwhile had the account until here.
    if (stored.length === 0 && (await statementsOfFile(tx, file)).length > 0) throw new FileKnown();
    this.exact ??= await ExactLines.begin(tx, file.programme, this.wholes);
    return StoreStatement.begin(tx, file, { key, header, place: placeAfter(stored), exact: this.exact });
  }
}

const storedOf = ({ id, found }: Finished): Stored => (found ? { id, known: false, found } : { id, known: true });

function placeAfter({ length }: readonly Stored[]): number {
  if (length < MOST_STATEMENTS_OF_A_FILE) return length + 1;
  const message = `The file holds more than ${MOST_STATEMENTS_OF_A_FILE} statements. Ask the bank for smaller files.`;
  throw new FileRefused('too_many_statements', 'file', message);
}

/** The key of the account, one of ours and in its own currency. Throws FileRefused `unknown_account`, `other_currency`. */
export function requireOwn(own: ReadonlyMap<string, string>, { account, currency }: StatementHeader): string {
  const key = whichOwnAccount(own, account);
  if (key === null) {
    const message = 'The statement is of an account that the terms of the programme do not name as ours.';
    throw new FileRefused('unknown_account', 'account', message);
  }
  const expected = own.get(key)!;
  if (currency === expected) return key;
  const message = `The statement is in ${currency}; the account is in ${expected}.`;
  throw new FileRefused('other_currency', 'account', message);
}

/** One loading of an account after another: before every other lock, since nobody waits for it who holds one. */
async function lockAccount(tx: Tx, file: FileBeingRead, key: string, currency: string): Promise<void> {
  await tx.execute(
    `INSERT INTO bank_account (id, programme_code, account_key, currency, first_seen_at) VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING`,
    [uuid(), file.programme, key, currency, tx.now],
  );
  await tx.query('SELECT 1 FROM bank_account WHERE programme_code = $1 AND account_key = $2 FOR UPDATE', [
    file.programme,
    key,
  ]);
}

/** The statements that a file gave when it was loaded, in its order. */
export async function statementsOfFile(
  tx: Tx,
  { programme, sha256 }: Pick<FileBeingRead, 'programme' | 'sha256'>,
): Promise<Stored[]> {
  const rows = await tx.query<{ id: string }>(
    `SELECT id FROM bank_statement WHERE programme_code = $1 AND file_sha256 = $2 AND state <> 'quarantined' ORDER BY place`,
    [programme, sha256],
  );
  return rows.map(({ id }) => ({ id, known: true }));
}
