import { Inject, Injectable } from '@nestjs/common';
import { conflict, londonDate } from '#kernel';
import { requireMay } from '#identity/domain';
import { UnitOfWork, type Actor, type Tx } from '#platform/database';
import { DateField, validateQuery } from '#platform/validation';
import { balancesAsOf, periodOf, type Period } from './balances.js';
import {
  assertionsText,
  directives,
  journalText,
  openingText,
  type Balance,
  type BookedJournal,
} from './domain/index.js';

/** The query of GET /ledger/journal. */
export class ExportJournalInput {
  @DateField({ optional: true, description: 'The first day, in London. From the beginning, when left out.' })
  from?: string;

  @DateField({ optional: true, description: 'The last day. Up to now, when left out.' })
  to?: string;
}

/** Journals read at once: bounds memory, however long the books are. */
const PAGE = 500;
/** A slow reader keeps a connection of the pool: one at a time. Any number no other lock of ours has. */
const EXPORT_LOCK = 1514764810;

const JOURNALS = `
  SELECT j.id, j.event, j.booked_on AS "bookedOn", j.at, j.description, (
           SELECT json_agg(json_build_object('account', a.name, 'amountPence', p.amount_pence) ORDER BY p.position)
             FROM posting p JOIN ledger_account a ON a.id = p.account_id WHERE p.journal_id = j.id) AS postings
    FROM journal j
   WHERE j.at >= $1 AND j.at < $2 AND (j.at, j.id) > ($3::timestamptz, $4::bigint)
   ORDER BY j.at, j.id LIMIT ${PAGE}`;

/** The books as hledger and ledger read them. Allowed: `ledger.read`. */
@Injectable()
export class ExportJournal {
  constructor(@Inject(UnitOfWork) private readonly uow: UnitOfWork) {}

  /**
   * Gives `write` one piece of text after the other, waiting for each; all are of one state of the books. Throws before the
   * first one malformed, forbidden, conflict `export_running`; and whatever `write` throws.
   */
  async run(actor: Actor, query: unknown, write: (text: string) => Promise<void>): Promise<void> {
    const { from, to } = validateQuery(ExportJournalInput, query);
    await this.uow.readSnapshot(actor, async (tx) => {
      requireMay(actor, 'ledger.read');
      await requireAlone(tx);
      const period = await periodOf(tx, from, to);
      const opening = await balancesBefore(tx, period.from);
      const closing = await balancesBefore(tx, period.until);
      await write(directives(closing.map(({ account }) => account)));
      const openingOn = from ?? londonDate(period.from);
      await write(openingText(openingOn, opening));
      const last = await writeJournals(tx, period, write);
      await write(assertionsText(last ?? openingOn, closing));
    });
  }
}

async function requireAlone(tx: Tx): Promise<void> {
  const [row] = await tx.query<{ alone: boolean }>('SELECT pg_try_advisory_xact_lock($1) AS alone', [EXPORT_LOCK]);
  if (row?.alone) return;
  throw conflict('export_running', 'The books are being exported already. Ask again when that has ended.');
}

async function balancesBefore(tx: Tx, instant: Date): Promise<Balance[]> {
  const totals = await balancesAsOf(tx, new Date(instant.getTime() - 1));
  return totals.map(({ account, debitPence, creditPence }) => ({ account, balancePence: debitPence - creditPence }));
}

/** Returns the day of the last journal, or null when there is none in the period. */
async function writeJournals(tx: Tx, period: Period, write: (text: string) => Promise<void>): Promise<string | null> {
  let last: (BookedJournal & { at: Date }) | null = null;
  for (;;) {
    const rows: (BookedJournal & { at: Date })[] = await tx.query(JOURNALS, [
      period.from,
      period.until,
      last?.at ?? period.from,
      last?.id ?? 0,
    ]);
    if (rows.length > 0) await write(rows.map(journalText).join(''));
    last = rows.at(-1) ?? last;
    if (rows.length < PAGE) return last?.bookedOn ?? null;
  }
}
