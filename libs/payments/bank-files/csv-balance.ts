import { addExactly, formatAmount } from './amounts.js';
import type { BankFileProblem } from './bank-file-error.js';

interface BalancedRow {
  amountPence: number;
  /** After the entry; null where the bank left the cell blank. */
  balancePence: number | null;
  bookedOn: string;
  where: string;
}

/** The balance a CSV writes after each entry: it must follow from row to row, in whichever direction the file runs. */
export class RunningBalance {
  /** Balance before the next row to come: the one reached (oldest first), or the one to be reached (newest first). */
  private reached: number | null = null;
  private known: number | null = null;
  private sum = 0;
  private firstOn: string | null = null;
  private lastOn: string | null = null;
  private jump: { where: string; expected: number; found: number } | null = null;

  constructor(private readonly order: 'oldest_first' | 'newest_first') {}

  add({ amountPence, balancePence, bookedOn, where }: BalancedRow): void {
    this.firstOn ??= bookedOn;
    this.lastOn = bookedOn;
    const oldestFirst = this.order === 'oldest_first';
    const after = this.reached === null ? null : addExactly(this.reached, oldestFirst ? amountPence : 0, where);
    if (after !== null && balancePence !== null && after !== balancePence) {
      this.jump ??= { where, expected: after, found: balancePence };
    }
    const balance = balancePence ?? after;
    const sumBefore = this.sum;
    this.sum = addExactly(this.sum, amountPence, where);
    if (balance === null) return;
    // The end of the statement where the file begins, worked out from the first balance it gives.
    this.known ??= addExactly(balance, oldestFirst ? -this.sum : sumBefore, where);
    this.reached = addExactly(balance, oldestFirst ? 0 : -amountPence, where);
  }

  close(currency: string): {
    openingPence: number | null;
    closing: { amountPence: number; currency: string; on: string | null } | null;
    problems: BankFileProblem[];
  } {
    const oldestFirst = this.order === 'oldest_first';
    const [opening, closing] = oldestFirst ? [this.known, this.reached] : [this.reached, this.known];
    const on = oldestFirst ? this.lastOn : this.firstOn;
    return {
      openingPence: opening,
      closing: closing === null ? null : { amountPence: closing, currency, on },
      problems: this.jump ? [this.problem(this.jump, currency)] : [],
    };
  }

  private problem({ where, expected, found }: NonNullable<typeof this.jump>, currency: string): BankFileProblem {
    const message = `The balance here should be ${formatAmount(expected, currency)} and is ${formatAmount(found, currency)}: a row is missing or changed.`;
    return { code: 'balance_mismatch', where, message };
  }
}
