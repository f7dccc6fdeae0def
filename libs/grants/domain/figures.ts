import type { Pence } from '#kernel';
import type { GrantTerms, Underspend } from '#programme/domain';
import type { GrantWorking } from './amount.js';
import type { HeldPeriod } from './forecast.js';
import type { Quarter } from './quarters.js';

export interface GrantReceipt {
  readonly amountPence: Pence;
  readonly receivedOn: string;
  /** Why it is another amount than worked out; null when it is the same. */
  readonly reason: string | null;
}

/** What is recorded of one quarter. */
export interface QuarterRecord {
  readonly spentPence: Pence;
  /** Entries that nothing replaces. */
  readonly entryCount: number;
  readonly enteredForecastPence: Pence | null;
  readonly varianceReason: string | null;
}

/** All that the figures of a grant are worked out from. */
export interface GrantFacts {
  readonly terms: GrantTerms;
  readonly receipt: GrantReceipt | null;
  readonly underspend: Underspend;
  readonly holders: readonly HeldPeriod[];
  readonly quarters: ReadonlyMap<string, QuarterRecord>;
  /** London's date. */
  readonly today: string;
}

/** `recorded`: over, with entries; `awaited`: over without any; `current`; `coming`. */
export type QuarterState = 'recorded' | 'awaited' | 'current' | 'coming';

export interface QuarterFigures extends QuarterRecord {
  readonly quarter: Quarter;
  readonly state: QuarterState;
  /** What of the grant is for it. */
  readonly sharePence: Pence;
  readonly heldDays: number;
  /** Still to be spent in it, beyond what was. */
  readonly forecastPence: Pence;
  /** Spent less what was expected (the forecast entered, else the share); null while the quarter is not recorded. */
  readonly variancePence: Pence | null;
}

/** A financial year of the grant, 1 April to 31 March. */
export interface YearFigures {
  readonly year: number;
  readonly broughtForwardPence: Pence;
  readonly sharePence: Pence;
  readonly spentPence: Pence;
  readonly forecastPence: Pence;
  /** Underspend that goes back at its end; only under such conditions, and never of the last year. */
  readonly returnedPence: Pence;
  readonly carriedForwardPence: Pence;
}

export interface GrantSummary {
  /** What was received; until then what was worked out. */
  readonly amountPence: Pence;
  readonly workedOutPence: Pence;
  readonly quarters: readonly QuarterFigures[];
  readonly years: readonly YearFigures[];
  readonly spentPence: Pence;
  readonly forecastPence: Pence;
  /** To be given back for financial years that are over. */
  readonly returnedPence: Pence;
  readonly leftPence: Pence;
  /** Amount − spent − forecast; below zero the post will cost more than the grant. */
  readonly forecastUnderspendPence: Pence;
  readonly working: readonly GrantWorking[];
}
