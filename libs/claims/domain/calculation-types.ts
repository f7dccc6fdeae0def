import type { MilliDays, Problem } from '#kernel';

/** The figures of a whole claim, in pence. */
export interface Totals {
  /** The reimbursement. */
  totalPence: number;
  grossPence: number;
  vatPence: number;
  aboveRatePence: number;
  /** What the authority bears: net − reimbursement. */
  authorityPence: number;
}

/** One category of a calculation. Days only where the category draws on an allocation. */
export interface CategoryFigures {
  netPence: number;
  eligiblePence: number;
  reimbursementPence: number;
  /** Trainer-days. */
  days?: string;
  /** What the allocation gives for them. */
  fundedDays?: string;
}

/** How one figure came about, in words a finance officer understands. `for` is a category, a line's figure or a total. */
export interface Working {
  for: string;
  text: string;
  inputs: Record<string, string | number>;
  resultPence: number;
}

/** What a claim comes to, and everything that keeps it from being claimed. Problems change no figure. */
export interface Calculation extends Totals {
  categories: Record<string, CategoryFigures>;
  working: Working[];
  problems: Problem[];
}

/** What the calculation must be told, since it is not in the claim. */
export interface CalculationFacts {
  /** The London date of the submission, or of now. */
  readonly today: string;
  /** Days left in each allocation of the authority, without this claim. An allocation not named has none. */
  readonly daysLeft: Readonly<Record<string, MilliDays>>;
  /** Trainer invoices already in a live claim: their place in the body, and where they are: `claim EIP2-BRENT-0003`. */
  readonly duplicateInvoices: readonly { readonly index: number; readonly detail: string }[];
  /** The first letter of a text that the invoice's fonts cannot print, or null. Without it nothing is refused for that. */
  readonly unsupportedCharacter?: (text: string) => string | null;
}
