import type { EntryRow } from './entry-store.js';
import type { GrantEntryView, GrantFlagView } from './grant.view.js';

/** Entries with the flags that are theirs. */
export function presentEntries(rows: readonly EntryRow[], flags: readonly GrantFlagView[]): GrantEntryView[] {
  return rows.map((row) => ({
    ...row,
    enteredAt: row.enteredAt.toISOString(),
    flags: flags.filter(({ entryId }) => entryId === row.id),
  }));
}
