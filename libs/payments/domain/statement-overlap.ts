import type { Neighbour } from './statement-gaps.js';
import { orderOfDay } from './statement-order.js';

/** A statement's days and balances: where in its account it stands. */
export interface StatementSpan extends Neighbour {
  startsOn: string;
  format?: string;
}

/** One that was read and has days in common with the statement asked about. */
export interface NearStatement extends StatementSpan {
  id: string;
  /** Whether both have an entry of one day and one amount. */
  sameEntry: boolean;
}

/**
 * Whether a statement stands between the ones it has days in common with (in the order of the account) without a break: it begins with
 * the balance that the one before it ends with (with none before, ends with the one that the next begins with), and takes nobody's place.
 */
export function continuesAccount(statement: StatementSpan, near: readonly NearStatement[]): boolean {
  const { before, after } = neighbours(statement, near);
  if (before ? before.closingPence !== statement.openingPence : after?.openingPence !== statement.closingPence) {
    return false;
  }
  if (before?.closingPence !== after?.openingPence || isNumberedBetween(before, statement, after)) return true;
  return statement.closingPence === statement.openingPence;
}

/** Then its place is free, though the balances beside it meet as they do when money went to and fro. */
const isNumberedBetween = (before: Neighbour | null, { sequence }: Neighbour, after: Neighbour | null): boolean =>
  sequence !== null && (before?.sequence ?? sequence) < sequence && sequence < (after?.sequence ?? sequence);

/**
 * The statement whose money another would tell of once more; null when it can be read. Of days in common the balances decide: a day's
 * next statement goes on where the one before ends. One that does not is refused when it begins or ends as the other does, has an
 * entry of the other, or lies across it; one that does, only when it lies across the other and has an entry of it.
 */
export function overlapped(statement: StatementSpan, near: readonly NearStatement[]): NearStatement | null {
  const continues = continuesAccount(statement, near);
  const twice = (one: NearStatement): boolean => {
    const across = one.endsOn > statement.startsOn && one.startsOn < statement.endsOn;
    if (continues) return across && one.sameEntry;
    const alike = one.openingPence === statement.openingPence || one.closingPence === statement.closingPence;
    return across || alike || one.sameEntry;
  };
  return near.find(twice) ?? null;
}

/** The one before it and the one after it, once it has its place among those of its last day. */
export function neighbours(
  statement: StatementSpan,
  near: readonly NearStatement[],
): { before: NearStatement | null; after: NearStatement | null } {
  const earlier = near.filter(({ endsOn }) => endsOn < statement.endsOn);
  const later = near.filter(({ endsOn }) => endsOn > statement.endsOn);
  const ofItsDay = near.filter(({ endsOn }) => endsOn === statement.endsOn);
  const order = orderOfDay<StatementSpan>({
    before: earlier.at(-1)?.closingPence ?? null,
    after: later[0]?.openingPence ?? null,
    statements: [...ofItsDay, statement],
  }) as (NearStatement | StatementSpan)[];
  const isNear = (one: StatementSpan): one is NearStatement => one !== statement;
  const at = order.indexOf(statement);
  return {
    before: order.slice(0, at).filter(isNear).at(-1) ?? earlier.at(-1) ?? null,
    after: order.slice(at + 1).find(isNear) ?? later[0] ?? null,
  };
}
