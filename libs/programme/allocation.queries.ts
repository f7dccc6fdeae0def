import { LessThan } from 'typeorm';
import { daysOfNumeric, formatDays } from '#kernel';
import { given, type Tx } from '#platform/database';
import { AllocationMoveEntity } from './allocation-move.entity.js';
import { forecastDraw } from './domain/forecast.js';

/** An authority's days in one category. `drawn` = reserved + used; days are decimal texts. */
export interface AllocationView {
  category: string;
  label: string;
  allottedDays: string;
  reservedDays: string;
  usedDays: string;
  drawnDays: string;
  leftDays: string;
  /** When the days run out at the pace they have been drawn so far; null while nothing can be said. */
  forecast: { runsOutOn: string | null; daysPerMonth: string | null; text: string };
}

interface Row {
  category: string;
  allotted: string;
  reserved: string;
  used: string;
  first_draw: Date | null;
}

/** Every category of one authority, with how long the days left will last. */
export async function readAllocationViews(
  tx: Tx,
  of: { programme: string; authority: string; labels: Readonly<Record<string, string>>; today: string },
): Promise<AllocationView[]> {
  const rows = await tx.query<Row>(
    `SELECT a.category, a.allotted_days::text AS allotted, a.reserved_days::text AS reserved, a.used_days::text AS used,
            (SELECT min(e.at) FROM allocation_entry e WHERE e.allocation_id = a.id AND e.kind = 'reserved') AS first_draw
       FROM allocation a WHERE a.programme_code = $1 AND a.authority_code = $2 ORDER BY a.category`,
    [of.programme, of.authority],
  );
  return rows.map((row) => {
    const [allotted, reserved, used] = [
      daysOfNumeric(row.allotted),
      daysOfNumeric(row.reserved),
      daysOfNumeric(row.used),
    ];
    const drawn = reserved + used;
    return {
      category: row.category,
      label: of.labels[row.category] ?? row.category,
      allottedDays: formatDays(allotted),
      reservedDays: formatDays(reserved),
      usedDays: formatDays(used),
      drawnDays: formatDays(drawn),
      leftDays: formatDays(allotted - drawn),
      forecast: forecastDraw({ left: allotted - drawn, drawn, firstDraw: row.first_draw, today: of.today }),
    };
  });
}

export interface MoveView {
  id: string;
  category: string;
  from: string | null;
  to: string | null;
  days: string;
  reason: string;
  movedBy: string;
  /** ISO 8601. */
  movedAt: string;
}

/**
 * Moves that an authority gave or got, newest first; of one programme when it is named. Each end sees the other's code: who gave the
 * days is no secret.
 */
export async function listMoves(
  tx: Tx,
  authority: string,
  { before, limit, programme }: { before: string | null; limit: number; programme: string | null },
): Promise<MoveView[]> {
  const of = { id: before === null ? undefined : LessThan(before), programmeCode: programme ?? undefined };
  const rows = await tx.manager.find(AllocationMoveEntity, {
    where: [
      given<AllocationMoveEntity>({ fromAuthority: authority, ...of }),
      given<AllocationMoveEntity>({ toAuthority: authority, ...of }),
    ],
    order: { id: 'DESC' },
    take: limit,
  });
  return rows.map(toMoveView);
}

export const toMoveView = (move: AllocationMoveEntity): MoveView => ({
  id: move.id,
  category: move.category,
  from: move.fromAuthority,
  to: move.toAuthority,
  days: formatDays(daysOfNumeric(move.days)),
  reason: move.reason,
  movedBy: move.movedBy,
  movedAt: move.movedAt.toISOString(),
});
