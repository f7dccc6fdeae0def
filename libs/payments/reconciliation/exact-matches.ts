import { type Tx } from '#platform/database';
import { type Before } from './payment-steps.js';

/** A line with a payment that it names, as it is to be matched. Pence are signed as the line. */
export interface LineOfPayment {
  lineId: string;
  paymentId: string;
  pence: number;
}

/** $1 who, $2 when: of `chosen` (line_id, kind, target_id, pence). */
const STORED = `stored AS (
    INSERT INTO bank_match (id, line_id, kind, target_id, pence, how, matched_by, matched_at)
    SELECT bank_match_id($2), c.line_id, c.kind, c.target_id, c.pence, 'exact', $1, $2 FROM chosen c RETURNING target_id
  )`;

/** $3 lines, $4 payments, $5 pence, in the order of the file. */
const NAMED = `named AS (
    SELECT * FROM unnest($3::uuid[], $4::uuid[], $5::bigint[]) WITH ORDINALITY AS n(line_id, payment_id, pence, place)
  )`;
const named = (lines: readonly LineOfPayment[]): unknown[] => [
  lines.map(({ lineId }) => lineId),
  lines.map(({ paymentId }) => paymentId),
  lines.map(({ pence }) => pence),
];

const SEVERAL = `
  WITH ${NAMED}, chosen AS (
    SELECT line_id, 'payment' AS kind, payment_id AS target_id, pence FROM named
  ), ${STORED} SELECT count(*) FROM stored`;

/** Lines that are several payments each: one match for each of them. */
export async function storeSeveral(tx: Tx, lines: readonly LineOfPayment[]): Promise<void> {
  if (lines.length > 0) await tx.query(SEVERAL, [tx.actor.userId, tx.now, ...named(lines)]);
}

/** Credits that name one settled payment and are exactly what of it is not back yet: the bank returned it. */
const RETURNS = `
  WITH ${NAMED}, chosen AS (
    SELECT DISTINCT ON (p.id) n.line_id, 'payment_return' AS kind, p.id AS target_id, n.pence
      FROM named n JOIN payment p ON p.id = n.payment_id AND p.state = 'settled' AND n.pence = p.amount_pence - p.returned_pence
     ORDER BY p.id, n.place
  ), ${STORED} SELECT p.id, p.state, p.matched_pence AS "matchedPence" FROM stored s JOIN payment p ON p.id = s.target_id ORDER BY p.id`;

/** Answers the payments that came back, as they were before. */
export async function matchReturns(tx: Tx, lines: readonly LineOfPayment[]): Promise<(Before & { id: string })[]> {
  if (lines.length === 0) return [];
  return tx.query(RETURNS, [tx.actor.userId, tx.now, ...named(lines)]);
}

/** As libs/funding keeps a receipt's reference: capitals, letters and digits only. */
const key = (column: string): string => `upper(regexp_replace(coalesce(${column}, ''), '[^[:alnum:]]', '', 'g'))`;
const IS_ONE_OF_THEIRS = `r.reference_key IN (${key('l.reference')}, ${key('l.bank_reference')}, ${key('l.end_to_end_id')})`;

/**
 * Credits of exactly a receipt's amount that have its bank reference: as one of their own, else as a part of their texts, which a
 * short one may be of anything. One receipt a line and one line a receipt, or none. The lines came in this transaction, so the planner
 * takes them for a handful: what is asked of a line's other rows is asked by windows, since a nested loop over all would be squared.
 */
const CREDITS = `
  WITH lines AS MATERIALIZED (
    SELECT l.id, b.programme_code, l.amount_pence AS pence, l.end_to_end_id, l.reference, l.bank_reference,
           concat_ws(' ', l.reference, l.remittance, l.narrative, l.end_to_end_id, l.instruction_id) AS text,
           row_number() OVER (ORDER BY b.ends_on, b.day_place, l.statement_id, l.seq) AS place
      FROM bank_line l JOIN bank_statement b ON b.id = l.statement_id
     WHERE l.statement_id = ANY ($3::uuid[]) AND l.amount_pence > 0 AND l.matched_pence = 0
  ), wanted AS (
    SELECT l.id AS line_id, l.place, l.pence, r.id AS receipt_id, ${IS_ONE_OF_THEIRS} AS whole
      FROM lines l JOIN funding_receipt r ON r.programme_code = l.programme_code AND r.amount_pence = l.pence
     WHERE r.state <> 'reversed' AND r.matched_pence = 0 AND r.source = 'funder'
       AND (${IS_ONE_OF_THEIRS} OR length(r.reference_key) >= 6 AND position(r.reference_key IN ${key('l.text')}) > 0)
  ), judged AS (
    SELECT w.*, bool_or(whole) OVER (PARTITION BY line_id) AS one_is_whole FROM wanted w
  ), best AS (
    SELECT j.*, count(*) OVER (PARTITION BY line_id) AS receipts FROM judged j WHERE j.whole OR NOT j.one_is_whole
  ), chosen AS (
    SELECT DISTINCT ON (receipt_id) line_id, 'receipt' AS kind, receipt_id AS target_id, pence FROM best
     WHERE receipts = 1 ORDER BY receipt_id, whole DESC, place
  ), ${STORED} SELECT DISTINCT target_id AS id FROM stored ORDER BY id`;

/** One statement over all lines, however many. Answers the receipts that they show. */
export async function matchCredits(tx: Tx, statementIds: readonly string[]): Promise<string[]> {
  const receipts = await tx.query<{ id: string }>(CREDITS, [tx.actor.userId, tx.now, statementIds]);
  return receipts.map(({ id }) => id);
}
