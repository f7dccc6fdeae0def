import { InvalidValue } from '#kernel';
import { statement, violatedConstraint, type Tx } from '#platform/database';
import { authorityOf, requireSound, type Journal } from './domain/index.js';

const POST = statement('SELECT ledger_post($1, $2, $3) AS count');
const REVERSE = statement('SELECT ledger_reverse($1, $2, $3, $4) AS count');

/**
 * Books what happened, in the caller's transaction and at its instant: one statement for however many. A journal whose
 * event is in the books already posts nothing. Returns how many were new. An unbalanced journal throws InvalidValue here,
 * and is refused by the database at commit whoever made it.
 *
 * Call it after what it books is decided and before the audit trail (lock order: … number series, ledger, audit head).
 */
export async function postJournals(tx: Tx, journals: readonly Journal[]): Promise<number> {
  if (journals.length === 0) return 0;
  journals.forEach(requireSound);
  const records = journals.map((journal) => ({ ...journal, authority: authorityOf(journal) }));
  const [row] = await tx.query<{ count: number }>(POST, [tx.now, tx.actor.userId, JSON.stringify(records)]);
  return row!.count;
}

/**
 * Posts the opposite of journals, named by their events, under the event `reversal:<event>`. What is reversed already is
 * left as it is. Returns how many were reversed now. Throws InvalidValue for an event the books do not have, or that is
 * a reversal itself: a defect in the caller.
 */
export async function reverseJournals(tx: Tx, events: readonly string[], reason: string): Promise<number> {
  if (events.length === 0) return 0;
  try {
    const [row] = await tx.query<{ count: number }>(REVERSE, [tx.now, tx.actor.userId, events, reason.slice(0, 500)]);
    return row!.count;
  } catch (error) {
    if (violatedConstraint(error) !== 'journal_to_reverse') throw error;
    throw new InvalidValue((error as Error).message);
  }
}
