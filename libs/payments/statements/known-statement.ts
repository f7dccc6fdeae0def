import { type Tx } from '#platform/database';
import type { StatementHeader } from '../bank-files/statement.js';
import { continuesAccount, neighbours, overlapped, type NearStatement, type StatementSpan } from '../domain/index.js';
import { FileRefused } from './refusal.js';

/** A statement whose lines are in the database, before it is whole. */
export interface StatementRead {
  id: string;
  programme: string;
  key: string;
  header: StatementHeader;
  span: StatementSpan;
  lines: number;
  contents: string;
}

/**
 * The statement that this one was loaded as before, or null when it is new.
 * Throws FileRefused `statement_contradicts` when the one before has this one's number and day and begins as it does, yet tells of other
 * entries: one of the two is wrong, and a person must say which; `statement_overlaps` when others have told of its days already.
 */
export async function loadedBefore(tx: Tx, statement: StatementRead): Promise<string | null> {
  const same = await ofItsNumber(tx, statement);
  if (same) return same;
  if (statement.lines === 0) return null;
  const near = await nearTo(tx, statement);
  const twin = await withoutNumber(tx, statement, near);
  if (twin) return twin;
  const other = overlapped(statement.span, near);
  if (other) throw overlaps(statement.span, other);
  return null;
}

async function ofItsNumber(tx: Tx, { id, programme, key, header, span, contents }: StatementRead) {
  const { sequence, statementId } = header;
  const [found] = await tx.query<{ id: string; contents: string }>(
    `SELECT id, contents_sha256 AS contents FROM bank_statement
      WHERE programme_code = $1 AND state <> 'quarantined' AND id <> $2
        AND (contents_sha256 = $3
          OR (account_key = $4 AND ends_on = $5 AND opening_pence = $6
            AND CASE WHEN $7::bigint IS NOT NULL THEN sequence = $7 ELSE statement_id = $8 AND sequence IS NULL END))
      ORDER BY contents_sha256 = $3 DESC LIMIT 1`,
    [programme, id, contents, key, span.endsOn, span.openingPence, sequence, statementId],
  );
  if (!found || found.contents === contents) return found?.id ?? null;
  throw new FileRefused(
    'statement_contradicts',
    'end of the statement',
    `Statement ${sequence ?? statementId} of this account was loaded before with other entries. Ask the bank which is right.`,
  );
}

/**
 * The statements with a day in common, in their order. A day is in common by what was booked: the opening balance may be dated the day
 * before, and a period may begin with days of nothing.
 */
async function nearTo(tx: Tx, { id, programme, key, span }: StatementRead): Promise<NearStatement[]> {
  return tx.query<NearStatement>(
    `SELECT b.id, b.sequence, b.format, b.opening_pence AS "openingPence", b.closing_pence AS "closingPence", s.starts_on AS "startsOn", b.ends_on AS "endsOn",
            EXISTS (SELECT 1 FROM bank_line l JOIN bank_line n ON n.booked_on = l.booked_on AND n.amount_pence = l.amount_pence
                     WHERE l.statement_id = b.id AND n.statement_id = $3 AND l.amount_pence <> 0) AS "sameEntry"
       FROM bank_statement b
       CROSS JOIN LATERAL (SELECT greatest(b.opening_on, b.from_on) AS said_on) h
       CROSS JOIN LATERAL (
         SELECT least(b.ends_on, greatest(h.said_on,
                  CASE WHEN h.said_on > $5::date THEN NULL ELSE (SELECT min(l.booked_on) FROM bank_line l WHERE l.statement_id = b.id) END)) AS starts_on) s
      WHERE b.programme_code = $1 AND b.account_key = $2 AND b.state <> 'quarantined' AND b.id <> $3 AND b.line_count > 0
        AND b.ends_on >= $4::date AND s.starts_on <= $5::date
      ORDER BY b.ends_on, b.day_place`,
    [programme, key, id, span.startsOn, span.endsOn],
  );
}

/**
 * The same statement, when one of the two has neither number nor name (a CSV): from one balance to another by the same entries of the same
 * days, with the same references of the bank. Where only one gives references, it is the same unless it goes on
 * where another ended, as when a payment that came back is made again: then it is read, so that no money is lost.
 */
async function withoutNumber(tx: Tx, statement: StatementRead, near: readonly NearStatement[]): Promise<string | null> {
  const { id, programme, key, span, header, lines } = statement;
  const { sequence, statementId } = header;
  const { openingPence, closingPence } = span;
  const twins = await tx.query<{ id: string; agree: boolean | null }>(TWINS, [
    ...[id, programme, key, openingPence, closingPence, lines, sequence, statementId],
  ]);
  const last = neighbours(span, near).before?.id;
  const goesOn = continuesAccount(span, near);
  return twins.find((twin) => twin.agree ?? (!goesOn || twin.id === last))?.id ?? null;
}

/** $1 is the statement. `agree`: whether references that both give are the same; null when none is. */
const TWINS = `
  WITH candidate AS (
    SELECT b.id FROM bank_statement b
     WHERE b.id <> $1 AND b.programme_code = $2 AND b.account_key = $3 AND b.state <> 'quarantined'
       AND b.opening_pence = $4 AND b.closing_pence = $5 AND b.line_count = $6
       AND (b.sequence IS NULL OR $7::bigint IS NULL) AND (b.statement_id IS NULL OR $8::text IS NULL)
  ), told AS (
    SELECT l.statement_id, l.booked_on, l.amount_pence, count(*) AS entries,
           CASE WHEN count(*) = count(l.bank_reference) THEN array_agg(l.bank_reference ORDER BY l.bank_reference) END AS bank_references,
           CASE WHEN count(*) = count(l.end_to_end_id) THEN array_agg(l.end_to_end_id ORDER BY l.end_to_end_id) END AS end_to_end_ids
      FROM bank_line l
     WHERE l.statement_id IN (SELECT id FROM candidate) OR (l.statement_id = $1 AND EXISTS (SELECT 1 FROM candidate))
     GROUP BY l.statement_id, l.booked_on, l.amount_pence
  ), compared AS (
    SELECT c.id, bool_and(o.entries IS NOT NULL) AS same,
           bool_and(n.bank_references = o.bank_references) AS banks_agree, bool_and(n.end_to_end_ids = o.end_to_end_ids) AS ids_agree
      FROM candidate c CROSS JOIN told n
      LEFT JOIN told o ON (o.statement_id, o.booked_on, o.amount_pence, o.entries) = (c.id, n.booked_on, n.amount_pence, n.entries)
     WHERE n.statement_id = $1 GROUP BY c.id
  )
  SELECT id, CASE WHEN banks_agree IS NULL THEN ids_agree WHEN ids_agree IS NULL THEN banks_agree ELSE banks_agree AND ids_agree END AS agree
    FROM compared WHERE same ORDER BY 2 DESC NULLS LAST, id`;

function overlaps(statement: StatementSpan, other: NearStatement): FileRefused {
  const days = ({ startsOn, endsOn }: StatementSpan): string =>
    startsOn === endsOn ? startsOn : `${startsOn} to ${endsOn}`;
  const number = other.sequence === null ? 'one' : `number ${other.sequence}`;
  return new FileRefused(
    'statement_overlaps',
    'end of the statement',
    `This statement tells of ${days(statement)} and does not go on where the others of the account end: ${number}, of ${days(other)}, was ` +
      'read already, and what both tell of would be in the books twice. Ask the bank for the days that were not read. If a statement ' +
      'between the two is missing, load that first and then this file again.',
  );
}
