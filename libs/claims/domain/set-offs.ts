import { InvalidValue, type Pence } from '#kernel';

/** What of an approved adjustment is neither in a payment nor repaid. */
export interface OwedAdjustment {
  readonly id: string;
  readonly balancePence: Pence;
}

export interface SetOff {
  readonly id: string;
  readonly pence: Pence;
}

/**
 * Nets what an authority owes against what is due to it: the oldest adjustment first, never beyond what is due, the rest
 * carried forward (docs/domain.md, Adjustments). `owed` in the order of their approval; those left out are not set off now.
 */
export function netOldestFirst(duePence: Pence, owed: readonly OwedAdjustment[]): SetOff[] {
  let left = duePence;
  return owed.flatMap(({ id, balancePence }): SetOff[] => {
    if (balancePence < 0) throw new InvalidValue(`the adjustment ${id} is recovered beyond its amount`);
    const pence = Math.min(balancePence, left);
    left -= pence;
    return pence > 0 ? [{ id, pence }] : [];
  });
}
