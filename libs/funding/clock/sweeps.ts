import { type Tx } from '#platform/database';

export type SweepName = 'payment clock' | 'weekly digest' | 'daily summaries';

/** Nobody reads in the night, and what happened by midnight is told complete: the hour in London from which sweeps write. */
export const FIRST_HOUR = 6;

/** Whether a sweep is still to be done for a day (or a week, by its Monday); dates compare as text. */
export async function isToDo(tx: Tx, name: SweepName, day: string, lock: '' | 'FOR UPDATE' = ''): Promise<boolean> {
  const [row] = await tx.query<{ doneFor: string | null }>(
    `SELECT done_for AS "doneFor" FROM sweep WHERE name = $1 ${lock}`,
    [name],
  );
  return row!.doneFor === null || row!.doneFor < day;
}

/**
 * Takes a sweep for a day, until commit: false when it is done already, also by somebody who was at it at the same time. What
 * it does is in the same transaction, so that it is done whole or, after a crash, all over again.
 */
export async function takeSweep(tx: Tx, name: SweepName, day: string): Promise<boolean> {
  if (!(await isToDo(tx, name, day, 'FOR UPDATE'))) return false;
  await tx.execute('UPDATE sweep SET done_for = $2, done_at = $3 WHERE name = $1', [name, day, tx.now]);
  return true;
}
