import { InvalidValue } from '#kernel';
import { type Tx } from '#platform/database';
import { batchStatement, type QueueKey, type Walk } from './queue-batch.js';

/** What is left of a confirmed receipt, and whether it is kept for a request with claims still waiting. */
interface Remainder {
  id: string;
  receivedOn: string;
  requestId: string | null;
  pence: number;
  kept: boolean;
}

/** A receipt that nobody has recorded yet, for a preview: as if it were recorded and confirmed now. */
export interface ImaginedReceipt {
  amountPence: number;
  receivedOn: string;
}

/** Larger than any UUIDv7: what is recorded now comes after what was. */
const IMAGINED = 'ffffffff-ffff-ffff-ffff-ffffffffffff';
const FIRST_BATCH = 256;

interface Act {
  programme: string;
  /** The request that the receipt names: its claims come first. */
  requestId: string | null;
}

/**
 * Funds what the confirmed money of a programme covers, in queue order, and stores it as slices of the receipt `fundedBy`.
 * The programme's funding is locked (`lockFunding`), the receipt is confirmed already; the claims are locked here. Their state,
 * the books and the trail are the caller's.
 */
export async function fundQueue(tx: Tx, act: Act & { fundedBy: string }): Promise<void> {
  await fund(tx, act, await readRemainders(tx, act.programme), { fundedBy: act.fundedBy });
}

/** What `fundQueue` would do if this receipt were confirmed now: by the same statements, which then store nothing. */
export async function previewFunding(
  tx: Tx,
  act: Act,
  receipt: ImaginedReceipt,
): Promise<{ claimIds: string[]; unallocatedPence: number }> {
  const { amountPence: pence, receivedOn } = receipt;
  const remainders = await readRemainders(tx, act.programme);
  const kept = act.requestId !== null;
  const all = [...remainders, { id: IMAGINED, receivedOn, requestId: act.requestId, pence, kept }];
  all.sort((a, b) => (a.receivedOn === b.receivedOn ? (a.id < b.id ? -1 : 1) : a.receivedOn < b.receivedOn ? -1 : 1));
  const claimIds: string[] = [];
  const rest = await fund(tx, act, all, { claimIds });
  return { claimIds, unallocatedPence: rest.find(({ id }) => id === IMAGINED)!.pence };
}

/** Where the claims go: to slices of a receipt, or to a list. */
type Into = { fundedBy: string } | { claimIds: string[] };

/** Answers what is left of each remainder. */
async function fund(tx: Tx, { programme, requestId }: Act, remainders: Remainder[], into: Into): Promise<Remainder[]> {
  let left = remainders;
  let skipped: Walk['skipped'] = null;
  let place = 0;
  if (requestId !== null) {
    const own = left.filter((one) => one.requestId === requestId);
    const walk = { programme, money: own, place, within: requestId, skipped };
    const walked = await walkQueue(tx, walk, null, into);
    // A misfit inside the request keeps the rest for it; else it is open to all (docs/domain.md, Getting paid).
    left = spent(left, own, walked.pence).map((one) =>
      one.requestId === requestId ? { ...one, kept: walked.misfit } : one,
    );
    place = walked.count;
    if (walked.last) skipped = { requestId, upTo: walked.last };
  }
  const free = left.filter(({ kept }) => !kept);
  const walked = await walkQueue(tx, { programme, money: free, place, within: null, skipped }, FIRST_BATCH, into);
  return spent(left, free, walked.pence);
}

interface Walked {
  count: number;
  pence: number;
  last: QueueKey | null;
  /** Stopped at a claim the money does not cover. */
  misfit: boolean;
}

interface Batch {
  read: number;
  fitted: number;
  pence: number | null;
  due: string | null;
  submitted: string | null;
  id: string | null;
  ids: string[] | null;
}

/**
 * Walks the queue in batches that double, so that what it reads is at most twice what it funds, however many wait. `limit`
 * null takes all at once: the claims of a request have no index in queue order.
 */
async function walkQueue(
  tx: Tx,
  walk: Omit<Walk, 'after' | 'spent'>,
  limit: number | null,
  into: Into,
): Promise<Walked> {
  const total = walk.money.reduce((sum, { pence }) => sum + pence, 0);
  const done: Walked = { count: 0, pence: 0, last: null, misfit: false };
  if (total === 0) return { ...done, misfit: walk.within !== null };
  for (let size = limit; ; size = size === null ? null : size * 2) {
    const at: Walk = { ...walk, place: walk.place + done.count, after: done.last, spent: done.pence };
    const { text, parameters } = batchStatement(at, size, into, tx.now);
    const [batch] = await tx.query<Batch>(text, parameters);
    if (!batch) throw new InvalidValue('a batch of the queue gave no answer');
    if (batch.fitted > 0) {
      done.count += batch.fitted;
      done.pence = batch.pence!;
      done.last = { due: batch.due!, submitted: batch.submitted!, id: batch.id! };
      if ('claimIds' in into) for (const id of batch.ids!) into.claimIds.push(id);
    }
    if (batch.fitted < batch.read) return { ...done, misfit: true };
    if (size === null || batch.read < size) return done;
  }
}

/** Takes pence off the remainders that were used, the oldest first. */
function spent(all: readonly Remainder[], used: readonly { id: string }[], pence: number): Remainder[] {
  const ids = new Set(used.map(({ id }) => id));
  let rest = pence;
  return all.map((one) => {
    if (!ids.has(one.id)) return one;
    const part = Math.min(rest, one.pence);
    rest -= part;
    return { ...one, pence: one.pence - part };
  });
}

/** Confirmed money that is left, the oldest first. Kept: it named a request of which a claim still waits, and is not held. */
function readRemainders(tx: Tx, programme: string): Promise<Remainder[]> {
  return tx.query<Remainder>(
    `SELECT r.id, r.received_on AS "receivedOn", r.request_id AS "requestId", r.amount_pence - r.allocated_pence - r.released_pence AS pence,
            EXISTS (SELECT 1 FROM funding_request_claim q JOIN claim c ON c.id = q.claim_id
                     WHERE q.request_id = r.request_id AND q.live AND c.state = 'approved' AND c.held_at IS NULL) AS kept
       FROM funding_receipt r
      WHERE r.programme_code = $1 AND r.state = 'confirmed' AND r.allocated_pence < r.amount_pence
        AND r.allocated_pence + r.released_pence < r.amount_pence ORDER BY r.received_on, r.id`,
    [programme],
  );
}
