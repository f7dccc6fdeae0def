import { type ProgrammeTerms } from '#programme';
import { type Tx } from '#platform/database';
import { type ClaimState } from './domain/index.js';

/** A claim as far as its payment is foreseen. */
export interface ClaimToForecast {
  id: string;
  programme: string;
  state: ClaimState;
  held: boolean;
  terms: ProgrammeTerms;
}

/** When a claim should be paid, and how that was estimated, or why nothing is known. */
export interface PaymentExpectation {
  on: string | null;
  from: string | null;
  /** The day the funder was asked for its money; null while nobody has asked. */
  askedOn: string | null;
}

/**
 * When claims should be paid: asked here, where claims are shown, and answered by the feature that funds them. A class, so that
 * it can be the injection token.
 */
export abstract class PaymentForecast {
  /** For all of them at once. Nothing is said of a claim that is not approved, or that is paid. */
  abstract of(tx: Tx, claims: readonly ClaimToForecast[]): Promise<ReadonlyMap<string, PaymentExpectation>>;
}
