import { type RequestState } from './lifecycle.js';

/** How the claims of a submitted request stand; rejected ones are neither. */
export interface Standing {
  /** One at least has its money: funded, and everything after. */
  readonly someFunded: boolean;
  /** One at least is approved and without its money, on hold or not. */
  readonly someWaiting: boolean;
}

/** The state of a submitted request, which follows from its claims and from nothing else (docs/lifecycles/funding.md). */
export function stateByClaims({ someFunded, someWaiting }: Standing): RequestState {
  if (someFunded) return someWaiting ? 'part_paid' : 'paid';
  return someWaiting ? 'submitted' : 'withdrawn';
}
