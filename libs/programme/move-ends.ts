import { createHash } from 'node:crypto';
import { daysOfNumeric, formatDays, notFound, refused, type DomainError, type MilliDays } from '#kernel';
import { type Tx } from '#platform/database';

/** A move of days within a category. */
export interface Move {
  programme: string;
  category: string;
  amount: MilliDays;
  days: string;
  /** Null is the reserve, on either end. */
  source: string | null;
  target: string | null;
}

/** One end of a move as it stands: an authority's allocation, or the reserve, which nobody draws on. */
export interface MoveEnd {
  /** Null is the reserve. */
  authority: string | null;
  /** Of the allocation; null for the reserve. */
  id: string | null;
  /** Allotted, or held in reserve. */
  total: MilliDays;
  reserved: MilliDays;
  used: MilliDays;
}

interface AllocationRow {
  id: string;
  authority_code: string;
  allotted: string;
  reserved: string;
  used: string;
}

/** Both ends of a move; `lock` holds their rows until commit. Throws not_found for an end without this category. */
export async function readEnds(tx: Tx, move: Move, lock: boolean): Promise<{ source: MoveEnd; target: MoveEnd }> {
  const rows = await tx.query<AllocationRow>(
    `SELECT id, authority_code, allotted_days::text AS allotted, reserved_days::text AS reserved, used_days::text AS used
       FROM allocation
      WHERE programme_code = $1 AND category = $2 AND authority_code = ANY ($3) ORDER BY id ${lock ? 'FOR UPDATE' : ''}`,
    [move.programme, move.category, [move.source, move.target].filter(Boolean)],
  );
  const end = (code: string): MoveEnd => {
    const row = rows.find((candidate) => candidate.authority_code === code);
    if (!row) throw notFound('allocation in this category');
    const [total, reserved, used] = [daysOfNumeric(row.allotted), daysOfNumeric(row.reserved), daysOfNumeric(row.used)];
    return { authority: code, id: row.id, total, reserved, used };
  };
  // Both authorities before the reserve: what is not there is told first.
  const [source, target] = [move.source && end(move.source), move.target && end(move.target)];
  return {
    source: source || (await readReserve(tx, move, lock)),
    target: target || (await readReserve(tx, move, lock)),
  };
}

async function readReserve(tx: Tx, { programme, category }: Move, lock: boolean): Promise<MoveEnd> {
  const [row] = await tx.query<{ reserve: string }>(
    `SELECT reserve_days::text AS reserve FROM allocation_pool
      WHERE programme_code = $1 AND category = $2 ${lock ? 'FOR UPDATE' : ''}`,
    [programme, category],
  );
  return { authority: null, id: null, total: row ? daysOfNumeric(row.reserve) : 0, reserved: 0, used: 0 };
}

/** What is not drawn. */
export const leftOf = ({ total, reserved, used }: MoveEnd): MilliDays => total - reserved - used;

/** Why the giver cannot give so many days, or null. */
export function moveRefusal(source: MoveEnd, move: Move): DomainError | null {
  const left = leftOf(source);
  if (left >= move.amount) return null;
  return source.authority === null
    ? refused('reserve_not_enough', `The reserve of this category does not hold ${move.days} days.`)
    : refused(
        'allocation_not_enough_left',
        `${source.authority} has ${formatDays(left)} days left in this category; ${move.days} cannot be moved.`,
      );
}

/** A mark of both ends as they were looked at: a move confirmed by it is made only while they are so still. */
export const markOf = (ends: { source: MoveEnd; target: MoveEnd }): string =>
  createHash('sha256').update(JSON.stringify(ends)).digest('hex').slice(0, 32);
