import { daysOfNumeric, formatDays, type MilliDays } from '#kernel';
import { type Tx } from '#platform/database';

/** An authority's allocation of one category, as a transaction has locked it. */
export interface LockedAllocation {
  id: string;
  category: string;
  allotted: MilliDays;
  reserved: MilliDays;
  used: MilliDays;
  left: MilliDays;
}

interface AllocationRow {
  id: string;
  category: string;
  allotted_days: string;
  reserved_days: string;
  used_days: string;
}

const COLUMNS = `id, category, allotted_days::text, reserved_days::text, used_days::text`;

/**
 * An authority's allocations, row-locked in order of id: whoever decides whether days fit holds them until commit, so
 * however many submit at once, drawn days never exceed what was allotted.
 */
export async function lockAllocations(tx: Tx, programme: string, authority: string): Promise<LockedAllocation[]> {
  const rows = await tx.query<AllocationRow>(
    `SELECT ${COLUMNS} FROM allocation WHERE programme_code = $1 AND authority_code = $2 ORDER BY id FOR UPDATE`,
    [programme, authority],
  );
  return rows.map(allocationOf);
}

/** As lockAllocations, but only looking: for drafts and previews. */
export async function readAllocations(tx: Tx, programme: string, authority: string): Promise<LockedAllocation[]> {
  const rows = await tx.query<AllocationRow>(
    `SELECT ${COLUMNS} FROM allocation WHERE programme_code = $1 AND authority_code = $2 ORDER BY id`,
    [programme, authority],
  );
  return rows.map(allocationOf);
}

function allocationOf(row: AllocationRow): LockedAllocation {
  const [allotted, reserved, used] = [row.allotted_days, row.reserved_days, row.used_days].map(daysOfNumeric);
  return {
    id: row.id,
    category: row.category,
    allotted: allotted!,
    reserved: reserved!,
    used: used!,
    left: allotted! - reserved! - used!,
  };
}

/** `reserved` at submission; `used` turns reserved into used; `released` gives reserved back, `unused` gives used back. */
export interface DayChange {
  category: string;
  kind: 'reserved' | 'used' | 'released' | 'unused';
  days: MilliDays;
}

/**
 * Applies a claim's changes to its authority's allocations and writes an entry for each. Zero changes are left out. The
 * caller has locked the allocations: one statement updates them in whatever order it meets them.
 */
export async function changeDays(
  tx: Tx,
  of: { programme: string; authority: string; claimId: string },
  changes: readonly DayChange[],
): Promise<void> {
  const real = changes.filter((change) => change.days !== 0);
  if (real.length === 0) return;
  await tx.execute(
    `WITH change AS (
       SELECT * FROM unnest($4::text[], $5::text[], $6::numeric[]) AS c (category, kind, days)
     ), total AS (
       SELECT category,
              sum(CASE kind WHEN 'reserved' THEN days WHEN 'used' THEN -days WHEN 'released' THEN -days ELSE 0 END) AS reserved,
              sum(CASE kind WHEN 'used' THEN days WHEN 'unused' THEN -days ELSE 0 END) AS used
         FROM change GROUP BY category
     ), changed AS (
       UPDATE allocation a
          SET reserved_days = a.reserved_days + t.reserved, used_days = a.used_days + t.used, version = a.version + 1
         FROM total t
        WHERE a.programme_code = $1 AND a.authority_code = $2 AND a.category = t.category
       RETURNING a.id, a.category
     )
     INSERT INTO allocation_entry (allocation_id, authority_code, kind, days, claim_id, at, actor_id)
     SELECT changed.id, $2, change.kind, change.days, $3, $7, $8 FROM change JOIN changed USING (category)`,
    [
      of.programme,
      of.authority,
      of.claimId,
      real.map((change) => change.category),
      real.map((change) => change.kind),
      real.map((change) => formatDays(change.days)),
      tx.now,
      tx.actor.userId,
    ],
  );
}
