import { v7 as uuid } from 'uuid';
import { conflict, londonDate, refused, type Pence, type Problem } from '#kernel';
import { invoiceNumberKey } from '#claims/domain';
import { violatedConstraint, type Tx } from '#platform/database';
import { grantQuarters, quarterOf } from './domain/index.js';
import { type GrantEntryView } from './grant.view.js';
import { type GrantKey } from './grant-record.js';
import { type EntryInput } from './entry.input.js';

/** An entry whose form is right. */
export type NewEntry = EntryInput & { importId?: string };

/** What the rules of the grant say against an entry; none refuses it by its form. `today` is London's date. */
export function entryProblems(key: GrantKey, entry: EntryInput, today: string): Problem[] {
  const problems: Problem[] = quarterProblems(key, entry.quarter, today);
  if (entry.incurredOn != null && entry.incurredOn > today) {
    const message = 'The date lies in the future. Record a cost once it is there.';
    problems.push({ path: 'incurredOn', code: 'grant_date_in_future', message });
  }
  return problems;
}

function quarterProblems({ terms }: GrantKey, code: string, today: string): Problem[] {
  const quarters = grantQuarters(terms);
  if (!quarters.some((one) => one.code === code)) {
    const message = `The grant has quarters from ${quarters[0]!.code} to ${quarters.at(-1)!.code}. Name one of them.`;
    return [{ path: 'quarter', code: 'quarter_outside_grant', message }];
  }
  if (quarterOf(code)!.from <= today) return [];
  const message = 'The quarter has not begun. Enter what you expect of it as its forecast.';
  return [{ path: 'quarter', code: 'quarter_not_begun', message }];
}

/** Throws the first problem as the refusal it is, with all of them listed. */
export function refuseEntry(problems: readonly Problem[]): void {
  const [first] = problems;
  if (first) throw refused(first.code, first.message, problems);
}

/** Stores entries of a locked grant in one statement; returns their ids in order. Throws refused `grant_overspent`, conflict `grant_entry_replaced`, refused `grant_entry_unknown`. */
export async function insertEntries(tx: Tx, key: GrantKey, entries: readonly NewEntry[]): Promise<string[]> {
  const ids = entries.map(() => uuid());
  const column = <T>(of: (entry: NewEntry) => T | null | undefined): (T | null)[] =>
    entries.map((entry) => of(entry) ?? null);
  try {
    await tx.execute(
      `INSERT INTO grant_entry (programme_code, authority_code, entered_by, entered_at, id, quarter, amount_pence, description,
                                incurred_on, supplier, supplier_reference, reference_key, replaces, reason, import_id)
       SELECT $1, $2, $3, $4, * FROM unnest($5::uuid[], $6::text[], $7::bigint[], $8::text[], $9::date[], $10::text[],
                                            $11::text[], $12::text[], $13::uuid[], $14::text[], $15::uuid[])`,
      [
        ...[key.programme, key.authority, tx.actor.userId, tx.now, ids],
        column((entry) => entry.quarter),
        column((entry) => entry.amountPence),
        column((entry) => entry.description),
        column((entry) => entry.incurredOn),
        column((entry) => entry.supplier),
        column((entry) => entry.supplierReference),
        column((entry) => entry.supplierReference && invoiceNumberKey(entry.supplierReference)),
        column((entry) => entry.replaces),
        column((entry) => entry.reason),
        column((entry) => entry.importId),
      ],
    );
  } catch (error) {
    if (violatedConstraint(error) === 'grant_not_overspent') throw overspent();
    if (violatedConstraint(error) === 'grant_entry_replaced_once') throw alreadyReplaced();
    throw error;
  }
  return ids;
}

const overspent = () =>
  refused(
    'grant_overspent',
    'With this, more would be spent than the grant is. Record what the grant paid for; the rest is the authority’s own money.',
  );
export const alreadyReplaced = () =>
  conflict('grant_entry_replaced', 'The entry was corrected already. Correct the newer entry instead.');

/** What the trail keeps of an entry: figures and the quarter; suppliers and descriptions may name a person. */
export interface EntryFigures {
  id: string;
  quarter: string;
  amountPence: Pence;
  replaced: boolean;
}

/** An entry of this grant, or null. */
export async function findEntry(tx: Tx, key: GrantKey, id: string): Promise<EntryFigures | null> {
  const [row] = await tx.query<EntryFigures>(
    `SELECT id, quarter, amount_pence AS "amountPence",
            EXISTS (SELECT FROM grant_entry r WHERE r.replaces = e.id) AS replaced
       FROM grant_entry e WHERE id = $3 AND programme_code = $1 AND authority_code = $2`,
    [key.programme, key.authority, id],
  );
  return row ?? null;
}

export type EntryRow = Omit<GrantEntryView, 'flags' | 'enteredAt'> & { enteredAt: Date };

/** Entries of a grant, newest first, corrected ones included. */
export function listEntries(
  tx: Tx,
  key: GrantKey,
  wanted: { quarter: string | null; before: string | null; limit: number; ids?: readonly string[] },
): Promise<EntryRow[]> {
  return tx.query<EntryRow>(
    `SELECT e.id, e.quarter, e.amount_pence AS "amountPence", e.description, e.incurred_on AS "incurredOn", e.supplier,
            e.supplier_reference AS "supplierReference", e.replaces, r.id AS "replacedBy", e.reason,
            e.entered_by AS "enteredBy", e.entered_at AS "enteredAt"
       FROM grant_entry e LEFT JOIN grant_entry r ON r.replaces = e.id
      WHERE e.programme_code = $1 AND e.authority_code = $2 AND ($3::text IS NULL OR e.quarter = $3)
        AND ($4::uuid IS NULL OR e.id < $4) AND ($5::uuid[] IS NULL OR e.id = ANY ($5))
      ORDER BY e.id DESC LIMIT $6`,
    [key.programme, key.authority, wanted.quarter, wanted.before, wanted.ids ?? null, wanted.limit],
  );
}

/** London's date in this transaction. */
export const todayOf = (tx: Tx): string => londonDate(tx.now);
