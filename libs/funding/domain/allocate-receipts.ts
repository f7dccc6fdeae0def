/** What a confirmed receipt still has to give. */
export interface Remainder {
  readonly receiptId: string;
  /** Whole pence, not negative. */
  readonly pence: number;
}

/** An approved claim that waits, with the whole pence it needs. */
export interface WaitingClaim {
  readonly claimId: string;
  readonly pence: number;
}

/** So much of a receipt for a claim. */
export interface Slice extends Remainder {
  readonly claimId: string;
}

export interface Funding {
  readonly funded: readonly string[];
  readonly slices: readonly Slice[];
  /** Whole pence nobody got: they wait for the next receipt. */
  readonly left: number;
}

/**
 * Which claims the money funds: a claim whole or not at all, from several receipts if need be, the oldest remainder first;
 * at the first that does not fit everything stops, so that none overtakes (docs/domain.md, Getting paid; worked example 11).
 * `remainders` come oldest first and `queue` in queue order. What the database does in one statement for a million claims
 * (fund-queue.ts) is compared with this.
 */
export function allocateReceipts(remainders: readonly Remainder[], queue: readonly WaitingClaim[]): Funding {
  let left = remainders.reduce((sum, { pence }) => sum + pence, 0);
  const rest = remainders.map((remainder) => ({ ...remainder }));
  const funded: string[] = [];
  const slices: Slice[] = [];
  for (const { claimId, pence } of queue) {
    // A claim of nothing asks for a receipt as well: without money nothing is funded.
    if (pence > left || left === 0) break;
    slices.push(...take(rest, claimId, pence));
    funded.push(claimId);
    left -= pence;
  }
  return { funded, slices, left };
}

function take(rest: { receiptId: string; pence: number }[], claimId: string, pence: number): Slice[] {
  const slices: Slice[] = [];
  let needed = pence;
  for (const remainder of rest) {
    if (remainder.pence === 0) continue;
    const part = Math.min(needed, remainder.pence);
    slices.push({ receiptId: remainder.receiptId, claimId, pence: part });
    remainder.pence -= part;
    needed -= part;
    if (needed === 0) break;
  }
  return slices;
}
