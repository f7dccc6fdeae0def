import { addExactly, formatAmount } from './amounts.js';
import { BankFileError, type BankFileProblem, type BookCode, type Place } from './bank-file-error.js';
import type { RawEvent, StatementEntry, StatementEvent, StatementHeader } from './statement.js';

/**
 * `proved`: a file whose figures do not agree is refused. `well_formed`: it is read to its end and the closing event lists
 * what does not agree, for showing a file without keeping it.
 */
export type Acceptance = 'proved' | 'well_formed';

/** Follows the statements of one file: one currency each, opening + booked entries = closing, at least one statement. */
export class StatementProof {
  private header: StatementHeader | null = null;
  private problems: BankFileProblem[] = [];
  private entryCount = 0;
  private bookedPence = 0;
  private statements = 0;

  constructor(private readonly accept: Acceptance) {}

  follow(event: RawEvent): StatementEvent {
    switch (event.type) {
      case 'header':
        this.header = event.header;
        [this.problems, this.entryCount, this.bookedPence] = [[], 0, 0];
        this.statements += 1;
        return { type: 'header', header: event.header };
      case 'entry':
        this.add(event.entry);
        return event;
      case 'closing':
        return this.close(event);
    }
  }

  end(): void {
    if (this.statements > 0) return;
    throw new BankFileError('no_statements', 'end of file', 'The file holds no statement. Ask the bank for it again.');
  }

  private add(entry: StatementEntry): void {
    this.entryCount += 1;
    if (entry.currency !== this.header!.currency) {
      this.report('mixed_currencies', entry.where, mixed(entry.currency, this.header!.currency));
    } else if (entry.status === 'booked') {
      this.bookedPence = addExactly(this.bookedPence, entry.amountPence, entry.where);
    }
  }

  private close(event: Extract<RawEvent, { type: 'closing' }>): StatementEvent {
    const header = this.header!;
    const { closing, openingPence, where } = event;
    for (const problem of event.problems) this.report(problem.code as BookCode, problem.where, problem.message);
    if (openingPence === null || closing === null) {
      const message = 'The statement lacks its opening or its closing balance, so its entries cannot be proved.';
      this.report('no_balances', where, message);
    } else if (closing.currency !== header.currency) {
      this.report('mixed_currencies', where, mixed(closing.currency, header.currency));
    } else if (this.problems.every(({ code }) => code !== 'mixed_currencies')) {
      this.prove(openingPence, closing.amountPence, where);
    }
    return {
      type: 'closing',
      closing: {
        openingPence,
        closingPence: closing?.amountPence ?? null,
        closingOn: closing?.on ?? null,
        currency: header.currency,
        entryCount: this.entryCount,
        bookedPence: this.bookedPence,
        problems: this.problems,
      },
    };
  }

  private prove(openingPence: number, closingPence: number, where: string): void {
    const reached = addExactly(openingPence, this.bookedPence, where);
    if (reached === closingPence) return;
    const { currency } = this.header!;
    const text = (amount: number): string => `${formatAmount(amount, currency)} ${currency}`;
    this.report(
      'balance_mismatch',
      where,
      `Opening balance and entries come to ${text(reached)}, the closing balance is ${text(closingPence)}: ${text(closingPence - reached)} is not explained.`,
    );
  }

  /** A list of problems has a limit: one line of each kind says enough. */
  private report(code: BookCode, where: Place, message: string): void {
    if (this.accept === 'proved') throw new BankFileError(code, where, message);
    if (!this.problems.some((problem) => problem.code === code))
      this.problems.push({ code, where: where.toString(), message });
  }
}

const mixed = (found: string, expected: string): string =>
  `An amount is in ${found}, the account in ${expected}. A statement has one currency.`;
