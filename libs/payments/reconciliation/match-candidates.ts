import { Inject, Injectable } from '@nestjs/common';
import { requireMay } from '#identity';
import { UnitOfWork, type Actor, type Tx } from '#platform/database';
import { loadLine } from './line-record.js';

/** What a line may be, or is: enough of it for a person to know it by. */
export interface MatchCandidate {
  kind: 'payment' | 'payment_return' | 'receipt' | 'repayment' | 'payment_run';
  id: string;
  /** The payment's, receipt's or run's own reference; of a repayment, its credit note. */
  reference: string;
  authority: string | null;
  amountPence: number;
  /** What no line shows of it yet. */
  openPence: number;
  on: string;
  /** Of a payment. */
  runId: string | null;
}

/** A kind and an id, as suggestions and matches have them. */
export interface MatchRef {
  kind: string;
  id: string;
}

const MOST = 50;

/** What is named beside lines of bank statements. Allowed: `payment.read`. */
@Injectable()
export class MatchCandidates {
  constructor(@Inject(UnitOfWork) private readonly uow: UnitOfWork) {}

  /** What these are, by `kind id`, as they are now; what is no thing of the books (an account) is left out. Throws forbidden. */
  described(actor: Actor, refs: readonly MatchRef[]): Promise<ReadonlyMap<string, MatchCandidate>> {
    return this.uow.read(actor, async (tx) => {
      requireMay(actor, 'payment.read');
      const kinds = refs.map(({ kind }) => kind);
      const rows = await tx.query<MatchCandidate>(DESCRIBED, [kinds, refs.map(({ id }) => (isId(id) ? id : null))]);
      return new Map(rows.map((row) => [`${row.kind} ${row.id}`, row]));
    });
  }

  /**
   * What is open and of the line's direction, newest first: the first fifty whose reference, authority or amount in pounds is
   * what was looked for. Throws not_found, forbidden.
   */
  find(actor: Actor, statementId: string, lineId: string, search: string): Promise<MatchCandidate[]> {
    return this.uow.read(actor, async (tx) => {
      const line = await loadLine(tx, statementId, lineId);
      requireMay(actor, 'payment.read');
      // PostgreSQL takes no text with a NUL, and nobody types one.
      const text = search
        .replace(/\p{Cc}/gu, ' ')
        .trim()
        .slice(0, 60);
      return tx.query<MatchCandidate>(line.amountPence > 0 ? MONEY_IN : MONEY_OUT, [
        line.programme,
        text === '' ? null : `%${text.replace(/[\\%_]/g, '\\$&')}%`,
        penceOf(text),
        MOST,
      ]);
    });
  }

  /** The payments of a run that the bank has still to show, as a line that pays all of it at once is matched to them. */
  waitingOf(actor: Actor, runId: string): Promise<string[]> {
    return this.uow.read(actor, (tx) => {
      requireMay(actor, 'payment.read');
      return waiting(tx, runId);
    });
  }
}

async function waiting(tx: Tx, runId: string): Promise<string[]> {
  const rows = await tx.query<{ id: string }>(
    `SELECT id FROM payment WHERE run_id = $1 AND state = 'scheduled' AND amount_pence > matched_pence ORDER BY authority_code`,
    [runId],
  );
  return rows.map(({ id }) => id);
}

const isId = (id: string): boolean => /^[0-9a-f-]{36}$/i.test(id);

/** "1,078.20" as 107820; nothing for what is no amount. */
function penceOf(text: string): number | null {
  const match = /^£?\s*([\d,]{1,12})(?:\.(\d{2}))?$/.exec(text);
  return match ? Number(match[1]!.replaceAll(',', '')) * 100 + Number(match[2] ?? 0) : null;
}

const DAY = (instant: string): string => `(${instant} AT TIME ZONE 'Europe/London')::date::text`;

const PAYMENT = `'payment' AS kind, p.id, p.reference, p.authority_code AS authority, p.amount_pence AS "amountPence",
  p.amount_pence - p.matched_pence AS "openPence", ${DAY('r.approved_at')} AS "on", p.run_id AS "runId"`;
const RETURN = `'payment_return' AS kind, p.id, p.reference, p.authority_code AS authority, p.amount_pence AS "amountPence",
  p.amount_pence - p.returned_pence AS "openPence", ${DAY('coalesce(p.settled_at, r.approved_at)')} AS "on", p.run_id AS "runId"`;
const OF_RUN = 'payment p JOIN payment_run r ON r.id = p.run_id';
const RECEIPT = `'receipt' AS kind, f.id, f.bank_reference AS reference, NULL AS authority, f.amount_pence AS "amountPence",
  f.amount_pence - f.matched_pence AS "openPence", f.received_on::text AS "on", NULL::uuid AS "runId"`;
const OWED = `'repayment' AS kind, a.id, a.credit_note_number AS reference, a.authority_code AS authority, a.amount_pence AS "amountPence",
  a.amount_pence - a.taken_pence AS "openPence", ${DAY('a.approved_at')} AS "on", NULL::uuid AS "runId"`;

/** $1 programme, $2 text or null, $3 pence or null. */
const LIKE = (reference: string, authority: string, pence: string): string =>
  `($2::text IS NULL OR ${reference} ILIKE $2 OR ${authority} ILIKE $2 OR ${pence} = $3::bigint)`;

const MONEY_OUT = `
  SELECT ${PAYMENT} FROM ${OF_RUN}
   WHERE r.programme_code = $1 AND r.state = 'approved' AND p.state = 'scheduled' AND p.amount_pence > p.matched_pence
     AND ${LIKE('p.reference', 'p.authority_code', 'p.amount_pence')} ORDER BY p.id DESC LIMIT $4`;

const MONEY_IN = `
  SELECT * FROM (
    (SELECT ${RECEIPT} FROM funding_receipt f
      WHERE f.programme_code = $1 AND f.state <> 'reversed' AND f.source = 'funder' AND f.matched_pence < f.amount_pence
        AND ${LIKE('f.bank_reference', `''`, 'f.amount_pence')} ORDER BY f.id DESC LIMIT $4)
    UNION ALL
    (SELECT ${OWED} FROM adjustment a
      WHERE a.programme_code = $1 AND a.state = 'approved' AND a.taken_pence < a.amount_pence
        AND ${LIKE('a.credit_note_number', 'a.authority_code', 'a.amount_pence')} ORDER BY a.approved_at DESC LIMIT $4)
    UNION ALL
    (SELECT ${RETURN} FROM ${OF_RUN}
      WHERE r.programme_code = $1 AND r.state = 'approved' AND p.state = 'settled' AND p.amount_pence > p.returned_pence
        AND ${LIKE('p.reference', 'p.authority_code', 'p.amount_pence')} ORDER BY p.id DESC LIMIT $4)) c LIMIT $4`;

const DESCRIBED = `
  WITH wanted AS (SELECT DISTINCT w.kind, w.id FROM unnest($1::text[], $2::uuid[]) AS w (kind, id) WHERE w.id IS NOT NULL)
  SELECT ${PAYMENT} FROM wanted w JOIN ${OF_RUN} ON p.id = w.id WHERE w.kind = 'payment'
  UNION ALL SELECT ${RETURN} FROM wanted w JOIN ${OF_RUN} ON p.id = w.id WHERE w.kind = 'payment_return'
  UNION ALL SELECT ${RECEIPT} FROM wanted w JOIN funding_receipt f ON f.id = w.id WHERE w.kind = 'receipt'
  UNION ALL SELECT ${OWED} FROM wanted w JOIN adjustment a ON a.id = w.id WHERE w.kind = 'repayment'
  UNION ALL
  SELECT 'payment_run', r.id, r.number, NULL, r.total_pence,
         (SELECT coalesce(sum(p.amount_pence - p.matched_pence), 0)::bigint FROM payment p WHERE p.run_id = r.id AND p.state = 'scheduled'),
         ${DAY('coalesce(r.approved_at, r.prepared_at)')}, r.id
    FROM wanted w JOIN payment_run r ON r.id = w.id WHERE w.kind = 'payment_run'`;
