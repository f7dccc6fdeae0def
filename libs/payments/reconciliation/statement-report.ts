import { Inject, Injectable } from '@nestjs/common';
import { conflict } from '#kernel';
import { requireMay } from '#identity';
import { balancesAsOf } from '#ledger';
import { UnitOfWork, type Actor, type Tx } from '#platform/database';
import { reconcile, type StatementFacts } from '../domain/index.js';
import { loadStatementRow, type StatementRow } from '../statements/statement-record.js';
import { AT_THE_BANK } from './match-books.js';
import { type OpenLineView, type OpenReceiptView, type ReportView } from './report.view.js';

/** What a statement says beside what the books say, and why they differ. Allowed: `payment.read`. */
@Injectable()
export class StatementReport {
  constructor(@Inject(UnitOfWork) private readonly uow: UnitOfWork) {}

  /** Throws not_found, forbidden, conflict `state_conflict` for what lies in quarantine. */
  run(actor: Actor, statementId: string): Promise<ReportView> {
    return this.uow.readSnapshot(actor, async (tx) => {
      const row = await loadStatementRow(tx, statementId);
      requireMay(actor, 'payment.read');
      return reportOf(tx, row);
    });
  }
}

/** The report as it is in the transaction. Throws conflict `state_conflict` for what lies in quarantine. */
export async function reportOf(tx: Tx, row: StatementRow): Promise<ReportView> {
  if (row.state === 'quarantined') throw conflict('state_conflict', 'What lies in quarantine is no statement.');
  const [found] = await tx.query<Found>(FACTS, [row.id]);
  const { suspensePence, booksOfLinesPence, currency, endsOn, ...figures } = found!;
  const booksNowPence = await atTheBank(tx);
  const facts: StatementFacts = {
    ...figures,
    ...{ currency, endsOn, closingPence: row.closing_pence!, otherPostingsPence: booksNowPence - booksOfLinesPence },
  };
  const { booksPence, differencePence, differences } = reconcile(facts);
  const agrees = differences.length === 0;
  return {
    statementId: row.id,
    state: row.state,
    openingPence: row.opening_pence!,
    closingPence: row.closing_pence!,
    ...{ booksPence, differencePence, booksNowPence, suspensePence, differences },
    openLines: agrees ? [] : await tx.query<OpenLineView>(OPEN_LINES, [row.id]),
    openReceipts: agrees ? [] : await tx.query<OpenReceiptView>(OPEN_RECEIPTS, [row.programme_code, endsOn]),
  };
}

/** Not the transaction's instant: who waited for a lock would miss what was booked meanwhile, later than it began. */
const EVER = new Date('9999-12-31T00:00:00Z');

/** Bank and restricted cash together. */
async function atTheBank(tx: Tx): Promise<number> {
  const totals = await balancesAsOf(tx, EVER);
  return totals
    .filter(({ account }) => (AT_THE_BANK as readonly string[]).includes(account))
    .reduce((sum, { debitPence, creditPence }) => sum + debitPence - creditPence, 0);
}

type Found = Omit<StatementFacts, 'closingPence' | 'otherPostingsPence'> & {
  suspensePence: number;
  /** What lines, first balances and confirmed receipts put into the books, of every account there is. */
  booksOfLinesPence: number;
};

/** Statements of an account follow each other as libs/payments/statements has it: by last day, and place in it. */
const UP_TO = `(b.ends_on, b.day_place) <= (s.ends_on, s.day_place)`;
const COUNTED = (sql: string): string =>
  `(SELECT json_build_object('count', count(*), 'pence', coalesce(sum(pence), 0)) FROM (${sql}) c)`;
const UNSHOWN = `SELECT f.amount_pence - f.matched_pence AS pence FROM funding_receipt f
  WHERE f.state = 'confirmed' AND f.source = 'funder' AND f.matched_pence < f.amount_pence`;

const FACTS = `
  WITH s AS (SELECT * FROM bank_statement WHERE id = $1), account AS MATERIALIZED (
    SELECT b.id, b.state, b.closing_pence - b.opening_pence AS lines_pence, b.matched_pence, b.id = s.id AS this
      FROM s JOIN bank_statement b ON b.programme_code = s.programme_code AND b.account_key = s.account_key AND b.state <> 'quarantined'
     WHERE ${UP_TO}
  )
  SELECT s.currency, s.ends_on AS "endsOn", a.opened_pence AS "openedPence",
         (SELECT sum(lines_pence)::bigint FROM account) AS "linesPence", (SELECT sum(matched_pence)::bigint FROM account) AS "matchedPence",
         (SELECT count(*)::int FROM account WHERE NOT this AND state <> 'closed') AS "earlierOpen",
         ${COUNTED(`SELECT l.amount_pence - l.matched_pence AS pence FROM bank_line l WHERE l.statement_id = s.id AND l.state <> 'matched'`)} AS unmatched,
         ${COUNTED(`SELECT l.amount_pence - l.matched_pence AS pence FROM account e JOIN bank_line l ON l.statement_id = e.id AND l.state <> 'matched' WHERE NOT e.this`)} AS "earlierUnmatched",
         ${COUNTED(`${UNSHOWN} AND f.programme_code = s.programme_code AND f.received_on <= s.ends_on`)} AS "receiptsWithoutLine",
         (SELECT coalesce(sum(m.pence), 0)::bigint FROM bank_line l JOIN bank_match m ON m.line_id = l.id
           WHERE l.statement_id = s.id AND m.kind = 'suspense' AND m.ended_at IS NULL) AS "suspensePence",
         (coalesce((SELECT sum(opened_pence) FROM bank_account), 0) + coalesce((SELECT sum(matched_pence) FROM bank_statement), 0)
           + coalesce((SELECT sum(pence) FROM (${UNSHOWN}) f), 0))::bigint AS "booksOfLinesPence"
    FROM s JOIN bank_account a ON a.programme_code = s.programme_code AND a.account_key = s.account_key`;

const OPEN_LINES = `
  SELECT l.id AS "lineId", l.statement_id AS "statementId", l.booked_on AS "bookedOn", l.amount_pence - l.matched_pence AS "leftPence"
    FROM bank_statement s
    JOIN bank_statement b ON b.programme_code = s.programme_code AND b.account_key = s.account_key AND b.state <> 'quarantined' AND ${UP_TO}
    JOIN bank_line l ON l.statement_id = b.id AND l.state <> 'matched'
   WHERE s.id = $1 ORDER BY b.ends_on, b.day_place, l.seq LIMIT 100`;

const OPEN_RECEIPTS = `
  SELECT f.id AS "receiptId", f.received_on AS "receivedOn", f.amount_pence - f.matched_pence AS "leftPence" FROM funding_receipt f
   WHERE f.state = 'confirmed' AND f.source = 'funder' AND f.matched_pence < f.amount_pence AND f.programme_code = $1 AND f.received_on <= $2
   ORDER BY f.received_on, f.id LIMIT 100`;
