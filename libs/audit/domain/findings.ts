/** What can be wrong with the trail, each found by comparing two things that an honest database keeps equal. */
export const FINDING_KINDS = {
  changed: 'the entry is not what its own hash was made of',
  reordered: 'the entry was written under another number',
  replaced: 'the next entry was chained to another entry than this',
  removed: 'an entry inside the chain is missing',
  tail_cut: 'the chain ends before its recorded head',
  head_behind: 'the chain goes on after its recorded head',
  head_mismatch: 'the last entry is not the one its recorded head names',
  head_missing: 'the chain has entries and no recorded head',
  checkpoint_chain_missing: 'a checkpoint names a chain of which nothing is left',
  checkpoint_entry_missing: 'a checkpoint names an entry that is gone',
  checkpoint_entry_differs: 'a checkpoint names another entry at this place',
  checkpoint_changed: 'a checkpoint is not what its own hash was made of, or does not follow the one before it',
  checkpoint_row_missing: 'a checkpoint is kept as a file and gone from the database',
  checkpoint_file_missing: 'a checkpoint is in the database and its file is gone',
  checkpoint_file_differs: 'a checkpoint and its file say different things',
  checkpoint_file_unreadable: 'the file of a checkpoint cannot be read',
} as const;

export type FindingKind = keyof typeof FINDING_KINDS;

/** One thing wrong. `chain` and `seq` name the entry; for checkpoints as such, chain is `checkpoints` and seq its number. */
export interface Finding {
  chain: string;
  seq: number;
  kind: FindingKind;
  detail: string;
}

/** As many findings as one answer lists; a trail damaged more than this is damaged anyway. */
export const MAX_FINDINGS = 1000;

/** Collects findings up to the limit. */
export class Findings {
  readonly list: Finding[] = [];
  /** True when there was more to say than the limit lets through. */
  truncated = false;

  add(chain: string, seq: number, kind: FindingKind, detail: string): void {
    if (this.list.length < MAX_FINDINGS) this.list.push({ chain, seq, kind, detail });
    else this.truncated = true;
  }
}
