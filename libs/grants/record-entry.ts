import { Inject, Injectable } from '@nestjs/common';
import { refused } from '#kernel';
import { appendAudit } from '#audit';
import { requireMay } from '#identity';
import { UnitOfWork, type Actor, type Tx } from '#platform/database';
import { requirePrintable } from '#platform/pdf';
import { doubleCosts } from './double-cost.queries.js';
import { readEntry, type EntryInput } from './entry.input.js';
import {
  alreadyReplaced,
  entryProblems,
  findEntry,
  insertEntries,
  listEntries,
  refuseEntry,
  todayOf,
  type EntryFigures,
} from './entry-store.js';
import { findGrant, lockGrant, type GrantKey } from './grant-record.js';
import { presentEntries } from './present-entries.js';
import { type GrantEntryView } from './grant.view.js';

/** The authority's finance officer records what the grant was spent on, or corrects an earlier entry by a new one. */
@Injectable()
export class RecordGrantEntry {
  constructor(@Inject(UnitOfWork) private readonly uow: UnitOfWork) {}

  /**
   * Throws malformed, not_found, forbidden, conflict `grant_entry_replaced`, refused `quarter_outside_grant`,
   * `quarter_not_begun`, `grant_date_in_future`, `grant_entry_unknown`, `grant_overspent`, `unsupported_character`.
   */
  async run(actor: Actor, code: string, body: unknown, programme: string | null): Promise<GrantEntryView> {
    const input = readEntry(body);
    return this.uow.run(actor, async (tx) => {
      const key = await findGrant(tx, code, programme);
      requireMay(actor, 'grant.edit', { authority: code });
      await lockGrant(tx, key);
      const replaced = await replacedEntry(tx, key, input);
      requirePrintable(input);
      refuseEntry(entryProblems(key, input, todayOf(tx)));
      const [id] = await insertEntries(tx, key, [input]);
      await appendAudit(tx, {
        chain: code,
        action: replaced ? 'grant.entry_corrected' : 'grant.entry_recorded',
        subjectType: 'grant_entry',
        subjectId: id!,
        before: replaced && { entryId: replaced.id, quarter: replaced.quarter, amountPence: replaced.amountPence },
        after: { programme: key.programme, quarter: input.quarter, amountPence: input.amountPence },
        reason: input.reason ?? null,
      });
      const rows = await listEntries(tx, key, { quarter: null, before: null, limit: 1, ids: [id!] });
      return presentEntries(rows, await doubleCosts(tx, key, [id!]))[0]!;
    });
  }
}

async function replacedEntry(tx: Tx, key: GrantKey, { replaces }: EntryInput): Promise<EntryFigures | null> {
  if (replaces === undefined) return null;
  const entry = await findEntry(tx, key, replaces);
  if (entry?.replaced) throw alreadyReplaced();
  if (entry) return entry;
  throw refused('grant_entry_unknown', 'The grant has no such entry to correct. Look its id up in the list.', [
    { path: 'replaces', code: 'grant_entry_unknown', message: 'There is no such entry.' },
  ]);
}
