import { type Tx } from '#platform/database';
import { isIntact, type CheckpointFile, type CheckpointFiles } from './checkpoint-files.js';
import { checkpointsAfter } from './checkpoint.queries.js';
import { NO_HASH, type ChainHead, type Checkpoint, type Findings } from './domain/index.js';
import { hashesAt } from './trail.queries.js';

/** Checkpoints read at once. */
const PAGE = 200;
/** Stands for a chain in findings about checkpoints as such. */
const CHECKPOINTS = 'checkpoints';

/**
 * Compares checkpoints with each other, with their files, and the trail with both. `chain` limits which heads are
 * compared. Returns how many checkpoints there are, in the database or as a file.
 */
export async function verifyCheckpoints(
  tx: Tx,
  files: CheckpointFiles,
  findings: Findings,
  chain?: string,
): Promise<number> {
  const anchors = new Anchors(tx, findings, chain);
  const onlyFiles = new Set(await files.numbers());
  let last = { number: 0, hash: NO_HASH.toString('hex') };
  let count = 0;
  for (;;) {
    const page = await checkpointsAfter(tx, last.number, PAGE);
    for (const checkpoint of page) {
      verifyLink(checkpoint, last, findings);
      const file = await files.read(checkpoint.number);
      verifyFile(checkpoint, file, findings);
      anchors.collect(checkpoint.heads);
      if (typeof file !== 'string' && isIntact(file)) anchors.collect(file.heads);
      onlyFiles.delete(checkpoint.number);
      last = checkpoint;
      count++;
    }
    await anchors.compare();
    if (page.length < PAGE) break;
  }
  for (const number of onlyFiles) {
    count++;
    const file = await files.read(number);
    findings.add(
      CHECKPOINTS,
      number,
      'checkpoint_row_missing',
      `Checkpoint ${number} is a file and not in the database.`,
    );
    if (typeof file !== 'string' && isIntact(file)) anchors.collect(file.heads);
    await anchors.compare();
  }
  return count;
}

function verifyLink(checkpoint: Checkpoint, last: { number: number; hash: string }, findings: Findings): void {
  const { number } = checkpoint;
  if (!isIntact(checkpoint)) {
    findings.add(CHECKPOINTS, number, 'checkpoint_changed', `Checkpoint ${number} does not match its own hash.`);
  } else if (number !== last.number + 1 || checkpoint.previousHash !== last.hash) {
    const detail = `Checkpoint ${number} does not follow checkpoint ${last.number} as it stands.`;
    findings.add(CHECKPOINTS, number, 'checkpoint_changed', detail);
  }
}

function verifyFile(checkpoint: Checkpoint, file: CheckpointFile, findings: Findings): void {
  const { number } = checkpoint;
  if (file === 'missing') {
    findings.add(CHECKPOINTS, number, 'checkpoint_file_missing', `The file of checkpoint ${number} is missing.`);
  } else if (file === 'unreadable') {
    findings.add(CHECKPOINTS, number, 'checkpoint_file_unreadable', `The file of checkpoint ${number} cannot be read.`);
  } else if (file.hash !== checkpoint.hash || !isIntact(file)) {
    const detail = `Checkpoint ${number} and its file say different things.`;
    findings.add(CHECKPOINTS, number, 'checkpoint_file_differs', detail);
  }
}

/** Heads that checkpoints vouch for. A chain that rests is named by every checkpoint; it is compared and told once. */
class Anchors {
  private waiting = new Map<string, ChainHead>();
  private readonly told = new Set<string>();

  constructor(
    private readonly tx: Tx,
    private readonly findings: Findings,
    private readonly chain: string | undefined,
  ) {}

  collect(heads: readonly ChainHead[]): void {
    for (const head of heads) {
      if (this.chain !== undefined && head.chain !== this.chain) continue;
      this.waiting.set(JSON.stringify([head.chain, head.seq, head.hash]), head);
    }
  }

  async compare(): Promise<void> {
    const heads = [...this.waiting.values()];
    this.waiting = new Map();
    if (heads.length === 0) return;
    const found = new Map(
      (await hashesAt(this.tx, heads)).map((place) => [JSON.stringify([place.chain, place.seq]), place]),
    );
    for (const head of heads) {
      const place = found.get(JSON.stringify([head.chain, head.seq]));
      if (place?.hash !== head.hash) this.tell(head, place?.hash != null, place?.alive ?? false);
    }
  }

  private tell({ chain, seq }: ChainHead, present: boolean, alive: boolean): void {
    const place = alive ? JSON.stringify([chain, seq]) : JSON.stringify([chain]);
    if (this.told.has(place)) return;
    this.told.add(place);
    if (!alive) {
      const detail = `A checkpoint names entry ${seq} of this chain, and nothing of the chain is left.`;
      this.findings.add(chain, seq, 'checkpoint_chain_missing', detail);
    } else if (present) {
      const detail = `A checkpoint names another entry ${seq} than the one that stands there.`;
      this.findings.add(chain, seq, 'checkpoint_entry_differs', detail);
    } else {
      this.findings.add(chain, seq, 'checkpoint_entry_missing', `A checkpoint names entry ${seq}, which is gone.`);
    }
  }
}
