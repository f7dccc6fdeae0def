import { entryHash, NO_HASH, type StoredEntry } from './canonical.js';
import { type Findings } from './findings.js';

/** How far from its place a moved entry is looked for. */
const SEARCH_DISTANCE = 500;
/** How many damaged entries of a chain are looked for elsewhere; each costs up to 1,000 hashes. */
const MAX_SEARCHES = 50;

/** Follows one chain, entry by entry in order of seq, holding only the last one. */
export class ChainCheck {
  private last: { seq: number; hash: Buffer; damaged: boolean } = { seq: 0, hash: NO_HASH, damaged: false };
  private searches = 0;
  /** How many entries were read. */
  count = 0;

  constructor(
    private readonly chain: string,
    private readonly findings: Findings,
  ) {}

  /** The number of the last entry read; 0 before the first. */
  get seq(): number {
    return this.last.seq;
  }

  /** Takes the next entry. Compares its number, its link and its own hash. */
  next(entry: StoredEntry): void {
    this.count++;
    const gap = entry.seq - this.last.seq - 1;
    if (gap > 0) {
      const which = gap === 1 ? `Entry ${entry.seq - 1} is` : `Entries ${this.last.seq + 1} to ${entry.seq - 1} are`;
      this.findings.add(this.chain, this.last.seq + 1, 'removed', `${which} missing.`);
    }
    // After a gap or a damaged entry the link cannot hold; that was reported and is not reported twice.
    const linked = gap > 0 || this.last.damaged || entry.prevHash.equals(this.last.hash);
    const damaged = !entryHash(entry).equals(entry.hash);
    if (damaged) this.damaged(entry);
    else if (!linked) this.unlinked(entry);
    this.last = { seq: entry.seq, hash: entry.hash, damaged };
  }

  /** Compares the end of the chain with its recorded head. */
  finish(head: { seq: number; hash: Buffer } | undefined, beyondHead: boolean): void {
    if (!head) {
      if (this.count > 0)
        this.findings.add(this.chain, this.last.seq, 'head_missing', 'The chain has no recorded head.');
    } else if (this.last.seq < head.seq) {
      const detail = `The chain ends at entry ${this.last.seq}; its head records ${head.seq}.`;
      this.findings.add(this.chain, this.last.seq + 1, 'tail_cut', detail);
    } else if (beyondHead) {
      const detail = `The head records ${head.seq} as the last entry, and there are later ones.`;
      this.findings.add(this.chain, head.seq, 'head_behind', detail);
    } else if (!this.last.damaged && !this.last.hash.equals(head.hash)) {
      const detail = `Entry ${head.seq} is not the one whose hash the head records.`;
      this.findings.add(this.chain, head.seq, 'head_mismatch', detail);
    }
  }

  private damaged(entry: StoredEntry): void {
    const home = this.searches++ < MAX_SEARCHES ? originalSeq(entry) : null;
    if (home === null) {
      this.findings.add(this.chain, entry.seq, 'changed', `Entry ${entry.seq} does not match its own hash.`);
    } else {
      const detail = `Entry ${entry.seq} was written as entry ${home} and stands in another's place.`;
      this.findings.add(this.chain, entry.seq, 'reordered', detail);
    }
  }

  /** This entry is whole and names a predecessor that is not there: it is the predecessor that was exchanged. */
  private unlinked(entry: StoredEntry): void {
    if (this.last.seq === 0) {
      this.findings.add(
        this.chain,
        entry.seq,
        'replaced',
        `Entry ${entry.seq} does not start the chain it stands at the start of.`,
      );
      return;
    }
    const detail = `Entry ${entry.seq} was chained to another entry ${this.last.seq} than the one that stands there.`;
    this.findings.add(this.chain, this.last.seq, 'replaced', detail);
  }
}

/** The number under which the entry's hash comes out right, or null when it is not near. */
function originalSeq(entry: StoredEntry): number | null {
  for (let distance = 1; distance <= SEARCH_DISTANCE; distance++) {
    for (const seq of [entry.seq - distance, entry.seq + distance]) {
      if (seq >= 1 && entryHash({ ...entry, seq }).equals(entry.hash)) return seq;
    }
  }
  return null;
}
