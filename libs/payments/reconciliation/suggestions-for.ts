import { type Tx } from '#platform/database';
import { suggest, type Candidate, type LineFacts, type Suggestion } from '../domain/index.js';

/** Looked through for slips and parts, besides what the indexes find by the exact amount: the newest that wait. */
const POOL = 200;
/** Of one amount more than these cannot be told apart by a person either. */
const ALIKE = 10;

interface Line extends LineFacts {
  id: string;
  programme: string;
}

interface Found extends Candidate {
  /** The line that this was found for; null for what any line may be. */
  lineId: string | null;
  incoming: boolean;
}

/**
 * What may explain lines that nothing explains in full, the likeliest first; lines without an idea are left out. For a page of
 * lines: a few statements whatever their number, each by an index.
 */
export async function suggestionsFor(tx: Tx, lineIds: readonly string[]): Promise<Map<string, Suggestion[]>> {
  if (lineIds.length === 0) return new Map();
  const lines = await tx.query<Line>(LINES, [lineIds]);
  const all: Found[] = [];
  for (const programme of new Set(lines.map((line) => line.programme))) {
    const own = lines.filter((line) => line.programme === programme);
    const amounts = own.map(({ leftPence }) => leftPence);
    all.push(...(await tx.query<Found>(BY_AMOUNT, [programme, own.map(({ id }) => id), amounts])));
    all.push(...(await tx.query<Found>(NEWEST, [programme])));
  }
  const suggestions = new Map<string, Suggestion[]>();
  for (const line of lines) {
    const own = all.filter(
      ({ lineId, incoming }) => (lineId ?? line.id) === line.id && incoming === line.leftPence > 0,
    );
    const ideas = suggest(line, unique(own));
    if (ideas.length > 0) suggestions.set(line.id, ideas);
  }
  return suggestions;
}

const unique = (found: readonly Found[]): Found[] => [
  ...new Map(found.map((one) => [`${one.kind} ${one.id}`, one])).values(),
];

const LINES = `
  SELECT l.id, b.programme_code AS programme, l.amount_pence - l.matched_pence AS "leftPence", l.currency, l.booked_on AS "bookedOn",
         array_remove(ARRAY[l.reference, l.bank_reference, l.end_to_end_id, l.remittance, l.narrative], NULL) AS texts,
         l.counterparty, l.transaction_code AS "transactionCode", l.return_reason AS "returnReason"
    FROM bank_line l JOIN bank_statement b ON b.id = l.statement_id
   WHERE l.id = ANY ($1::uuid[]) AND l.state <> 'matched' ORDER BY l.id`;

const DAY = (instant: string): string => `(${instant} AT TIME ZONE 'Europe/London')::date::text`;

const PAYMENT = `'payment' AS kind, p.id::text AS id, p.amount_pence - p.matched_pence AS "openPence", ${DAY('r.approved_at')} AS "on",
  ARRAY[p.reference, p.end_to_end_id] AS references, ARRAY[d.account_name, p.authority_code] AS names, false AS incoming`;
const RETURN = `'payment_return' AS kind, p.id::text AS id, p.amount_pence - p.returned_pence AS "openPence", ${DAY('p.settled_at')} AS "on",
  ARRAY[p.reference, p.end_to_end_id] AS references, ARRAY[d.account_name, p.authority_code] AS names, true AS incoming`;
const OF_PAYMENT = `JOIN payment_run r ON r.id = p.run_id AND r.state = 'approved' AND r.programme_code = $1
  JOIN bank_details d ON d.authority_code = p.authority_code AND d.version = p.account_version`;
const RECEIPT = `'receipt' AS kind, f.id::text AS id, f.amount_pence - f.matched_pence AS "openPence", f.received_on::text AS "on",
  ARRAY[f.bank_reference] AS references, ARRAY[]::text[] AS names, true AS incoming`;
const OWED = `'repayment' AS kind, a.id::text AS id, a.amount_pence - a.taken_pence AS "openPence", ${DAY('a.approved_at')} AS "on",
  ARRAY[a.credit_note_number] AS references, ARRAY[u.name, a.authority_code] AS names, true AS incoming`;
const OF_ADJUSTMENT = `JOIN authority u ON u.code = a.authority_code`;

/** $1 programme, $2 lines, $3 what is left of each: what has exactly that open. */
const BY_AMOUNT = `
  WITH lines AS (SELECT * FROM unnest($2::uuid[], $3::bigint[]) AS l (id, pence))
  SELECT l.id AS "lineId", c.* FROM lines l CROSS JOIN LATERAL (
    SELECT ${PAYMENT} FROM payment p ${OF_PAYMENT}
     WHERE l.pence < 0 AND p.state = 'scheduled' AND p.amount_pence = -l.pence ORDER BY p.id DESC LIMIT ${ALIKE}) c
  UNION ALL
  SELECT l.id, c.* FROM lines l CROSS JOIN LATERAL (
    SELECT ${RETURN} FROM payment p ${OF_PAYMENT}
     WHERE l.pence > 0 AND p.state = 'settled' AND p.amount_pence = l.pence ORDER BY p.settled_at DESC LIMIT ${ALIKE}) c
  UNION ALL
  SELECT l.id, c.* FROM lines l CROSS JOIN LATERAL (
    SELECT ${RECEIPT} FROM funding_receipt f
     WHERE f.programme_code = $1 AND f.state <> 'reversed' AND f.source = 'funder' AND f.matched_pence < f.amount_pence AND f.amount_pence = l.pence
     ORDER BY f.id DESC LIMIT ${ALIKE}) c`;

/** $1 programme: what waits, the newest of each kind, and what runs as a whole wait for. */
const NEWEST = `
  SELECT NULL AS "lineId", c.* FROM (
    SELECT ${PAYMENT} FROM payment p ${OF_PAYMENT} WHERE p.state = 'scheduled' AND p.amount_pence > 0 ORDER BY p.id DESC LIMIT ${POOL}) c
  UNION ALL
  SELECT NULL, c.* FROM (
    SELECT ${RETURN} FROM payment p ${OF_PAYMENT} WHERE p.state = 'settled' AND p.amount_pence > 0 ORDER BY p.id DESC LIMIT ${POOL}) c
  UNION ALL
  SELECT NULL, c.* FROM (
    SELECT ${RECEIPT} FROM funding_receipt f
     WHERE f.programme_code = $1 AND f.state <> 'reversed' AND f.source = 'funder' AND f.matched_pence < f.amount_pence
     ORDER BY f.id DESC LIMIT ${POOL}) c
  UNION ALL
  SELECT NULL, c.* FROM (
    SELECT ${OWED} FROM adjustment a ${OF_ADJUSTMENT}
     WHERE a.programme_code = $1 AND a.state = 'approved' AND a.taken_pence < a.amount_pence ORDER BY a.approved_at DESC LIMIT ${POOL}) c
  UNION ALL
  SELECT NULL, 'payment_run', r.id::text, w.open, ${DAY('r.approved_at')}, ARRAY[r.number], ARRAY[]::text[], false FROM (
    SELECT id, number, approved_at FROM payment_run WHERE programme_code = $1 AND state = 'approved' ORDER BY id DESC LIMIT ${ALIKE}) r
   CROSS JOIN LATERAL (SELECT sum(p.amount_pence - p.matched_pence)::bigint AS open, count(*) AS payments FROM payment p
                        WHERE p.run_id = r.id AND p.state = 'scheduled' AND p.amount_pence > 0) w WHERE w.payments > 1`;
