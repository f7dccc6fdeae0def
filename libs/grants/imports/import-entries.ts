import { createHash } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { v7 as uuid } from 'uuid';
import { conflict, DomainError, type Problem } from '#kernel';
import { appendAudit } from '#audit';
import { requireMay } from '#identity';
import { decode, importRejected } from '#platform/csv';
import { UnitOfWork, type Actor, type Tx } from '#platform/database';
import { requirePrintable } from '#platform/pdf';
import { entryProblems, insertEntries, todayOf, type NewEntry } from '../entry-store.js';
import { findGrant, lockGrant, type GrantKey } from '../grant-record.js';
import { type GrantImportView } from '../grant.view.js';
import { parseEntries } from './parse-entries.js';

/** Ten thousand rows are about a megabyte. */
export const MOST_GRANT_IMPORT_BYTES = 5 * 1024 * 1024;

/** Records the spending of a CSV file: all of it or nothing, in one transaction. */
@Injectable()
export class ImportGrantEntries {
  constructor(@Inject(UnitOfWork) private readonly uow: UnitOfWork) {}

  /** Throws not_found, forbidden, conflict `import_repeated`, refused `import_rejected` with every failing row, `grant_overspent`. */
  async run(
    actor: Actor,
    code: string,
    file: { bytes: Uint8Array; again: boolean; programme: string | null },
  ): Promise<GrantImportView> {
    const sha256 = createHash('sha256').update(file.bytes).digest('hex');
    return this.uow.run(actor, async (tx) => {
      const key = await findGrant(tx, code, file.programme);
      requireMay(actor, 'grant.edit', { authority: code });
      await lockGrant(tx, key);
      const before = await importedBefore(tx, key, sha256);
      if (before && !file.again) throw importRepeated();
      const entries = soundEntries(decode(file.bytes), key, todayOf(tx));
      const id = uuid();
      const totalPence = entries.reduce((sum, { amountPence }) => sum + amountPence, 0);
      await recordImport(tx, key, { id, sha256, rowCount: entries.length, repeated: before });
      await insertEntries(
        tx,
        key,
        entries.map((entry) => ({ ...entry, importId: id })),
      );
      await appendAudit(tx, {
        chain: code,
        action: 'grant.entries_imported',
        subjectType: 'grant_import',
        subjectId: id,
        after: {
          programme: key.programme,
          rowCount: entries.length,
          totalPence,
          sha256,
          byQuarter: byQuarter(entries),
        },
      });
      return { id, rowCount: entries.length, totalPence };
    });
  }
}

/** The entries of a file, once none of them breaks a rule. */
function soundEntries(text: string, key: GrantKey, today: string): NewEntry[] {
  const { entries, errors } = parseEntries(text);
  for (const { entry, fault } of entries) {
    errors.push(...[...entryProblems(key, entry, today), ...unprintable(entry)].map(fault));
  }
  if (errors.length > 0) throw importRejected(errors);
  return entries.map(({ entry }) => entry);
}

function unprintable(entry: NewEntry): readonly Problem[] {
  try {
    requirePrintable(entry);
    return [];
  } catch (error) {
    if (error instanceof DomainError) return error.problems;
    throw error;
  }
}

function byQuarter(entries: readonly NewEntry[]): Record<string, number> {
  const sums: Record<string, number> = {};
  for (const { quarter, amountPence } of entries) sums[quarter] = (sums[quarter] ?? 0) + amountPence;
  return sums;
}

async function importedBefore(tx: Tx, key: GrantKey, sha256: string): Promise<boolean> {
  const rows = await tx.query(
    'SELECT 1 FROM grant_import WHERE programme_code = $1 AND authority_code = $2 AND sha256 = $3 LIMIT 1',
    [key.programme, key.authority, sha256],
  );
  return rows.length > 0;
}

const importRepeated = () =>
  conflict(
    'import_repeated',
    'This very file was imported before, so its spending is there already. To import it once more, say so with again=true.',
  );

async function recordImport(
  tx: Tx,
  key: GrantKey,
  { id, sha256, rowCount, repeated }: { id: string; sha256: string; rowCount: number; repeated: boolean },
): Promise<void> {
  await tx.execute(
    `INSERT INTO grant_import (id, programme_code, authority_code, sha256, row_count, repeated, imported_by, at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
    [id, key.programme, key.authority, sha256, rowCount, repeated, tx.actor.userId, tx.now],
  );
}
