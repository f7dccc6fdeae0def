import { type Tx } from '#platform/database';

/** What the bank takes for making a payment names the payment too: it is no part of it. As the suggestions know it (suggest.ts). */
const IS_NO_CHARGE = `coalesce(l.transaction_code, '') !~* '\\m(N?CHRG|NCHG|FEES|COMM)\\M'`;

/** Open lines of the statements $1 with one sign, in the order in which the bank booked them. */
const lines = (sign: '<' | '>'): string => `
  lines AS MATERIALIZED (
    SELECT l.id, b.programme_code, abs(l.amount_pence) AS pence, l.end_to_end_id, l.reference, l.bank_reference,
           concat_ws(' ', l.reference, l.remittance, l.narrative, l.end_to_end_id, l.instruction_id) AS text,
           row_number() OVER (ORDER BY b.ends_on, b.sequence, b.place, l.statement_id, l.seq) AS place
      FROM bank_line l JOIN bank_statement b ON b.id = l.statement_id
     WHERE l.statement_id = ANY ($1::uuid[]) AND l.amount_pence ${sign} 0 AND l.matched_pence = 0${sign === '<' ? ` AND ${IS_NO_CHARGE}` : ''}
  )`;

/**
 * Which payments lines name: by the end-to-end id where the bank gives it, else by a reference or an end-to-end id anywhere in
 * their texts. A line counts as many payments as it names, whatever became of them.
 *
 * The lines came in this transaction, so the planner takes them for a handful. What is asked of a line's other rows is asked by
 * windows therefore, and no step is joined to itself: a nested loop over all of them would be squared.
 */
const NAMED = `
  by_id AS MATERIALIZED (
    SELECT l.*, p.id AS payment_id FROM lines l LEFT JOIN payment p ON p.end_to_end_id = l.end_to_end_id
  ), words AS (
    SELECT l.id, l.place, l.pence, l.programme_code, upper(l.text) AS text FROM by_id l WHERE l.payment_id IS NULL
  ), named AS (
    SELECT id AS line_id, place, pence, programme_code, payment_id FROM by_id WHERE payment_id IS NOT NULL
    UNION
    SELECT l.id, l.place, l.pence, l.programme_code, p.id
      FROM words l CROSS JOIN LATERAL regexp_matches(l.text, 'P[0-9]{10,17}', 'g') AS w(word) JOIN payment p ON p.reference = w.word[1]
    UNION
    SELECT l.id, l.place, l.pence, l.programme_code, p.id
      FROM words l CROSS JOIN LATERAL regexp_split_to_table(l.text, '[^A-Z0-9-]+') AS w(word) JOIN payment p ON p.end_to_end_id = w.word
     WHERE l.text LIKE '%-PR-%' -- as every end-to-end id of ours (payment-names.ts); the text of others is not taken apart
  ), wanted AS (
    SELECT n.line_id, n.payment_id, n.place, n.pence AS line_pence, p.amount_pence - p.matched_pence AS open, p.amount_pence - p.returned_pence AS kept,
           p.state, count(*) OVER line AS payments, sum(p.amount_pence - p.matched_pence) OVER line AS all_open,
           bool_and(p.state = 'scheduled') OVER line AS all_wait
      FROM named n JOIN payment p ON p.id = n.payment_id
      JOIN payment_run r ON r.id = p.run_id AND r.state = 'approved' AND r.programme_code = n.programme_code
    WINDOW line AS (PARTITION BY n.line_id)
  )`;

/** $2 who, $3 when. */
const STORE = `, stored AS (
    INSERT INTO bank_match (id, line_id, kind, target_id, pence, how, matched_by, matched_at)
    SELECT bank_match_id($3), c.line_id, c.kind, c.target_id, c.pence, 'exact', $2, $3 FROM chosen c RETURNING target_id
  ) SELECT DISTINCT target_id AS id FROM stored ORDER BY id`;

/**
 * Debits that name payments of approved runs. One payment: the line is at most what is open of it (a part waits for the rest). Several
 * payments: the line is exactly what is open of all. What would take a payment beyond its amount is left, the lines taken in order, but first
 * what is all of it: a fee that speaks of the payment is not to keep it from being settled.
 */
const DEBITS = `
  WITH ${lines('<')}, ${NAMED}, shares AS (
    SELECT *, CASE WHEN payments = 1 THEN line_pence ELSE open END AS pence FROM wanted
     WHERE all_wait AND (payments = 1 AND line_pence <= open OR payments > 1 AND line_pence = all_open)
  ), fitting AS (
    SELECT *, sum(pence) OVER (PARTITION BY payment_id ORDER BY pence < open, place) <= open AS fits FROM shares
  ), whole AS (
    SELECT *, bool_and(fits) OVER (PARTITION BY line_id) AS all_fit FROM fitting
  ), chosen AS (
    SELECT w.line_id, 'payment' AS kind, w.payment_id AS target_id, -w.pence AS pence FROM whole w WHERE w.all_fit
  )${STORE}`;

/** Credits that name one settled payment and are exactly what of it is not back yet: the bank returned it. */
const RETURNS = `
  WITH ${lines('>')}, ${NAMED}, chosen AS (
    SELECT DISTINCT ON (payment_id) line_id, 'payment_return' AS kind, payment_id AS target_id, line_pence AS pence FROM wanted
     WHERE payments = 1 AND state = 'settled' AND line_pence = kept ORDER BY payment_id, place
  )${STORE}`;

/** As libs/funding keeps a receipt's reference: capitals, letters and digits only. */
const key = (column: string): string => `upper(regexp_replace(coalesce(${column}, ''), '[^[:alnum:]]', '', 'g'))`;
const IS_ONE_OF_THEIRS = `r.reference_key IN (${key('l.reference')}, ${key('l.bank_reference')}, ${key('l.end_to_end_id')})`;

/**
 * Credits of exactly a receipt's amount that have its bank reference: as one of their own, else as a part of their texts, which a
 * short one may be of anything. One receipt a line and one line a receipt, or none.
 */
const CREDITS = `
  WITH ${lines('>')}, wanted AS (
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
  )${STORE}`;

const pass =
  (text: string) =>
  async (tx: Tx, statementIds: readonly string[]): Promise<string[]> => {
    const targets = await tx.query<{ id: string }>(text, [statementIds, tx.actor.userId, tx.now]);
    return targets.map(({ id }) => id);
  };

/** Each pass is one statement over all lines, however many; it stores what it finds and answers what the lines show. */
export const matchDebits = pass(DEBITS);
export const matchReturns = pass(RETURNS);
export const matchCredits = pass(CREDITS);
