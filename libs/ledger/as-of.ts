import { malformed } from '#kernel';
import { type Tx } from '#platform/database';
import { kinds } from '#platform/validation';
import { periodOf } from './balances.js';

/** Throws malformed for what is neither an instant nor a date. */
export function requireAsOf(asOf: string | undefined): void {
  const wrong = asOf !== undefined && kinds.date().check(asOf) !== null && kinds.instant().check(asOf);
  if (wrong) throw malformed([{ path: 'asOf', ...wrong }]);
}

/** The instant that `asOf` means: itself, the end of that day in London for a date, now without one. */
export async function instantOf(tx: Tx, asOf: string | undefined): Promise<Date> {
  if (asOf === undefined) return tx.now;
  if (kinds.date().check(asOf) !== null) return new Date(asOf);
  const { until } = await periodOf(tx, asOf, asOf);
  return new Date(until.getTime() - 1);
}
